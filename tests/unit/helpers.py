"""What the unit tests share: a small made-up source, its files, and what landing made of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import Delivery, HashCache, find_deliveries
from orchestration.landing.land import land_source
from orchestration.landing.link_key import LinkKey
from orchestration.landing.store import QUARANTINE, FileAccount, LandedStore

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "raw" / "sources"
DAY = "2026-03-31"
LAST = date(2026, 12, 31)
LINK_KEY = LinkKey(bytes(range(32)))

_COLUMNS = [
    {"name": "paper_code", "wire": "Mã giấy", "type": "code", "required": True},
    {"name": "kind", "wire": "Loại", "type": "code", "codes": {"TỈNH": "provincial", "XÃ": "communal"}},
    {"name": "amount", "wire": "Số tiền", "type": "decimal"},
    {"name": "made_at", "wire": "Ngày lập", "type": "timestamp"},
    {"name": "valid_on", "wire": "Hiệu lực", "type": "date"},
    {"name": "is_paid", "wire": "Đã nộp", "type": "boolean"},
    {"name": "has_file", "wire": "Tệp", "type": "presence"},
    {"name": "note_text", "wire": "Ghi chú", "type": "text"},
]
_LIST = {
    "name": "fees",
    "wire": "Phi",
    "columns": [
        {"name": "fee_code", "wire": "MaPhi", "aliases": ["MaPhiCu"], "type": "code"},
        {"name": "price", "wire": "Gia", "type": "decimal"},
        {"name": "has_receipt", "wire": "BienLai", "type": "presence"},
    ],
}


def at(text: str) -> datetime:
    """A local time, without zone as the landed tables have it."""
    return datetime.fromisoformat(text)


def contract_dict(**changes: Any) -> dict[str, Any]:
    """What the YAML of the made-up source `papers` says."""
    return {
        "source": "papers",
        "title_vi": "Giấy tờ",
        "description": "Made up.",
        "publisher": "Sở Thử nghiệm",
        "owner": "data-engineering",
        "key": ["paper_code"],
        "delivery": "delta",
        "required": True,
        "date_formats": ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y"],
        "zone": "Asia/Ho_Chi_Minh",
        "columns": _COLUMNS,
        "personal": [{"wire": "Chủ sở hữu", "class": "name"}, {"wire": "Email", "class": "contact"}],
    } | changes


def contract(**changes: Any) -> Contract:
    """The made-up source as a contract."""
    return Contract.model_validate(contract_dict(**changes))


def message_contract(**changes: Any) -> Contract:
    """The made-up source as JSON messages, with a list in each row and an envelope that names the side."""
    side = {"name": "side", "wire": "Nguon", "type": "code", "codes": {"MC": "one_stop", "QG": "national"}}
    return contract(**({"envelope": [side], "lists": [_LIST]} | changes))


def message(*rows: Any, **envelope: Any) -> str:
    """A message of those rows, from the one-stop side unless told otherwise."""
    return json.dumps({"Nguon": "MC", **envelope, "data": list(rows)}, ensure_ascii=False)


@dataclass
class Landed:
    """What landing made of the files of one drop zone."""

    contract: Contract
    deliveries: list[Delivery]
    accounts: list[FileAccount]
    store: LandedStore

    def rows(self, columns: str, table: str = "papers") -> list[tuple[Any, ...]]:
        """Landed rows of a table as the Parquet files have them, file after file."""
        files = [str(f) for f in self.parquet_files() if f.name == f"{table}.parquet"]
        if not files:
            return []
        con = duckdb.connect(":memory:")
        return con.execute(f"SELECT {columns} FROM read_parquet($1)", [files]).fetchall()

    def parquet_files(self) -> list[Path]:
        return sorted(f for f in self.store.root.rglob("*.parquet") if f.name != QUARANTINE)

    def account(self, name: str) -> FileAccount:
        """The account of the file with that name."""
        sha = next(d.file_sha for d in self.deliveries if d.path.name == name)
        return next(a for a in self.accounts if a.file_sha == sha)

    def numbers(self, name: str) -> tuple[int, int, int]:
        """Rows in, landed and quarantined of a file."""
        account = self.account(name)
        return account.rows_in, account.rows_landed, account.rows_quarantined


def put(raw: Path, name: str, content: str | bytes, source: str = "papers", day: str = DAY) -> Path:
    """A file in the drop zone."""
    path = raw / source / day / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def land(folder: Path, of: Contract) -> Landed:
    """Land what stands in `folder/raw` into `folder/landed`."""
    deliveries = find_deliveries(folder / "raw", of.source, LAST, HashCache(folder / "hashes.json"))
    store = LandedStore(folder / "landed", LINK_KEY)
    return Landed(of, deliveries, land_source(of, deliveries, store), store)


def land_files(folder: Path, of: Contract, **files: str | bytes) -> Landed:
    """Land files of one day; `a_json` is the file a.json, `a_csv_gz` is a.csv.gz."""
    for name, content in files.items():
        put(folder / "raw", name.replace("_", "."), content, of.source)
    return land(folder, of)


def codes(account: FileAccount) -> list[str]:
    """Codes of the problems of a file."""
    return [p.code for p in account.problems]


def quarantined(account: FileAccount) -> list[tuple[int, str | None, str | None]]:
    """Row, column and value of the quarantined rows of a file, by row."""
    return sorted(((q.row_number, q.column, q.value) for q in account.quarantined), key=lambda q: q[0])
