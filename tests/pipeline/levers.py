"""Levers of a build, and extracts changed as they say: drawn by chance, of units that share no dossier."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.pipeline.building import Built
from tests.pipeline.conftest import LAST_DAY
from tests.pipeline.test_points_at_stake import put_right
from tests.province.wire_files import Extracts

ACTIONS = ["answer_petitions", "clear_findings", "move_online", "pay_online", "reuse_component"]
SIDES = ("one_stop_dossiers", "national_dossiers")
LONG_AGO = "05/01/2026 08:00:00"

Figure = tuple[object, ...]
Row = dict[str, Any]


def rows(built: Built, sql: str) -> list[Row]:
    with duckdb.connect(str(built.places.build_database), read_only=True) as con:
        con.execute("USE marts")
        result = con.execute(sql)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@dataclass(frozen=True)
class Lever:
    """A row of levers with its components, and all agencies whose dossiers the action touches."""

    row: Row
    components: dict[str, Row]
    touched: frozenset[str]

    @property
    def moment(self) -> str:
        """What the changed extracts show: open petitions were left undone, all else was done."""
        return "before" if self.row["target_code"] == "open" else "after"

    @property
    def unit(self) -> Figure:
        return (self.row["period_type"], self.row["period_start"], self.row["agency_code"])

    def __str__(self) -> str:
        told = ("period_type", "agency_code", "action", "target_code", "items")
        return " ".join(str(self.row[name]) for name in told)

    def within(self, table: str) -> str:
        """SQL: received by the unit in the period."""
        start = self.row["period_start"]
        own = f"coalesce({table}.agency_code, 'unknown') = '{self.row['agency_code']}'"
        if self.row["agency_level"] == "province":
            own = "true"
        return f"{table}.received_on BETWEEN DATE '{start}' AND DATE '{self.row['period_end']}' AND {own}"


def levers_of(built: Built) -> list[Lever]:
    """Every lever there is, in an order that hangs on nothing."""
    components: dict[Figure, dict[str, Row]] = {}
    key = ("period_type", "period_start", "agency_code", "action", "target_code")
    for row in rows(built, "SELECT * FROM lever_components"):
        components.setdefault(tuple(row[name] for name in key), {})[row["indicator_code"]] = row
    touched: dict[tuple[str, str], set[str]] = {}
    for row in rows(built, CORRECTED):
        touched.setdefault((row["agency_code"], row["cause_code"]), set()).update(row["agencies"])
    return [
        Lever(
            row,
            components[tuple(row[name] for name in key)],
            frozenset({row["agency_code"]} | touched.get((row["agency_code"], row["target_code"]), set())),
        )
        for row in rows(built, "SELECT * FROM levers ORDER BY ALL")
    ]


# dossiers that a cause puts right, with every agency that has or gets one of them
CORRECTED = """
    WITH placed AS (
        SELECT DISTINCT scenario_code, dossier_code, coalesce(agency_code, 'unknown') AS agency_code
        FROM intermediate.int_corrected_dossiers WHERE scenario = 'cause'
        UNION
        SELECT DISTINCT scenario_code, dossier_code, coalesce(agency_code, 'unknown')
        FROM intermediate.int_corrected_synchronisation WHERE scenario = 'cause')
    SELECT one.scenario_code AS cause_code, one.agency_code, array_agg(DISTINCT one.dossier_code) AS dossiers,
           array_agg(DISTINCT other.agency_code) AS agencies
    FROM placed AS one JOIN placed AS other USING (scenario_code, dossier_code) GROUP BY ALL"""


def drawn(levers: list[Lever], chance: random.Random, number: int, level: str | None) -> list[Lever]:
    """So many levers of units that share no dossier; each action before any comes again."""
    left = [lever for lever in levers if level is None or lever.row["agency_level"] == level]
    if level is None:
        left = [lever for lever in left if lever.row["agency_level"] != "province"]
    chance.shuffle(left)
    chosen: list[Lever] = []
    # what there is least of goes first, or its units are taken
    kinds = sorted(ACTIONS, key=lambda action: sum(lever.row["action"] == action for lever in left))
    while len(chosen) < number:
        before = len(chosen)
        for kind in kinds:
            taken = frozenset().union(*(lever.touched for lever in chosen))
            free = [a for a in left if a.row["action"] == kind and not a.touched & taken]
            if free and len(chosen) < number:
                chosen.append(free[0])
        assert len(chosen) > before, f"only {before} levers of units apart"
    return chosen


def change(raw: Path, built: Built, levers: list[Lever], chance: random.Random) -> None:
    """Do in the extracts what the levers say, of what there is drawn by chance."""
    codes = {
        str(row["dossier_code"]): str(row["national_code"])
        for row in rows(built, "FROM intermediate.int_dossier_pairs WHERE national_code <> dossier_code")
    }
    for lever in levers:
        if lever.row["action"] == "clear_findings":
            put_right(raw, findings_of(built, lever), codes)
    extracts = Extracts(raw, (*SIDES, "petitions"))
    for lever in levers:
        if lever.row["action"] == "answer_petitions":
            answer_petitions(extracts, built, lever)
        elif lever.row["action"] != "clear_findings":
            change_dossiers(extracts, built, lever, codes, chance)
    extracts.save()


def findings_of(built: Built, lever: Lever) -> dict[str, set[str]]:
    """The certain findings of the cause on the dossiers of the unit, of whatever period."""
    cause = lever.row["target_code"]
    dossiers = {
        dossier
        for row in rows(built, CORRECTED)
        if row["cause_code"] == cause
        and (lever.row["agency_level"] == "province" or row["agency_code"] == lever.row["agency_code"])
        for dossier in row["dossiers"]
    }
    findings: dict[str, set[str]] = {}
    for row in rows(
        built,
        f"""SELECT dossier_code, rule_code FROM intermediate.int_found_tonight
            WHERE cause_code = '{cause}' AND NOT provisional AND certainty = 'certain'""",
    ):
        if row["dossier_code"] in dossiers:
            findings.setdefault(row["dossier_code"], set()).add(row["rule_code"])
    return findings


def change_dossiers(
    extracts: Extracts, built: Built, lever: Lever, codes: dict[str, str], chance: random.Random
) -> None:
    """File them online, pay them online, or take their paper from the store; on both sides."""
    target = lever.row["target_code"]
    procedure = f"coalesce(facts.procedure_code, 'unknown') = '{target}'"
    condition = {
        "move_online": f"NOT facts.is_online AND {procedure}",
        "pay_online": f"""facts.has_financial_obligation AND NOT facts.is_obligation_paid_online
            AND {procedure}""",
        "reuse_component": f"""NOT facts.has_reused_component AND facts.dossier_code IN (
            SELECT national_code FROM intermediate.int_dossier_pairs
            JOIN intermediate.int_papers_asked_again AS papers ON papers.dossier_code = one_stop_code
            WHERE is_paired AND component_code = '{target}')""",
    }[lever.row["action"]]
    there = rows(
        built,
        f"""SELECT dossier_code FROM intermediate.int_dossiers AS facts
            WHERE basis = 'national' AND is_received AND {lever.within("facts")} AND {condition}
            ORDER BY ALL""",
    )
    assert len(there) == lever.row["items_in_all"], lever
    national = {row["dossier_code"] for row in chance.sample(there, lever.row["items"])}
    names = {"national_dossiers": national}
    names["one_stop_dossiers"] = national | {here for here, code in codes.items() if code in national}
    changed = set()
    for side in SIDES:
        for row in extracts.rows(side):
            if row["MaHoSo"] not in names[side]:
                continue
            if lever.row["action"] == "move_online":
                row["KenhThucHien"] = "2"
            elif lever.row["action"] == "pay_online":
                row["DuocThanhToanTrucTuyen"] = "1"
            else:
                papers = [paper for paper in row["TaiLieuNop"] if paper["MaThanhPhanHoSo"] == target]
                assert papers, lever
                for paper in papers:
                    paper["DuocTaiSuDung"] = "1"
            changed.add((side, row["MaHoSo"]))
    assert {code for side, code in changed if side == "national_dossiers"} == national, lever


def answer_petitions(extracts: Extracts, built: Built, lever: Lever) -> None:
    """Answer and publish late ones on the day they came; let the limits of open ones pass."""
    late = lever.row["target_code"] == "late"
    states = {
        row["petition_code"]: row
        for row in rows(
            built,
            f"""SELECT petition_code, is_handled FROM intermediate.int_petitions AS facts
                WHERE {lever.within("facts")}
                  AND coalesce(is_on_time, open_due_on >= DATE '{LAST_DAY}') = {not late}
                  AND {"true" if late else "is_on_time IS NULL"}""",
        )
    }
    assert len(states) == lever.row["items"], lever
    for row in extracts.rows("petitions"):
        if row["Mã PAKN"] not in states:
            continue
        is_handled = states[row["Mã PAKN"]]["is_handled"]
        if late:
            came = row["Ngày chuyển"] or row["Ngày gửi"] or row["Ngày tiếp nhận"]
            row.update({"Ngày xử lý": came, "Ngày công khai": came})
            if not is_handled:
                row["Trạng thái"] = "đã công khai"
        else:
            row["Ngày xử lý" if is_handled else "Ngày chuyển"] = LONG_AGO
