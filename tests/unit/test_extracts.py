"""A query as a source: what is written, what never is, and what it says when it cannot.

The database is SQLite; server-side cursors and types of PostgreSQL are tested in tests/services.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from orchestration import cli, extracts
from orchestration.extracts import ExtractError, write_extract
from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import date_folders
from orchestration.landing.drop_zone import RemoteZone
from tests.unit.helpers import contract_dict

DAY = date(2026, 3, 31)
SQL = """SELECT ma AS magiay, ten AS "Ten", phi AS "Phi", gia AS "Gia", chu_ho AS "ChuHo" FROM giay
         WHERE ngay = :business_date ORDER BY ma"""


def contract(sql: str = SQL, **changes: Any) -> Contract:
    """A made-up source whose rows stand in a database."""
    stored = {
        "date_formats": ["%Y-%m-%d"],
        "query": {"connection": "CHISO_PAPERS_URL", "sql": sql},
        "columns": [
            {"name": "paper_code", "wire": "MaGiay", "type": "code", "required": True},
            {"name": "paper_name", "wire": "TenGiay", "aliases": ["Ten"], "type": "text"},
            {"name": "price", "wire": "Gia", "type": "decimal"},
        ],
        "lists": [
            {"name": "fees", "wire": "Phi", "columns": [{"name": "fee", "wire": "Muc", "type": "decimal"}]}
        ],
        "personal": [{"wire": "ChuHo", "class": "name"}],
    }
    return Contract.model_validate(contract_dict(**(stored | changes)))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A database of five papers of the day and one of another."""
    file = tmp_path / "papers.db"
    with sqlite3.connect(file) as con:
        con.execute("CREATE TABLE giay (ma TEXT, ten TEXT, phi TEXT, gia REAL, chu_ho TEXT, ngay TEXT)")
        fees = json.dumps([{"Muc": "1", "NguoiNop": "Trần Văn B"}])
        con.executemany(
            "INSERT INTO giay VALUES (?, ?, ?, ?, ?, ?)",
            [(f"G{i}", "Giấy khai sinh", fees, i / 4, "Nguyễn Thị A", "2026-03-31") for i in range(5)]
            + [("X", None, None, None, None, "2026-03-30")],
        )
    return {"CHISO_PAPERS_URL": f"sqlite:///{file}"}


def everything(raw: Path) -> list[str]:
    """All files of the drop zone, but the lock."""
    return sorted(
        p.relative_to(raw).as_posix() for p in raw.rglob("*") if p.is_file() and p.suffix != ".lock"
    )


def test_only_what_the_contract_names_is_written(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extracts, "PART_ROWS", 2)
    news: list[int] = []
    raw = tmp_path / "raw"
    made = write_extract(contract(), raw, DAY, on_rows=news.append, environment=environment)
    assert (made.rows, made.files, news) == (5, 3, [2, 4, 5])
    assert made.columns_dropped == ["ChuHo", "Phi.NguoiNop"]
    folder = "papers/2026-03-31"
    assert everything(raw) == [f"{folder}/_COMPLETE", *(f"{folder}/part-0000{n}.parquet" for n in (1, 2, 3))]
    ((_, found),) = date_folders(raw, "papers", DAY)
    assert found.has_marker
    parts = [pq.read_table(raw / folder / f.name) for f in found.data_files]
    rows = [row for part in parts for row in part.to_pylist()]
    assert rows == [
        {"MaGiay": f"G{i}", "Ten": "Giấy khai sinh", "Phi": '[{"Muc": "1"}]', "Gia": i / 4} for i in range(5)
    ]
    for part in parts:
        assert b"Nguy" not in str(part.to_pydict()).encode()


def test_a_delivery_is_not_overwritten_unless_asked(tmp_path: Path, environment: dict[str, str]) -> None:
    raw = tmp_path / "raw"
    write_extract(contract(), raw, DAY, environment=environment)
    before = everything(raw)
    with pytest.raises(ExtractError, match=r"2026-03-31 holds a delivery already\. Give --replace"):
        write_extract(contract(), raw, DAY, environment=environment)
    one = contract(SQL.replace("WHERE", "WHERE ma = 'G1' AND"))
    assert write_extract(one, raw, DAY, replace=True, environment=environment).rows == 1
    assert everything(raw) == before
    assert pq.read_table(raw / "papers/2026-03-31/part-00001.parquet")["MaGiay"].to_pylist() == ["G1"]


def test_no_rows_write_nothing_and_leave_what_is_there(tmp_path: Path, environment: dict[str, str]) -> None:
    raw = tmp_path / "raw"
    assert write_extract(contract(), raw, date(2026, 1, 1), environment=environment).rows == 0
    assert everything(raw) == []
    write_extract(contract(), raw, DAY, environment=environment)
    before = everything(raw)
    none = contract(SQL.replace("WHERE", "WHERE 1 = 0 AND"))
    assert write_extract(none, raw, DAY, replace=True, environment=environment).rows == 0
    assert everything(raw) == before


@pytest.mark.parametrize(
    ("changes", "url", "words"),
    [
        ({"query": None}, None, r"its contract has no query\. Add `query:`"),
        ({}, "", r"CHISO_PAPERS_URL is not set\. Put the database's URL into CHISO_PAPERS_URL"),
        ({}, "user:geheim at host", "CHISO_PAPERS_URL does not hold a database URL"),
        ({}, "pigeon://user:geheim@host/db", "CHISO_PAPERS_URL does not hold a database URL"),
        (
            {},
            "mysql+pymysql://user:geheim@host/db",
            r"driver of CHISO_PAPERS_URL is not installed \(pymysql\)",
        ),
        ({}, "sqlite:////nowhere/at/all.db", "unable to open database file.*Check the server"),
        ({"sql": "SELECT ma FROM giai"}, None, r"no such table: giai"),
        (
            {"sql": "SELECT ma, ten FROM giay"},
            None,
            r'MaGiay \(paper_code\) is missing.*write … AS "MaGiay" in the query. It has ma, ten\.',
        ),
        (
            {"sql": 'SELECT ma AS "MaGiay", ma AS magiay FROM giay'},
            None,
            "names a column twice: MaGiay, magiay",
        ),
        (
            {"sql": 'SELECT ma AS "MaGiay", ten AS "Phi" FROM giay'},
            None,
            "Phi holds something else than a list",
        ),
        ({"sql": 'SELECT :business_date::date AS "MaGiay"'}, None, "without ::type behind it"),
        ({"sql": 'SELECT :ngay AS "MaGiay"'}, None, "value is required for bind parameter 'ngay'"),
    ],
)
def test_what_cannot_be_had_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, environment: dict[str, str], changes: dict[str, Any], url: str | None, words: str
) -> None:
    if url is not None:
        environment = {"CHISO_PAPERS_URL": url}
    with pytest.raises(ExtractError, match=words) as caught:
        write_extract(contract(**changes), tmp_path / "raw", DAY, environment=environment)
    message = str(caught.value)
    assert message.startswith("papers: ")
    assert "\n" not in message
    assert "geheim" not in message
    assert "Nguyễn" not in message
    assert everything(tmp_path / "raw") == []


def test_leftovers_of_a_killed_run_are_no_delivery_and_go(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    raw = tmp_path / "raw"
    draft = raw / "papers" / ".2026-03-31.extract"
    draft.mkdir(parents=True)
    (draft / "part-00001.parquet").write_bytes(b"half")
    assert date_folders(raw, "papers", DAY) == []
    write_extract(contract(), raw, DAY, environment=environment)
    assert not draft.exists()


def test_a_remote_drop_zone_is_not_written(environment: dict[str, str]) -> None:
    with pytest.raises(ExtractError, match="to a folder of this machine, not to s3://bucket/x"):
        write_extract(contract(), RemoteZone("s3://bucket/x"), DAY, environment=environment)


@pytest.mark.parametrize(
    ("values", "kind", "read"),
    [
        ([None, None], "string", [None, None]),
        ([True, None], "bool", [True, None]),
        ([Decimal("1.5"), Decimal("20")], "decimal128(3, 1)", [Decimal("1.5"), Decimal("20.0")]),
        ([Decimal("NaN"), Decimal("1")], "string", ["NaN", "1"]),
        ([2**70, 1], "string", [str(2**70), "1"]),
        ([1, "a"], "string", ["1", "a"]),
        ([datetime(2026, 1, 1, 8)], "timestamp[us]", [datetime(2026, 1, 1, 8)]),  # noqa: DTZ001
        ([date(2026, 1, 1)], "date32[day]", [date(2026, 1, 1)]),
        ([{"a": "ă"}, [1]], "string", ['{"a": "ă"}', "[1]"]),
    ],
)
def test_values_keep_their_type_where_arrow_has_it(values: list[Any], kind: str, read: list[Any]) -> None:
    column = extracts._column(values)
    assert str(column.type) == kind
    assert column.to_pylist() == read


def test_the_command(tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "load_contracts", lambda folder: {"papers": contract()})
    call = ["extract", "papers", "--raw", str(tmp_path / "raw"), "--date"]

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli.main, [*call, *words], env=environment)
        return result.exit_code, result.output

    code, output = run("2026-03-31")
    assert code == 0, output
    assert output.splitlines()[0].startswith("papers/2026-03-31: 5 rows in 1 file(s), ")
    assert output.splitlines()[1] == "Not written, the contract does not name them: ChuHo, Phi.NguoiNop."
    assert run("2026-03-31")[0] == 1
    assert run("2026-03-31", "--replace")[0] == 0
    code, output = run("2026-01-01")
    assert (code, output) == (2, "papers: the query has no rows for 2026-01-01; nothing was written.\n")
    code, output = run("2999-01-01")
    assert code == 1
    assert "2999-01-01 is not over yet" in output
    monkeypatch.setattr(cli, "load_contracts", lambda folder: {"letters": contract()})
    assert run("2026-03-31") == (1, "There is no source papers. There are: letters.\n")
