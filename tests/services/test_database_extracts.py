"""`chiso extract` on a real PostgreSQL with the tables of a one-stop system, down to the landed rows.

What must have landed is computed by the server itself, in SQL, from its own tables.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow.parquet as pq
import pytest

from orchestration import extracts
from orchestration.extracts import ExtractError, write_extract
from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import HashCache, date_folders, take_in
from orchestration.landing.land import land_source
from orchestration.landing.store import LandedStore
from orchestration.places import ROOT
from tests.services.servers import Postgres

DAY = date(2026, 9, 30)
ROWS = 20_000

TABLES = """
CREATE TABLE dm_kenh (id int PRIMARY KEY, ma text, ten text);
INSERT INTO dm_kenh VALUES (1, '1', 'Trực tiếp'), (2, '2', 'Trực tuyến'), (3, '3', 'Bưu chính công ích');
CREATE TABLE hoso (
    id bigint PRIMARY KEY, mahoso text, kenh_id int REFERENCES dm_kenh, tenthutuc text,
    ngaytiepnhan timestamp, ngayhentra timestamp(0), ngayketthuc timestamptz, lephi numeric(18, 2),
    tylethu numeric, dongbodvcqg boolean, trangthaidongbodvc smallint, ngaycapnhat date,
    chuhoso text, sodienthoai text);
INSERT INTO hoso
SELECT i, 'H01.' || 10 + i % 7 || '-260930-' || lpad(i::text, 6, '0'), nullif(i % 4, 0),
       (ARRAY['Đăng ký khai sinh', 'Cấp giấy phép xây dựng "nhà ở"', 'Chứng thực; bản sao, có dấu',
              E'Thủ tục\nhai dòng', NULL])[1 + i % 5],
       '2026-01-01'::timestamp + i * interval '13 minutes 7.125 seconds',
       CASE WHEN i % 11 > 0 THEN '2026-01-08'::timestamp + i * interval '13 minutes' END,
       CASE WHEN i % 3 > 0 THEN '2026-01-05 17:30:00+00'::timestamptz + i * interval '13 minutes' END,
       CASE WHEN i % 5 > 0 THEN i * 1250.25 END, CASE WHEN i % 6 > 0 THEN i / 8.0 END,
       (ARRAY[true, false, NULL])[1 + i % 3], (ARRAY[0, 1, NULL])[1 + i % 3],
       '2026-09-30'::date - i % 2, 'Nguyễn Thị Bí Mật ' || i, '09' || lpad(i::text, 8, '0')
FROM generate_series(1, 40000) AS i;
CREATE TABLE hosobosung (
    hoso_id bigint REFERENCES hoso, lan int, ngayyeucau timestamp, ngaybosung timestamp, nguoiyeucau text,
    PRIMARY KEY (hoso_id, lan));
INSERT INTO hosobosung
SELECT h.id, lan, h.ngaytiepnhan + lan * interval '1 day',
       CASE WHEN lan = 1 THEN h.ngaytiepnhan + interval '36 hours' END, 'Cán bộ Bí Mật ' || h.id
FROM hoso AS h, generate_series(1, 2) AS lan WHERE h.id % 10 < lan;
"""

QUERY = """
SELECT h.mahoso AS "MaHoSo", k.ma AS "KenhThucHien", h.tenthutuc AS "TenTTHC",
       h.ngaytiepnhan AS "NgayTiepNhan", h.ngayhentra AS "NgayHenTra", h.ngayketthuc AS "NgayKetThuc",
       h.lephi AS "LePhi", h.tylethu AS "TyLe", h.dongbodvcqg AS "DongBoDVCQG",
       h.trangthaidongbodvc AS "TrangThaiDongBoDVC", h.chuhoso AS "ChuHoSo", h.sodienthoai,
       (SELECT json_agg(json_build_object('NgayYeuCau', b.ngayyeucau, 'NgayBoSung', b.ngaybosung,
                                          'Lan', b.lan, 'NguoiYeuCau', b.nguoiyeucau) ORDER BY b.lan)
        FROM hosobosung AS b WHERE b.hoso_id = h.id) AS "DanhSachBoSung"
FROM hoso AS h LEFT JOIN dm_kenh AS k ON k.id = h.kenh_id
WHERE h.ngaycapnhat = :business_date
ORDER BY h.id
"""


def contract(sql: str = QUERY) -> Contract:
    """A one-stop system that is asked in SQL."""
    columns = [
        ("dossier_code", "MaHoSo", "code"),
        ("channel_code", "KenhThucHien", "code"),
        ("procedure_name", "TenTTHC", "text"),
        ("received_at", "NgayTiepNhan", "timestamp"),
        ("due_at", "NgayHenTra", "timestamp"),
        ("ended_at", "NgayKetThuc", "timestamp"),
        ("fee", "LePhi", "decimal"),
        ("share", "TyLe", "decimal"),
        ("is_synced", "DongBoDVCQG", "boolean"),
        ("sync_code", "TrangThaiDongBoDVC", "code"),
    ]
    rounds = [("round", "Lan", "code"), ("asked_at", "NgayYeuCau", "timestamp"),
              ("answered_at", "NgayBoSung", "timestamp")]  # fmt: skip

    def described(listed: list[tuple[str, str, str]]) -> list[dict[str, Any]]:
        scale = {"share": {"scale": 3}}
        return [{"name": n, "wire": w, "type": t} | scale.get(n, {}) for n, w, t in listed]

    return Contract.model_validate(
        {
            "source": "one_stop_database",
            "title_vi": "Hồ sơ trong cơ sở dữ liệu một cửa",
            "description": "Made up.",
            "publisher": "Sở Thử nghiệm",
            "owner": "data-engineering",
            "key": ["dossier_code"],
            "delivery": "delta",
            "required": True,
            "date_formats": ["iso_zone", "iso", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"],
            "zone": "Asia/Ho_Chi_Minh",
            "query": {"connection": "CHISO_ONE_STOP_URL", "sql": sql},
            "columns": described(columns),
            "lists": [{"name": "rounds", "wire": "DanhSachBoSung", "columns": described(rounds)}],
            "personal": [{"wire": "ChuHoSo", "class": "name"}],
        }
    )


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Postgres]:
    with psycopg.connect(postgres.url) as con:
        con.execute(TABLES)
    yield postgres


@pytest.fixture
def environment(database: Postgres) -> dict[str, str]:
    return {"CHISO_ONE_STOP_URL": database.url}


def everything(folder: Path) -> list[str]:
    """All files below a folder, but the lock."""
    found = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    return sorted(name for name in found if not name.endswith(".lock"))


def test_what_lands_is_what_the_server_counts(
    database: Postgres, environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extracts, "PART_ROWS", 6_000)
    raw, of = tmp_path / "raw", contract()
    made = write_extract(of, raw, DAY, environment=environment)
    assert (made.rows, made.files) == (ROWS, 4)
    assert made.columns_dropped == ["ChuHoSo", "DanhSachBoSung.NguoiYeuCau", "sodienthoai"]

    intake = take_in(raw, of.source, DAY, HashCache(tmp_path / "h.json"), only_complete=True)
    store = LandedStore(tmp_path / "landed")
    accounts = land_source(of, intake.deliveries, store)
    assert [p.message for a in accounts for p in a.problems] == []
    assert sum(a.rows_quarantined for a in accounts) == 0
    assert sum(a.rows_landed for a in accounts) == ROWS

    main, rounds = (
        f"read_parquet('{tmp_path}/landed/**/{of.source}{table}.parquet')" for table in ("", "__rounds")
    )
    landed = duckdb.sql(
        f"""SELECT count(*), count(DISTINCT dossier_code), count(channel_code), count(procedure_name),
                   md5(string_agg(procedure_name, '|' ORDER BY dossier_code)),
                   count(received_at), sum(epoch_us(date_trunc('second', received_at))),
                   count(due_at), sum(epoch_us(due_at)), count(ended_at), sum(epoch_us(ended_at)),
                   count(fee), sum(fee), sum(share),
                   count(*) FILTER (is_synced), count(*) FILTER (NOT is_synced), count(is_synced),
                   count(*) FILTER (sync_code = '1'), count(*) FILTER (sync_code IS NULL)
            FROM {main}"""
    ).fetchone()
    landed_rounds = duckdb.sql(
        f"""SELECT count(*), count(DISTINCT dossier_code), count(*) FILTER (round = '2'),
                   sum(epoch_us(date_trunc('second', asked_at))),
                   count(answered_at), sum(epoch_us(date_trunc('second', answered_at)))
            FROM {rounds}"""
    ).fetchone()
    with psycopg.connect(database.url) as con:
        # the clock of Viet Nam, as microseconds since 1970 without a zone
        ended = "ngayketthuc AT TIME ZONE 'Asia/Ho_Chi_Minh'"
        micros = "(extract(epoch from date_trunc('second', {})) * 1000000)::bigint"
        counted = con.execute(
            f"""SELECT count(*), count(DISTINCT mahoso), count(kenh_id), count(tenthutuc),
                       md5(string_agg(tenthutuc, '|' ORDER BY mahoso)),
                       count(ngaytiepnhan), sum({micros.format("ngaytiepnhan")}),
                       count(ngayhentra), sum({micros.format("ngayhentra")}),
                       count(ngayketthuc), sum({micros.format(ended)}),
                       count(lephi), sum(lephi), sum(tylethu),
                       count(*) FILTER (WHERE dongbodvcqg), count(*) FILTER (WHERE NOT dongbodvcqg),
                       count(dongbodvcqg), count(*) FILTER (WHERE trangthaidongbodvc = 1),
                       count(*) FILTER (WHERE trangthaidongbodvc IS NULL)
                FROM hoso WHERE ngaycapnhat = '2026-09-30'"""
        ).fetchone()
        counted_rounds = con.execute(
            f"""SELECT count(*), count(DISTINCT hoso_id), count(*) FILTER (WHERE lan = 2),
                       sum({micros.format("b.ngayyeucau")}),
                       count(b.ngaybosung), sum({micros.format("b.ngaybosung")})
                FROM hosobosung AS b JOIN hoso AS h ON h.id = b.hoso_id
                WHERE h.ngaycapnhat = '2026-09-30'"""
        ).fetchone()
    assert landed == counted
    assert landed_rounds == counted_rounds


def test_persons_and_passwords_stay_where_they_are(
    database: Postgres, environment: dict[str, str], tmp_path: Path
) -> None:
    raw = tmp_path / "raw"
    write_extract(contract(), raw, DAY, environment=environment)
    table = pq.read_table(raw / "one_stop_database" / "2026-09-30" / "part-00001.parquet")
    assert not {"ChuHoSo", "sodienthoai", "SoDienThoai"} & set(table.column_names)
    cells = {str(cell) for column in table.columns for cell in column.to_pylist()}
    assert not any("Bí Mật" in cell for cell in cells)
    for file in everything(raw):
        assert database.password.encode() not in (raw / file).read_bytes()


def test_types_of_the_server_become_types_of_the_file(environment: dict[str, str], tmp_path: Path) -> None:
    write_extract(contract(), tmp_path, DAY, environment=environment)
    schema = pq.read_schema(tmp_path / "one_stop_database" / "2026-09-30" / "part-00001.parquet")
    kinds = {f.name: str(f.type) for f in schema}
    assert kinds["NgayTiepNhan"] == "timestamp[us]"
    assert kinds["NgayKetThuc"].startswith("timestamp[us, tz=")
    assert kinds["LePhi"].startswith("decimal128(")
    assert kinds["DongBoDVCQG"] == "bool"
    assert kinds["DanhSachBoSung"] == "string"


def test_a_server_that_goes_away_leaves_nothing_half(
    database: Postgres, environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extracts, "PART_ROWS", 1_000)
    seen: list[int] = []

    def pull_the_plug(rows: int) -> None:
        seen.append(rows)
        if len(seen) == 3:
            database.stop(signal.SIGQUIT)

    try:
        with pytest.raises(ExtractError) as caught:
            write_extract(contract(), tmp_path, DAY, on_rows=pull_the_plug, environment=environment)
    finally:
        database.start()
    message = str(caught.value)
    assert 3 <= len(seen) < ROWS // 1_000
    assert message.startswith("one_stop_database: the database of CHISO_ONE_STOP_URL gave no whole answer: ")
    assert message.endswith("Check the server, the network and the URL; nothing was written.")
    assert database.password not in message
    assert everything(tmp_path) == []
    assert date_folders(tmp_path, "one_stop_database", DAY) == []


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT mahoso FROM ho_so", 'relation "ho_so" does not exist.*Correct the query in one_stop_data'),
        ("SELEC 1", 'syntax error at or near "SELEC".*Correct the query'),
        ('SELECT chuhoso::int AS "MaHoSo" FROM hoso', r"a value of a row does not fit its type \(22P02\)"),
        ('DELETE FROM hosobosung RETURNING hoso_id AS "MaHoSo"', "Correct the query"),
        ("SELECT id, tenthutuc FROM hoso", r'MaHoSo \(dossier_code\) is missing.*write … AS "MaHoSo"'),
    ],
)
def test_a_query_that_cannot_be_answered_is_one_sentence(
    database: Postgres, environment: dict[str, str], tmp_path: Path, sql: str, words: str
) -> None:
    with pytest.raises(ExtractError, match=words) as caught:
        write_extract(contract(sql), tmp_path, DAY, environment=environment)
    message = str(caught.value)
    assert "\n" not in message
    assert database.password not in message
    assert "Bí Mật" not in message
    assert everything(tmp_path) == []
    with psycopg.connect(database.url) as con:
        assert con.execute("SELECT count(*) > 0 FROM hosobosung").fetchone() == (True,)


def test_a_wrong_password_is_not_shown(database: Postgres, tmp_path: Path) -> None:
    environment = {"CHISO_ONE_STOP_URL": database.url.replace(database.password, "geheim")}
    with pytest.raises(ExtractError, match="password authentication failed") as caught:
        write_extract(contract(), tmp_path, DAY, environment=environment)
    assert "geheim" not in str(caught.value)


COMMAND = """
import sys
from orchestration import cli
from tests.services.test_database_extracts import contract
cli.load_contracts = lambda folder: {"one_stop_database": contract()}
cli.main(sys.argv[1:])
"""


def test_the_command_and_what_it_shows(database: Postgres, tmp_path: Path) -> None:
    def chiso(*words: str, url: str = database.url) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", COMMAND, "extract", "one_stop_database", "--raw", str(tmp_path)]
        environment = os.environ | {"CHISO_ONE_STOP_URL": url}
        ran = subprocess.run(
            [*command, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert database.password not in ran.stdout + ran.stderr
        assert "Traceback" not in ran.stdout + ran.stderr
        return ran

    ran = chiso("--date", "2026-09-30")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("one_stop_database/2026-09-30: 20,000 rows in 1 file(s), ")
    assert chiso("--date", "2026-09-30").returncode == 1
    assert chiso("--date", "2026-09-30", "--replace").returncode == 0
    assert chiso("--date", "2025-09-30").returncode == 2
    ran = chiso("--date", "2026-09-29", url=database.url.replace(str(database.port), "9"))
    assert ran.returncode == 1
    assert "Check the server, the network and the URL; nothing was written." in ran.stdout
    assert [name for name in everything(tmp_path) if "2026-09-29" in name or "2025" in name] == []
