"""A made-up province as a landed store: what a night would have landed, without the files it came in.

`tests.province --format landed` writes the rows of every table as Parquet, part by part; a part of a source
becomes a batch of the store here, and a file of a delivery.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb

from orchestration.landing.contracts import Contract, load_contracts
from orchestration.landing.deliveries import Delivery
from orchestration.landing.store import QUARANTINE, FileAccount, LandedStore
from orchestration.landing.values import file_literal
from orchestration.places import SOURCES

Deliveries = dict[str, list[Delivery]]


def make_landed(out: Path, dossiers: int, seed: int) -> Path:
    """Make the rows of a province; returns the folder with a folder per source."""
    arguments = ["--out", str(out), "--dossiers", str(dossiers), "--year", "2026", "--seed", str(seed)]
    command = [sys.executable, "-m", "tests.province", *arguments, "--format", "landed"]
    subprocess.run(command, check=True, capture_output=True)
    return out / "landed"


def adopt(landed: Path, store: LandedStore, delivered_on: date, name: str) -> Deliveries:
    """Move every part below `landed` into the store as a batch; returns what was thus delivered.

    Args:
        landed: `<source>/<table>/part-<number>.parquet`, its file_sha the number.
        name: begins the names of batches and files, so that two deliveries do not meet.
    """
    contracts = load_contracts(SOURCES)
    deliveries: Deliveries = {source: [] for source in contracts}
    for source, contract in contracts.items():
        for part in sorted((landed / source / source).glob("part-*.parquet")):
            deliveries[source].append(_adopt_part(landed, contract, part.name, store, delivered_on, name))
    return deliveries


def _adopt_part(
    landed: Path, contract: Contract, part: str, store: LandedStore, delivered_on: date, name: str
) -> Delivery:
    batch = f"{name}-{Path(part).stem}"
    draft = store.begin(contract, batch)
    with duckdb.connect(":memory:") as con:
        of_source = file_literal(landed / contract.source / contract.source / part)
        rows = con.execute(f"SELECT count(*), min(file_sha) FROM read_parquet({of_source})").fetchone()
        assert rows is not None
        con.execute(
            f"""COPY (SELECT '' AS file_sha, 0::BIGINT AS row_number, 0::BIGINT AS position, '' AS "table",
                             '' AS "column", '' AS value, '' AS reason WHERE false)
                TO {file_literal(draft / QUARANTINE)}"""
        )
    for table in contract.tables:
        (landed / contract.source / table / part).rename(draft / f"{table}.parquet")
    account = FileAccount(str(rows[1]), 0, "landed", rows_in=rows[0], rows_landed=rows[0])
    store.finish(contract, batch, draft, [account], 0)
    return Delivery(contract.source, delivered_on, f"{batch}.parquet", account.file_sha, 0, Path(part))
