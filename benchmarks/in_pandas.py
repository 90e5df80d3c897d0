"""The component figures made of dossiers in pandas, from the same landed Parquet, to compare the build with.

Indicators 1.4, 2.1, 2.2, 3.3, 3.6, 4.1-4.4, 4.5b and 5.4 of every unit and period, on both bases; no figures
of procedures, scores, findings or statutory form. What does not grow with dossiers (calendar, agencies,
procedures, periods, scored units) is read from the finished build file, as the floor does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

WORKING_DAY = 28_800  # seconds
_FIRST_DAY = pd.Timestamp("1900-01-01")
_KEY = ["basis", "period_type", "period_start", "agency_code"]
# indicator → numerator, denominator
COMPONENTS = {
    "1.4": ("on_both_sides", "received"),
    "2.1": ("on_time", "received"),
    "2.2": ("worked_minutes", "ended"),
    "3.3": ("online", "received"),
    "3.6": ("paid_online", "with_obligation"),
    "4.1": ("with_result", "received"),
    "4.2": ("digitized", "received"),
    "4.3": ("reused", "received"),
    "4.4": ("shared", "received"),
    "4.5b": ("population_data", "received"),
    "5.4": ("without_fault", "received"),
}
_DOSSIER = [
    "dossier_code",
    "agency_code",
    "procedure_code",
    "channel_code",
    "received_at",
    "due_at",
    "ended_at",
    "status_code",
    "is_vneid_verified",
    "online_payment_code",
]
Read = Callable[[str, list[str]], pd.DataFrame]


class Reference:
    """Small tables of the build file, and working time on its calendar."""

    def __init__(self, build: Path) -> None:
        with duckdb.connect(str(build), read_only=True) as con:
            self.calendar = con.execute("FROM intermediate.int_calendar ORDER BY calendar_on").df()
            self.agencies = con.execute("FROM intermediate.int_agency_codes").df()
            self.aliases = con.execute("FROM intermediate.int_procedure_aliases").df()
            self.procedures = con.execute("FROM staging.stg_catalogue__procedures").df()
            self.statuses = con.execute("FROM seeds.dossier_statuses").df()
            self.periods = con.execute("FROM intermediate.int_periods").df()
            self.scopes = con.execute("FROM intermediate.int_agency_scopes").df()
            self.units = con.execute(
                "SELECT DISTINCT period_type, period_start, agency_code FROM intermediate.int_scored_units"
            ).df()
            self.petitioned = con.execute("SELECT DISTINCT dossier_code FROM landed.petitions").df()
            row = con.execute("SELECT business_date FROM control.run").fetchone()
        assert row is not None
        self.as_of = pd.Timestamp(row[0])
        of_working_days = self.calendar[self.calendar["is_working_day"]]
        self._day_of_number = np.full(int(self.calendar["working_day_number"].max()) + 2, -1)
        self._day_of_number[of_working_days["working_day_number"]] = of_working_days.index

    def _of_day(self, column: str, day: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        of_all: np.ndarray[Any, Any] = self.calendar[column].to_numpy()
        of_days: np.ndarray[Any, Any] = of_all[np.clip(day, 0, len(of_all) - 1)]
        return of_days

    def worked(self, at: pd.Series) -> np.ndarray[Any, Any]:
        """Seconds of working time from the start of the calendar; NaN where there is none."""
        since = (at - _FIRST_DAY).dt.total_seconds().to_numpy()
        known = ~np.isnan(since)
        day = np.where(known, np.nan_to_num(since) // 86_400, -1).astype("int64")
        second = np.nan_to_num(since) % 86_400 // 1
        known &= (day >= 0) & (day < len(self.calendar))
        is_open = self._of_day("is_working_day", day).astype("int64")
        m1, m2 = self._of_day("morning_from_second", day), self._of_day("morning_to_second", day)
        a1, a2 = self._of_day("afternoon_from_second", day), self._of_day("afternoon_to_second", day)
        today = np.clip(second - m1, 0, m2 - m1) + np.clip(second - a1, 0, a2 - a1)
        total = (self._of_day("working_day_number", day) - is_open) * WORKING_DAY + is_open * today
        return np.where(known, total, np.nan)

    def moment(self, second: np.ndarray[Any, Any], from_reception: np.ndarray[Any, Any]) -> pd.Series:
        """When so much working time has passed: NaT outside the calendar.

        At the end of a half day that is its end, or, where the time ran from the reception (the maximum is
        over only when it is exceeded), the beginning of the next one.
        """
        known = ~np.isnan(second)
        whole = np.nan_to_num(second).astype("int64")
        number = np.where(from_reception, whole // WORKING_DAY, (whole - 1) // WORKING_DAY) + 1
        rest = whole - (number - 1) * WORKING_DAY
        known &= (number > 0) & (number < len(self._day_of_number))
        day = self._day_of_number[np.clip(number, 0, len(self._day_of_number) - 1)]
        known &= day >= 0
        m1 = self._of_day("morning_from_second", day)
        morning = self._of_day("morning_to_second", day) - m1
        a1 = self._of_day("afternoon_from_second", day)
        in_morning = (rest < morning) | ((rest == morning) & ~from_reception)
        clock = np.where(in_morning, m1 + rest, a1 + rest - morning)
        moments = self.calendar["calendar_on"].to_numpy()[np.clip(day, 0, None)].astype("datetime64[s]")
        return pd.Series(np.where(known, moments + clock.astype("timedelta64[s]"), np.datetime64("NaT")))


def landed_rows(landed: Path, build: Path) -> Read:
    """Reads the landed rows that the build saw, with `landed_row`, which grows with every delivery."""
    with duckdb.connect(str(build), read_only=True) as con:
        deliveries = con.execute("SELECT source, file_sha, delivery_number FROM control.deliveries").df()

    def read(table: str, columns: list[str]) -> pd.DataFrame:
        source = table.partition("__")[0]
        parts = sorted(landed.glob(f"{source}/*/*/{table}.parquet"))
        rows = pd.concat(
            [pd.read_parquet(part, columns=[*columns, "file_sha", "row_number"]) for part in parts],
            ignore_index=True,
        )
        rows = rows.merge(deliveries[deliveries["source"] == source], on="file_sha")
        rows["landed_row"] = rows["delivery_number"] * 10**12 + rows["row_number"]
        return rows[[*columns, "landed_row"]]

    return read


def component_figures(landed: Path, build: Path) -> pd.DataFrame:
    """One row per basis, period, unit that received something, and component: numerator and denominator.

    Args:
        landed: the store of landed rows.
        build: a finished build file on it, for what is small.
    """
    read = landed_rows(landed, build)
    reference = Reference(build)
    facts = {side: _facts(side, read, reference) for side in ("one_stop", "national")}
    codes = facts["national"]["dossier_code"]
    one_stop = facts["one_stop"]
    one_stop["on_both_sides"] = one_stop["dossier_code"].isin(codes) | one_stop["other_dossier_code"].isin(
        codes
    )
    facts["national"]["on_both_sides"] = False
    both = pd.concat([rows[rows["is_received"]].assign(basis=side) for side, rows in facts.items()])
    return _by_period(both, reference)


def _facts(side: str, read: Read, reference: Reference) -> pd.DataFrame:
    table = f"{side}_dossiers"
    columns = [*_DOSSIER, "other_dossier_code"] if side == "one_stop" else _DOSSIER
    d = read(table, columns).sort_values("landed_row").drop_duplicates("dossier_code", keep="last")
    d = d.reset_index(drop=True)
    _catalogued(d, reference)

    def has(items: pd.DataFrame, which: pd.Series) -> pd.Series:
        return d["landed_row"].isin(items.loc[which, "landed_row"])

    components = read(f"{table}__components", ["has_file", "reuse_code", "is_from_store", "is_deleted"])
    components = components[~_true(components["is_deleted"])]
    results = read(f"{table}__results", ["has_file"])
    fees = read(f"{table}__fees", ["amount"])
    linked = read(f"{table}__linked_databases", ["database_code"])
    papers = read("digitized_documents", ["document_code", "dossier_code", "kind", "is_pushed"])
    papers = papers.sort_values("landed_row").drop_duplicates("document_code", keep="last")
    pushed = papers.loc[(papers["kind"] == "result") & _true(papers["is_pushed"]), "dossier_code"]

    d["online"] = d["channel_code"].eq("2").fillna(False).astype(bool)
    d["with_obligation"] = has(fees, fees["amount"] > 0)
    d["paid_online"] = d["with_obligation"] & d["online_payment_code"].isin(["1", "2"])
    d["with_result"] = has(results, _true(results["has_file"]))
    d["digitized"] = has(components, _true(components["has_file"])) & (~d["returns_paper"] | d["with_result"])
    d["reused"] = has(components, components["reuse_code"].isin(["1", "2"]))
    d["shared"] = has(components, _true(components["is_from_store"])) | d["dossier_code"].isin(pushed)
    d["population_data"] = _true(d["is_vneid_verified"]) | has(linked, linked["database_code"].notna())
    d["has_petition"] = d["dossier_code"].isin(reference.petitioned["dossier_code"])
    _timed(d, side, table, read, reference)
    return d


def _true(flags: pd.Series) -> pd.Series:
    return flags.eq(True).fillna(False).astype(bool)


def _catalogued(d: pd.DataFrame, reference: Reference) -> None:
    """Agency and procedure by their codes of today, and what the catalogue says of the procedure."""
    groups = d["procedure_code"].str.split(".", n=2, expand=True).reindex(columns=[0, 1])
    alone = groups[1].isna() | groups[1].isin(["", "000"])
    key = groups[0].str.upper().where(alone, groups[0].str.upper() + "." + groups[1].str.upper())
    renamed = d[["received_at"]].assign(alias_code=key).reset_index()
    renamed = renamed.merge(reference.aliases, on="alias_code")
    on = renamed["received_at"].dt.normalize()
    since, until = renamed["valid_from_on"], renamed["valid_to_on"]
    valid = (since.isna() | on.isna() | (on >= since)) & (until.isna() | on.isna() | (on <= until))
    d["procedure_code"] = renamed[valid].set_index("index")["procedure_code"].reindex(d.index).fillna(key)
    procedures = reference.procedures.set_index("procedure_code")
    d["time_limit_days"] = d["procedure_code"].map(procedures["time_limit_days"]).astype("float64")
    d["returns_paper"] = _true(d["procedure_code"].map(procedures["returns_paper"]))
    d["agency_code"] = d["agency_code"].map(reference.agencies.set_index("written_code")["agency_code"])
    received = d["status_code"].map(reference.statuses.set_index("status_code")["is_received"])
    d["is_received"] = received.ne(False).fillna(True).astype(bool) & d["received_at"].notna()


def _timed(d: pd.DataFrame, side: str, table: str, read: Read, reference: Reference) -> None:
    """End, due date, lateness and time of work (the portal's technical description, indicator 2.1)."""
    steps = read("processing_steps", ["side", "dossier_code", "processed_at", "status_code"])
    steps = steps[steps["side"] == side]
    ends = [
        steps[steps["status_code"].isin(codes)].groupby("dossier_code")["processed_at"].min()
        for codes in (["9"], ["10"], ["8", "3", "7"])
    ]
    last_step = steps[steps["status_code"].notna() & (steps["status_code"] != "5")]
    last_step_at = d["dossier_code"].map(last_step.groupby("dossier_code")["processed_at"].max())

    asked = read(f"{table}__supplements", ["requested_at", "completed_at", "new_due_at"])
    waited = reference.worked(asked["completed_at"]) - reference.worked(asked["requested_at"])
    asked["waited"] = np.clip(np.nan_to_num(waited), 0, None)
    asked["open_at"] = asked["requested_at"].where(asked["completed_at"].isna())
    asked["last_at"] = asked[["requested_at", "completed_at"]].max(axis=1)
    of_dossier = asked.groupby("landed_row").agg(
        requests=("requested_at", "size"),
        waited=("waited", "sum"),
        new_due_at=("new_due_at", "max"),
        open_at=("open_at", "max"),
        last_at=("last_at", "max"),
    )
    supplements = of_dossier.reindex(d["landed_row"]).reset_index(drop=True)
    requests, waited = supplements["requests"].fillna(0), supplements["waited"].fillna(0)
    open_at = supplements["open_at"].where(supplements["open_at"] >= supplements["last_at"])

    ended = d["ended_at"]
    for end in ends:
        ended = ended.fillna(d["dossier_code"].map(end))
    ended = ended.where(ended.dt.normalize() <= reference.as_of)
    stands = (open_at.dt.normalize() <= reference.as_of) & (last_step_at.isna() | (last_step_at <= open_at))
    ended = ended.fillna(open_at.where(stands))

    no_due = d["due_at"].isna()
    limit = (d["time_limit_days"] * WORKING_DAY).where(no_due, 0)
    added = limit + waited.where(requests == 1, 0)
    start = reference.worked(d["due_at"].fillna(d["received_at"]))
    moved = reference.moment(start + added.to_numpy(), no_due.to_numpy()).fillna(d["due_at"])
    due = d["due_at"].where(~no_due & (added == 0), moved)
    due = due.mask((requests == 1) & supplements["new_due_at"].notna(), supplements["new_due_at"])

    d["ended"] = ended.notna()
    late = np.where(d["ended"], ended > due, due.dt.normalize() <= reference.as_of)
    d["open_due_on"] = due.dt.normalize().where((requests <= 1) & ~d["ended"])
    d["settled"] = ~pd.Series(late, index=d.index) & (requests <= 1)
    minutes = reference.worked(ended) - reference.worked(d["received_at"]) - waited
    d["worked_minutes"] = np.where(d["ended"], np.clip(np.nan_to_num(minutes), 0, None) // 60, 0).astype(
        "int64"
    )


def _by_period(facts: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    facts["received_on"] = facts["received_at"].dt.normalize()
    facts["agency_code"] = facts["agency_code"].fillna("unknown")
    facts["received"] = 1
    summed = sorted({c for pair in COMPONENTS.values() for c in pair} - {"on_time", "without_fault"})
    figures = []
    for period_type, periods in reference.periods.groupby("period_type"):
        bounds = pd.IntervalIndex.from_arrays(periods["period_start"], periods["period_end"], closed="both")
        days = pd.Series(facts["received_on"].unique())
        place = bounds.get_indexer(pd.Index(days))
        in_period = facts["received_on"].map(pd.Series(place, index=days))
        rows = facts[in_period >= 0].copy()
        period = periods.iloc[in_period[in_period >= 0].to_numpy()]
        rows["period_start"] = period["period_start"].to_numpy()
        is_open = rows["open_due_on"].notna().to_numpy()
        ahead = rows["open_due_on"].to_numpy() > period["judged_on"].to_numpy()
        rows["on_time"] = np.where(is_open, ahead, rows["settled"])
        rows["without_fault"] = rows["on_time"] & ~rows["has_petition"]
        own = rows.groupby(["basis", "period_start", "agency_code"], as_index=False)[
            [*summed, "on_time", "without_fault"]
        ].sum()
        scoped = own.merge(
            reference.scopes, left_on="agency_code", right_on="own_agency_code", suffixes=("_own", "")
        )
        counts = scoped.groupby(["basis", "period_start", "agency_code"], as_index=False)[
            [*summed, "on_time", "without_fault"]
        ].sum()
        counts["period_type"] = period_type
        counts = counts.merge(reference.units, on=_KEY[1:])
        for code, (numerator, denominator) in COMPONENTS.items():
            of_code = counts if code != "1.4" else counts[counts["basis"] == "one_stop"]
            figures.append(
                of_code[_KEY].assign(
                    indicator_code=code,
                    numerator=of_code[numerator].astype("int64"),
                    denominator=of_code[denominator].astype("int64"),
                )
            )
    return pd.concat(figures, ignore_index=True)


def differing(figures: pd.DataFrame, build: Path) -> int:
    """Figures of which only one of the two has the row, where something was received.

    1.4 is one comparison for both bases, and counts on that of the one-stop system.
    """
    columns = ", ".join([*_KEY, "indicator_code", "numerator", "denominator"])
    with duckdb.connect(str(build), read_only=True) as con:
        con.register("in_pandas", figures)
        con.execute(
            f"""CREATE TEMP VIEW built AS SELECT {columns} FROM marts.indicator_counts
                WHERE indicator_code IN {tuple(COMPONENTS)}
                  AND (indicator_code <> '1.4' OR basis = 'one_stop')
                  AND (basis, period_type, period_start, agency_code) IN (
                      SELECT (basis, period_type, period_start, agency_code) FROM marts.indicator_counts
                      WHERE indicator_code = '2.1' AND denominator > 0)"""
        )
        ours = (
            f"SELECT {columns.replace('period_start', 'period_start::DATE AS period_start')} FROM in_pandas"
        )
        row = con.execute(
            f"""SELECT (SELECT count(*) FROM (FROM built EXCEPT ALL {ours}))
                     + (SELECT count(*) FROM ({ours} EXCEPT ALL FROM built))"""
        ).fetchone()
    assert row is not None
    return int(row[0])
