"""How much landing costs beyond the bare reader: `make benchmark`.

Each form of file is landed, and read by the bare reader of the field, in turns; the figure is the ratio of
the fastest of each. The bare reader works on the same files, in this process, and writes the same tables as
Parquet with the same compression: the contract's columns, typed by one cast each, and classes and links of
persons by the contract's own rule. It trims nothing, checks nothing and accounts for nothing. Landing's time
includes finding and hashing the files.

* JSON, CSV: DuckDB's read_json and read_csv, then COPY to Parquet. Aim: ≤ 2.0.
* XLSX: fastexcel's read of the sheet as text, then DuckDB's COPY. Aim: ≤ 1.5.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import fastexcel
import pyarrow as pa
import xlsxwriter

from orchestration.landing.contracts import Column, Contract, load_contracts
from orchestration.landing.deliveries import HashCache, find_deliveries
from orchestration.landing.land import land_source
from orchestration.landing.link_key import LinkKey
from orchestration.landing.store import LandedStore
from orchestration.landing.values import file_literal, identifier, literal, typed
from orchestration.places import SOURCES
from tests.peak_memory import peak_memory

DOSSIERS = "one_stop_dossiers"
LAST = date(2100, 1, 1)
LINK_KEY = LinkKey(bytes(32))


@dataclass(frozen=True)
class Case:
    """One form of file: where its files are, and its bare reader."""

    name: str
    raw: Path
    bare: Callable[[Contract, list[Path], Path], int]
    aim: float


def bare_json(contract: Contract, files: list[Path], out: Path) -> int:
    """DuckDB's read_json of whole messages and a Parquet file per table; returns the rows."""
    fields = ", ".join(f"{identifier(w)} {t}" for w, t in contract.raw_schema.items())
    columns = "{'data': " + literal(f"STRUCT({fields})[]") + "}"
    paths = "[" + ", ".join(file_literal(f) for f in files) + "]"
    with duckdb.connect(":memory:") as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(
            f"""CREATE TEMP TABLE rows AS SELECT unnest(data, max_depth := 2)
                FROM read_json({paths}, columns = {columns}, maximum_object_size = 268435456)"""
        )
        _copy(con, f"SELECT {_cast(con, contract, contract.columns)} FROM rows", out / "rows.parquet")
        for number, nested in enumerate(contract.lists):
            key = ", ".join(identifier(c.wire) for c in contract.columns if c.name in contract.key)
            con.execute(
                f"""CREATE OR REPLACE TEMP TABLE items AS
                    SELECT {key}, unnest({identifier(nested.wire)}, max_depth := 2) FROM rows"""
            )
            _copy(
                con,
                f"SELECT {key}, {_cast(con, contract, nested.columns, 'items')} FROM items",
                out / f"{number}.parquet",
            )
        return _count(con)


def bare_csv(contract: Contract, files: list[Path], out: Path) -> int:
    """DuckDB's read_csv, told everything, and one Parquet file; returns the rows."""
    paths = "[" + ", ".join(file_literal(f) for f in files) + "]"
    with duckdb.connect(":memory:") as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(
            f"CREATE TEMP TABLE rows AS SELECT * FROM read_csv({paths}, all_varchar = true, header = true)"
        )
        _copy(con, f"SELECT {_cast(con, contract, contract.columns)} FROM rows", out / "rows.parquet")
        return _count(con)


def bare_xlsx(contract: Contract, files: list[Path], out: Path) -> int:
    """fastexcel's read of the first sheet as text and one Parquet file; returns the rows."""
    rows = 0
    with duckdb.connect(":memory:") as con:
        for number, file in enumerate(files):
            sheet = fastexcel.read_excel(str(file)).load_sheet(0, dtypes="string").to_arrow()
            con.register("rows", pa.table(sheet))
            _copy(
                con, f"SELECT {_cast(con, contract, contract.columns)} FROM rows", out / f"{number}.parquet"
            )
            rows += _count(con)
    return rows


def _cast(
    con: duckdb.DuckDBPyConnection, contract: Contract, columns: tuple[Column, ...], table: str = "rows"
) -> str:
    """SQL of the contract's columns that a table holds, each by the shortest way there is."""
    there = {str(row[0]) for row in con.execute(f"DESCRIBE {table}").fetchall()}
    picked = []
    for column in columns:
        text = identifier(column.wire)
        if column.wire not in there:
            continue
        match column.type:
            case "timestamp" | "date":
                value = f"try_strptime({text}, '%Y%m%d%H%M%S')"
            case "boolean" | "decimal":
                value = f"TRY_CAST({text} AS {column.duckdb_type})"
            case "class" | "link":
                value = typed(column, text, contract, LINK_KEY)
            case "presence":
                value = f"{text} <> ''"
            case _:
                value = f"regexp_extract({text}, {literal(column.extract)})" if column.extract else text
        picked.append(f"{value} AS {identifier(column.name)}")
    return ", ".join(picked)


def _copy(con: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    con.execute(f"COPY ({query}) TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)")


def _count(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("SELECT count(*) FROM rows").fetchone()
    return int(row[0]) if row else 0


def landed(contract: Contract, raw: Path, out: Path) -> int:
    """Find, hash and land; returns the rows landed."""
    deliveries = find_deliveries(raw, contract.source, LAST, HashCache(out / "hashes.json"))
    store = LandedStore(out / "landed", LINK_KEY)
    return sum(a.rows_landed for a in land_source(contract, deliveries, store))


def make_province(folder: Path, dossiers: int) -> Path:
    """A made-up province's extracts."""
    arguments = ["--out", str(folder), "--dossiers", str(dossiers), "--year", "2026", "--seed", "7"]
    subprocess.run([sys.executable, "-m", "tests.province", *arguments], check=True, capture_output=True)
    return folder / "raw"


def as_tables(contract: Contract, raw: Path, folder: Path, xlsx_rows: int) -> tuple[Path, Path]:
    """The dossiers of JSON messages as one CSV file and one workbook, in the columns of the contract."""
    files = sorted((raw / contract.source).glob("*/*.json"))
    paths = "[" + ", ".join(file_literal(f) for f in files) + "]"
    wires = list(dict.fromkeys(w for c in contract.columns for w in c.wires if " " not in w))
    fields = ", ".join(f"{identifier(w)} VARCHAR" for w in wires)
    csv, xlsx = (folder / kind / contract.source / "2026-12-31" for kind in ("csv", "xlsx"))
    for target in (csv, xlsx):
        target.mkdir(parents=True)
    with duckdb.connect(":memory:") as con:
        con.execute(
            f"""CREATE TABLE rows AS SELECT unnest(data, max_depth := 2) FROM read_json({paths},
                columns = {{'data': 'STRUCT({fields})[]'}}, maximum_object_size = 268435456)"""
        )
        con.execute(f"COPY rows TO {literal(str(csv / 'a.csv'))} (HEADER, DELIMITER ',')")
        rows = con.execute(f"SELECT * FROM rows LIMIT {xlsx_rows}").fetchall()
    book = xlsxwriter.Workbook(str(xlsx / "a.xlsx"), {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("Hồ sơ")
    for number, row in enumerate([tuple(wires), *rows]):
        for place, value in enumerate(row):
            if value:
                sheet.write_string(number, place, value)
    book.close()
    return folder / "csv", folder / "xlsx"


def measure(case: Case, contract: Contract, rounds: int) -> tuple[float, float, int]:
    """Fastest seconds of landing and of the bare reader, and the rows both saw."""
    files = sorted(p for p in (case.raw / contract.source).glob("*/*") if not p.name.startswith("_"))
    ours: list[float] = []
    bare: list[float] = []
    rows = bare_rows = 0
    for _ in range(rounds):
        for times, run in ((ours, None), (bare, case.bare)):
            out = Path(tempfile.mkdtemp(prefix="chiso-benchmark-"))
            started = time.perf_counter()
            if run is None:
                rows = landed(contract, case.raw, out)
            else:
                bare_rows = run(contract, files, out)
            times.append(time.perf_counter() - started)
            shutil.rmtree(out)
    if rows != bare_rows:
        raise SystemExit(f"{case.name}: landing saw {rows} rows, the bare reader {bare_rows}: no comparison")
    return min(ours), min(bare), rows


def main() -> None:
    """Print one line per form: rows, seconds of both, ratio, aim."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dossiers", type=int, default=100_000, help="dossiers in JSON and CSV")
    parser.add_argument("--xlsx-rows", type=int, default=50_000, help="rows of the workbook")
    parser.add_argument("--rounds", type=int, default=3, help="times each is run; the fastest counts")
    parser.add_argument("--form", action="append", choices=["JSON", "CSV", "XLSX"], help="only this form")
    arguments = parser.parse_args()
    contract = load_contracts(SOURCES)[DOSSIERS]
    folder = Path(tempfile.mkdtemp(prefix="chiso-benchmark-"))
    try:
        raw = make_province(folder / "province", arguments.dossiers)
        csv, xlsx = as_tables(contract, raw, folder, arguments.xlsx_rows)
        print(f"{'form':8}{'rows':>10}{'landing s':>12}{'bare s':>10}{'ratio':>8}{'aim':>6}")
        for case in (
            Case("JSON", raw, bare_json, 2.0),
            Case("CSV", csv, bare_csv, 2.0),
            Case("XLSX", xlsx, bare_xlsx, 1.5),
        ):
            if arguments.form and case.name not in arguments.form:
                continue
            ours, bare, rows = measure(case, contract, arguments.rounds)
            print(f"{case.name:8}{rows:>10}{ours:>12.2f}{bare:>10.2f}{ours / bare:>8.2f}{case.aim:>6.1f}")
    finally:
        shutil.rmtree(folder)
    print(f"peak memory of this process: {peak_memory() / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
