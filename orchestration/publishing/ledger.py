"""`DATA/ledger/`: every score and indicator as it was shown to readers, and when; only ever added to.

    ledger/<n>-<D>-<number>.json      which release it was, when it was shown, its inputs
    ledger/<n>-<D>-<number>.parquet   the figures that it showed for the first time or changed; written last

It stands outside the releases, which say nothing of the time they were made at and are forgotten one day. One
row per figure and publication that changed it; `published/chiso.duckdb` reads them as `as_published` and
`restatements` (docs/decisions/0028).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.values import files_literal, literal
from orchestration.publishing.files import mart_rows, sync
from orchestration.publishing.releases import name_of, read_manifest

_KEY = (
    "ruleset", "basis", "period_type", "period_start", "period_end", "agency_code", "figure_kind",
    "figure_code",
)  # fmt: skip
_VALUES = {
    "numerator": "BIGINT",
    "denominator": "BIGINT",
    "rate": "DECIMAL(12,6)",
    "points": "DECIMAL(9,2)",
    "grade": "VARCHAR",
    "rank_in_level": "BIGINT",
    "provisional": "BOOLEAN",
}
# mart → kind of figure, what names the figure, and which values the mart has
_MARTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "indicator_results": (
        "indicator", "indicator_code", ("numerator", "denominator", "rate", "points", "provisional")
    ),
    "scorecards": ("group", "group_code", ("points",)),
    "scorecard_totals": ("total", "'total'", ("points", "grade", "rank_in_level", "provisional")),
}  # fmt: skip
_SHOWN = 5


@dataclass(frozen=True)
class Recorded:
    """What a publication added to the ledger.

    Attributes:
        figures: rows added; 0 where the release was the last one recorded already.
        restated: those of periods that were over when the figure before was shown.
    """

    figures: int
    restated: int


def record(ledger: Path, release: Path, published_at: str, *, rolled_back: bool = False) -> Recorded:
    """Write down what readers see from now on, where it is not what they saw before.

    Args:
        ledger: the folder `DATA/ledger`; made when it is not there.
        release: the release that `current` points to.
        published_at: now, local time, in ISO form with its zone.
        rolled_back: readers were taken back to it.
    """
    ledger.mkdir(parents=True, exist_ok=True)
    entries = _entries(ledger)
    last = json.loads(entries[-1].read_text(encoding="utf-8")) if entries else None
    name = name_of(release)
    manifest = read_manifest(release)
    entry = {
        "number": len(entries) + 1,
        "release": name,
        "business_date": release.parent.name,
        "published_at": published_at,
        "rolled_back": rolled_back,
        **{key: manifest[key] for key in ("inputs", "rulesets", "code_version", "fingerprint")},
    }
    if last is not None and (last["release"], last["fingerprint"]) == (name, manifest["fingerprint"]):
        return Recorded(0, 0)
    reasons = [] if last is None else changes_between(last, entry)
    stem = f"{entry['number']:06}-{name.replace('/', '-')}"
    draft = ledger / f".{stem}"  # not *.parquet: DuckDB's patterns also match what begins with a point
    with duckdb.connect() as con:
        con.execute(_changed_figures(ledger, release, entry, last, reasons))
        con.execute(
            f"COPY (FROM changed ORDER BY {', '.join(_KEY)}) TO {literal(str(draft))} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
        counted = con.execute("SELECT count(*), count(*) FILTER (is_restated) FROM changed").fetchone()
    assert counted is not None
    text = ledger / f"{stem}.json"
    text.write_text(json.dumps(entry, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sync(text)
    sync(draft)
    draft.replace(ledger / f"{stem}.parquet")
    sync(ledger)
    return Recorded(*counted)


def last_said_at(ledger: Path) -> datetime | None:
    """When readers were last shown something else, with its zone; None before the first time."""
    entries = _entries(ledger)
    if not entries:
        return None
    return datetime.fromisoformat(json.loads(entries[-1].read_text(encoding="utf-8"))["published_at"])


def ledger_views(ledger: Path) -> list[str]:
    """SQL of the views on the ledger, for schema `marts` of a database that readers open."""
    key, values = ", ".join(_KEY), ", ".join(_VALUES)
    files = files_literal(ledger.resolve(), "/*.parquet")
    over = f"OVER (PARTITION BY {key} ORDER BY publication)"
    before = ", ".join(
        f"lag({value}) {over} AS previous_{value}" for value in _VALUES if value != "provisional"
    )
    return [
        f"""CREATE VIEW marts.as_published AS
            SELECT {key}, published_at AS said_from_at, lead(published_at) {over} AS said_until_at,
                   {values}, release, publication, is_gone
            FROM read_parquet({files})""",
        f"""CREATE VIEW marts.restatements AS
            SELECT {key}, published_at AS restated_at, {values}, * EXCLUDE ({key}, {values}, published_at,
                   is_restated)
            FROM (SELECT *, {before}, lag(release) {over} AS previous_release,
                         lag(published_at) {over} AS previously_said_at
                  FROM read_parquet({files}))
            WHERE is_restated""",
        """CREATE MACRO marts.as_published(day) AS TABLE
            SELECT * EXCLUDE (is_gone)
            FROM marts.as_published
            WHERE CAST(said_from_at AS DATE) <= CAST(day AS DATE) AND NOT is_gone
              AND (said_until_at IS NULL OR CAST(said_until_at AS DATE) > CAST(day AS DATE))""",
    ]


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str]]:
    """What changed from one publication to the next: reason and what it is about, the gravest first.

    A file for a date that the earlier release had seen already is late; with a name that it knew, corrected.
    What is dated later is the ordinary course of nights.
    """
    was, now = (
        {(i["source"], i["delivered_on"], i["file"]): i["sha256"] for i in told["inputs"]}
        for told in (before, after)
    )
    kinds: dict[str, Callable[[tuple[str, str, str]], bool]] = {
        "withdrawn_file": lambda file: file in was and file not in now,
        "corrected_file": lambda file: file in was and file in now and was[file] != now[file],
        "explained_finding": lambda file: file not in was and file[0] == "explanations",
        "late_extract": lambda file: file not in was and file[1] <= before["business_date"],
        "new_extract": lambda file: file not in was,
    }
    found: list[tuple[str, str]] = []
    if after["rolled_back"]:
        found.append(("rolled_back", f"{before['release']} -> {after['release']}"))
    if before["rulesets"] != after["rulesets"]:
        found.append(("rule_change", f"{', '.join(before['rulesets'])} -> {', '.join(after['rulesets'])}"))
    if before["code_version"] != after["code_version"]:
        found.append(("code_change", f"{before['code_version'][:12]} -> {after['code_version'][:12]}"))
    told: set[tuple[str, str, str]] = set()
    for reason, holds in kinds.items():
        files = sorted(file for file in was.keys() | now.keys() if file not in told and holds(file))
        told.update(files)
        if files:
            more = "" if len(files) <= _SHOWN else f" and {len(files) - _SHOWN} more"
            found.append((reason, ", ".join(name for _, _, name in files[:_SHOWN]) + more))
    return found


def _entries(ledger: Path) -> list[Path]:
    """What was written to the end; what a killed run left is removed."""
    entries = []
    for path in sorted(ledger.glob("*.json")):
        if path.with_suffix(".parquet").exists():
            entries.append(path)
        else:
            path.unlink()
    return entries


def _changed_figures(
    ledger: Path,
    release: Path,
    entry: dict[str, Any],
    last: dict[str, Any] | None,
    reasons: list[tuple[str, str]],
) -> str:
    """SQL that makes the table `changed`: one row per figure that is not as it was said before."""
    key, values = ", ".join(_KEY), ", ".join(_VALUES)
    if last is None:
        said = f"SELECT {key}, {values}, false AS is_gone FROM shown WHERE false"
        over_before = "NULL"
    else:
        said = (
            f"SELECT {key}, {values}, is_gone FROM read_parquet({files_literal(ledger, '/*.parquet')}) "
            f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY publication DESC) = 1"
        )
        over_before = literal(last["business_date"])
    main = literal(reasons[0][0]) if reasons else "NULL"
    because = "; ".join(f"{reason}: {what}" for reason, what in reasons)
    same = " AND ".join(f"shown.{column} = said.{column}" for column in _KEY)
    differs = " OR ".join(f"shown.{value} IS DISTINCT FROM said.{value}" for value in _VALUES)
    was_over = (
        f"coalesce(said.agency_code IS NOT NULL AND said.period_end <= CAST({over_before} AS DATE), false)"
    )
    return f"""
        CREATE TABLE shown AS {" UNION ALL ".join(_figures_of(release, mart) for mart in _MARTS)};
        CREATE TABLE said AS {said};
        CREATE TABLE changed AS
        SELECT {", ".join(f"coalesce(shown.{column}, said.{column}) AS {column}" for column in _KEY)},
               {", ".join(f"shown.{value}" for value in _VALUES)},
               shown.agency_code IS NULL AS is_gone,
               CAST({entry["number"]} AS INTEGER) AS publication,
               {literal(entry["release"])} AS release,
               CAST({literal(entry["published_at"][:19])} AS TIMESTAMP) AS published_at,
               {was_over} AS is_restated,
               CASE WHEN {was_over} THEN {main}::VARCHAR END AS reason,
               CASE WHEN {was_over} THEN {literal(because)} END AS because
        FROM shown FULL OUTER JOIN said ON {same}
        WHERE said.agency_code IS NULL OR (shown.agency_code IS NULL AND NOT said.is_gone)
           OR (shown.agency_code IS NOT NULL AND (said.is_gone OR {differs}))
    """


def _figures_of(release: Path, mart: str) -> str:
    kind, code, has = _MARTS[mart]
    values = ", ".join(
        f"{value if value in has else 'NULL'}::{of_type} AS {value}" for value, of_type in _VALUES.items()
    )
    keys = ", ".join(_KEY[:6])
    return (
        f"SELECT {keys}, {literal(kind)} AS figure_kind, {code} AS figure_code, {values} "
        f"FROM {mart_rows(release, mart)}"
    )
