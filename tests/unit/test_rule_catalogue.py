"""The catalogue of reconciliation rules: one row per rule, filled, of known words; what a finding puts right;
and that points at stake are counted of what the indicators are made of."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tests.unit.helpers import ROOT

PROJECT = ROOT / "dbt_project"
SEEDS = PROJECT / "seeds"
RULES = {
    path.stem.removeprefix("rule_"): path
    for path in sorted((PROJECT / "models/marts/reconciliation/rules").rglob("rule_*.sql"))
}


def rows_of(seed: str) -> list[dict[str, str]]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CATALOGUE = rows_of("reconciliation/sync_rules")
CORRECTIONS = rows_of("reconciliation/sync_rule_corrections")


def code_of(row: dict[str, str]) -> str:
    return row["rule_code"]


# --- the catalogue ---


def test_every_rule_has_one_row_and_every_row_a_rule() -> None:
    codes = [row["rule_code"] for row in CATALOGUE]
    assert sorted(codes) == sorted(RULES)


@pytest.mark.parametrize("code", RULES)
def test_a_rule_finds_under_its_own_code(code: str) -> None:
    said = set(re.findall(r"\bfinding\(\s*'(\w+)'", RULES[code].read_text(encoding="utf-8")))
    assert said == {code}


@pytest.mark.parametrize("row", CATALOGUE, ids=code_of)
def test_a_row_is_filled_and_of_known_words(row: dict[str, str]) -> None:
    assert [name for name, cell in row.items() if not cell.strip() and name != "refines"] == []
    assert [name for name, cell in row.items() if cell != cell.strip()] == []
    assert re.fullmatch(r"[1-9]\d*", row["rule_version"])
    assert re.fullmatch(r"\d+", row["maturity_hours"])
    assert row["severity"] in {"info", "warning", "error"}
    assert row["certainty"] in {"certain", "relaxed"}
    assert row["cause_code"] in {cause["cause_code"] for cause in rows_of("reconciliation/overdue_causes")}
    assert row["must_act"] in {"agency", "vendor", "portal", "province_office"}
    assert row["refines"] in {"", "*", *RULES} - {row["rule_code"]}
    assert row["question_vi"].endswith("?")
    assert len({row["title_vi"], row["question_vi"], row["explanation_vi"], row["remedy_vi"]}) == 4


@pytest.mark.parametrize("column", ["title_vi", "question_vi"])
def test_no_two_rules_are_called_the_same(column: str) -> None:
    said = [row[column] for row in CATALOGUE]
    assert sorted(said) == sorted(set(said))


def test_what_refines_another_rule_refines_none_that_refines_it() -> None:
    refines = {row["rule_code"]: row["refines"] for row in CATALOGUE}
    for code in refines:
        seen = [code]
        while refines.get(seen[-1], "") in RULES:
            seen.append(refines[seen[-1]])
            assert len(seen) == len(set(seen)), " → ".join(seen)


# --- what a finding puts right ---


def listed(macro: str, path: Path) -> list[str]:
    """The names that a macro returns."""
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"macro {macro}\(\).*?return\(\[(.*?)\]\)", text, re.DOTALL)
    assert found is not None, macro
    return re.findall(r"'(\w+)'", found[1])


MACROS = PROJECT / "macros"


def test_corrections_are_named_once() -> None:
    keys = [(row["rule_code"], row["field"], row["told_column"]) for row in CORRECTIONS]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("row", CORRECTIONS, ids=lambda row: f"{row['rule_code']}-{row['told_column']}")
def test_a_correction_is_of_a_rule_and_of_something_told(row: dict[str, str]) -> None:
    assert row["rule_code"] in RULES
    columns = listed("corrected_columns", MACROS / "corrections.sql")
    assert row["told_column"] in {*columns, "copy", "steps"}
    assert row["truth"] in {
        "copy": {"one_stop", "nothing"},
        "is_paid_online": {"one_stop", "payments"},
    }.get(row["told_column"], {"one_stop"})
    if row["field"] != "*":
        text = RULES[row["rule_code"]].read_text(encoding="utf-8")
        times = listed("dossier_times", MACROS / "findings.sql") if "dossier_times()" in text else []
        assert row["field"] in {*times, *re.findall(r"'(\w+)'", text)}


def test_what_is_corrected_is_told_of_a_copy() -> None:
    told = set(listed("told_columns", MACROS / "dossier_facts.sql"))
    corrected = listed("corrected_columns", MACROS / "corrections.sql")
    assert {*corrected, *listed("step_columns", MACROS / "corrections.sql")} <= told
    assert set(corrected) <= {row["told_column"] for row in CORRECTIONS}, "nothing corrects it"


# --- points are counted of what the indicators are made of ---


def counted(macro: str) -> dict[str, tuple[str, str]]:
    """Indicator → the two words that a macro of corrections.sql has for it."""
    text = (MACROS / "corrections.sql").read_text(encoding="utf-8")
    found = re.search(rf"macro {macro}\(\).*?return\(\{{(.*?)\}}\)", text, re.DOTALL)
    assert found is not None, macro
    return {code: (a, b) for code, a, b in re.findall(r"'([\w.]+)': \['(\w+)', '(\w+)'\]", found[1])}


def called(macro: str) -> dict[str, tuple[str, str]]:
    """Indicator → numerator and denominator, of the indicator models that are one call of a macro."""
    calls: dict[str, tuple[str, str]] = {}
    for path in sorted((PROJECT / "models/marts/indicators").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        for code, a, b in re.findall(
            rf"\b{macro}\('([\w.]+)', numerator='(\w+)', denominator='(\w+)'\)", text
        ):
            calls[code] = (a, b)
    return calls


def test_indicators_of_dossiers_are_those_of_their_models() -> None:
    scored = {
        row["indicator_code"]
        for row in rows_of("rule_sets/rule_set_components")
        if row["is_scored"] == "true"
    }
    calls = {code: counts for code, counts in called("dossier_indicator").items() if code in scored}
    assert len(calls) >= 9
    # a model of its own: what the one-stop system received and the portal holds, the same on both bases
    own = (PROJECT / "models/marts/indicators/indicator_1_4.sql").read_text(encoding="utf-8")
    assert re.search(r"indicator\('1\.4', 'compared', 'on_both_sides', 'received', ", own)
    assert counted("indicators_of_dossiers") == calls | {"1.4": ("on_both_sides", "received_one_stop")}


def test_indicators_of_procedures_are_those_of_their_models() -> None:
    folder = PROJECT / "models/intermediate/procedures"
    text = (folder / "int_procedure_counts.sql").read_text(encoding="utf-8")
    used = {
        name: (count, asked)
        for asked, count, name in re.findall(
            r"when procedures\.(\w+) and counts\.(\w+) > 0 then 1 else 0 end\s*\) as bigint\s*\) as (\w+)",
            (folder / "int_procedures_used.sql").read_text(encoding="utf-8"),
        )
    }
    asks = {
        name: asked for asked, name in re.findall(r"sum\(case when (\w+) then 1 else 0 end\) as (\w+)", text)
    }
    calls = called("procedure_indicator")
    # 3.1 is made of the catalogue alone
    assert calls.pop("3.1")[0] in asks
    assert len(calls) >= 4
    for code, (numerator, denominator) in calls.items():
        assert used[numerator][1] == asks[denominator], code
    assert counted("indicators_of_procedures") == {
        code: used[numerator] for code, (numerator, _) in calls.items()
    }


def test_every_count_of_these_is_counted_of_what_changes() -> None:
    text = (PROJECT / "models/intermediate/corrections/int_correction_changes.sql").read_text(
        encoding="utf-8"
    )
    flags = re.search(r"set flags = \[(.*?)\]", text, re.DOTALL)
    judged = re.search(r"for count in \[(.*?)\] \+ flags", text)
    assert flags is not None
    assert judged is not None
    of_dossiers = {c for code, cs in counted("indicators_of_dossiers").items() if code != "1.4" for c in cs}
    of_procedures = {count for count, _ in counted("indicators_of_procedures").values()}
    assert of_dossiers | of_procedures == {*re.findall(r"'(\w+)'", flags[1] + judged[1])}
