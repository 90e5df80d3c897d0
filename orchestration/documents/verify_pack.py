"""Check an evidence pack: every byte, and the figure, counted again from the rows. Needs Python and duckdb.

    python3 verify.py

Exit code 0 when all is well; 1 with a line per fault when it is not.
"""

import hashlib
import json
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb

SUMS = "SHA256SUMS"


def main() -> int:
    """Print what was checked and every fault."""
    here = Path(__file__).resolve().parent
    faults = changed_files(here)
    figure = json.loads((here / "figure.json").read_text(encoding="utf-8"))
    if not faults:
        faults = wrong_figures(here, figure)
    for fault in faults:
        print(f"FAULT  {fault}")
    if not faults:
        print(
            f"{figure['indicator_code']} of {figure['agency_code']}, {figure['period']}, {figure['basis']}: "
            f"{figure['numerator']} of {figure['denominator']}, {figure['points']} points: "
            "every byte as written, the figure counted again from the rows."
        )
    return 1 if faults else 0


def changed_files(here: Path) -> list[str]:
    """Files that are not as they were written, are gone, or were added."""
    listed = {}
    for line in (here / SUMS).read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    there = {
        p.relative_to(here).as_posix()
        for p in here.rglob("*")
        if p.is_file() and p.name != SUMS and "__pycache__" not in p.parts
    }
    faults = [f"{name} is missing" for name in sorted(listed.keys() - there)]
    faults += [f"{name} was added" for name in sorted(there - listed.keys())]
    for name in sorted(there & listed.keys()):
        if hashlib.sha256((here / name).read_bytes()).hexdigest() != listed[name]:
            faults.append(f"{name} is not as it was written")
    return faults


def wrong_figures(here: Path, figure: dict) -> list[str]:  # type: ignore[type-arg]
    """What of the figure does not follow from the rows."""
    faults = []
    if figure["is_made_of_rows"]:
        whole, part = (
            str(here / f"{name}.parquet").replace("'", "''") for name in ("denominator", "numerator")
        )
        total = "sum(worked_minutes)" if figure["unit"] == "minutes" else "count(*)"
        with duckdb.connect() as con:
            (denominator,) = con.execute(f"SELECT count(*) FROM read_parquet('{whole}')").fetchall()[0]
            (numerator,) = con.execute(f"SELECT {total} FROM read_parquet('{part}')").fetchall()[0]
            (strange,) = con.execute(
                f"""SELECT count(*) FROM (
                        (SELECT * FROM read_parquet('{part}') EXCEPT ALL
                         SELECT * FROM read_parquet('{whole}') WHERE in_numerator)
                        UNION ALL
                        (SELECT * FROM read_parquet('{whole}') WHERE in_numerator EXCEPT ALL
                         SELECT * FROM read_parquet('{part}')))"""
            ).fetchall()[0]
        for name, counted in (("numerator", int(numerator or 0)), ("denominator", int(denominator))):
            if counted != figure[name]:
                faults.append(f"{name}: the rows give {counted}, the figure says {figure[name]}")
        if strange:
            faults.append(f"{strange} rows stand in one list only")
    rate, points = expected(figure)
    for name, value in (("rate", rate), ("points", points)):
        said = None if figure[name] is None else Decimal(figure[name])
        if said != value:
            faults.append(f"{name}: the counts give {value}, the figure says {said}")
    return faults


def expected(figure: dict) -> tuple:  # type: ignore[type-arg]
    """Rate and points by the rule set: a share of the full-mark rate, half-up to hundredths, capped."""
    most = Decimal(figure["max_points"])
    if not figure["denominator"]:
        policy = {"full": most, "zero": Decimal(0), "none": None}[figure["empty_policy"]]
        return None, policy if figure["is_scored"] else None
    numerator, denominator = Decimal(figure["numerator"]), Decimal(figure["denominator"])
    rate = (numerator / denominator).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    if not figure["is_scored"]:
        return rate, None
    exact = min(most, most * numerator * 100 / (denominator * figure["full_mark_percent"]))
    return rate, exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


if __name__ == "__main__":
    sys.exit(main())
