"""Small releases copied into a real PostgreSQL, and read from outside through psycopg and ODBC.

What must be there is read from the release's Parquet files by DuckDB.
"""

from __future__ import annotations

import functools
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import quote

import duckdb
import psycopg
import pyodbc
import pytest
from psycopg import errors, sql

from orchestration.landing.values import file_literal
from orchestration.places import ROOT
from orchestration.publishing import postgres_copy
from orchestration.publishing.ledger import ledger_views, record
from orchestration.publishing.postgres_copy import PostgresCopy, PostgresCopyError, copy_to_postgres
from orchestration.publishing.release import publish
from orchestration.publishing.showing import show
from tests.services.servers import Postgres, free_port
from tests.unit.releasing import FACTS, RUN

DAY = date(2026, 9, 30)
AGENCIES = [
    ("H01", "Tỉnh An Giang", None),
    ("H01.1", "UBND phường Long Xuyên", "H01"),
    ("H01.10", "Sở Y tế", "H01"),
    ("H01.09", "Sở Xây dựng", "H01"),
    ("H01.09.1", "Chi cục Giám định xây dựng", "H01.09"),
    ("K7", "Đội kiểm định (mã không theo cây)", "H01.09.1"),
]
# whose row of sync_findings; nobody's, and that of an agency which no list knows
OWNERS = [*(code for code, _, _ in AGENCIES), None, "H99"]
TEXTS = [
    "Cấp giấy phép xây dựng nhà ở riêng lẻ",
    unicodedata.normalize("NFD", "Đã trả kết quả"),
    "",
    None,
    " ",
    "một\thai\nba\r\nbốn\r",
    "\\N",
    "\\.",
    "C:\\tệp\\mới \\t",
    "nói \"không\"; và 'phẩy', 😀",
    "ư" * 9_000,
]
MARTS = {
    "dim_agency": ["agency_code"],
    "dim_indicator": ["indicator_code"],
    "indicator_results": ["period_start", "agency_code", "indicator_code"],
    "savings": ["savings_id"],
    "scorecard_totals": ["period_start", "agency_code"],
    "scorecards": ["period_start", "agency_code", "group_code"],
    "sync_findings": ["finding_id"],
}


def release_of(data: Path, number: int) -> Path:
    """A release in which every row says which publication it is of.

    Args:
        number: of the publication; each is of a later day than the one before.
    """
    data.mkdir(exist_ok=True)
    build = data / "build.duckdb"
    build.unlink(missing_ok=True)
    with duckdb.connect(str(build)) as con:
        con.execute(
            """CREATE SCHEMA marts;
               CREATE TABLE agencies (agency_code VARCHAR, agency_name VARCHAR, parent_agency_code VARCHAR);
               CREATE TABLE findings (n INTEGER, agency_code VARCHAR, one_stop_value VARCHAR)"""
        )
        con.executemany("INSERT INTO agencies VALUES (?, ?, ?)", AGENCIES)
        texts = [(i, OWNERS[i % len(OWNERS)], TEXTS[i % len(TEXTS)]) for i in range(88)]
        con.executemany("INSERT INTO findings VALUES (?, ?, ?)", texts)
        key = """'r' AS ruleset, 'national' AS basis, 'month' AS period_type,
                 DATE '2026-09-01' AS period_start, DATE '2026-09-30' AS period_end, agency_code"""
        con.execute(
            f"""CREATE VIEW said AS SELECT {number} AS publication;
                CREATE TABLE marts.dim_agency AS FROM agencies, said;
                CREATE TABLE marts.dim_indicator AS
                SELECT '3.3' AS indicator_code, 'Hồ sơ nộp trực tuyến' AS name_vi, publication FROM said;
                CREATE TABLE marts.savings AS
                SELECT 1::SMALLINT AS savings_id,
                       '-9999999999999999999999999.999999999'::DECIMAL(34,9) AS yearly_cost_saved, publication
                FROM said;
                CREATE TABLE marts.sync_findings AS
                SELECT 'F' || n AS finding_id, agency_code, 'H01-' || n AS dossier_code, one_stop_value,
                       CASE WHEN n % 3 > 0 THEN n * -0.25 END::DECIMAL(9,2) AS points_at_stake,
                       DATE '2026-09-01' + n AS first_seen_on,
                       CASE WHEN n % 4 > 0 THEN TIMESTAMP '2026-09-30 23:59:59.000001' END AS received_at,
                       [true, false, NULL][1 + n % 3] AS provisional,
                       CASE WHEN n < 80 THEN 'open' ELSE 'fixed' END AS status,
                       9223372036854775807 - n AS big, publication
                FROM findings, said;
                CREATE TABLE marts.indicator_results AS
                SELECT {key}, '3.3' AS indicator_code, {number}::BIGINT AS numerator,
                       10000::BIGINT AS denominator, {number}::DECIMAL(12,6) / 10000 AS rate,
                       1.5::DECIMAL(9,2) AS points, false AS provisional, publication
                FROM agencies, said;
                ALTER TABLE marts.indicator_results ALTER rate TYPE DECIMAL(12,6);
                CREATE TABLE marts.scorecards AS
                SELECT {key}, 'CLGQ' AS group_code, 1.5::DECIMAL(9,2) AS points, publication
                FROM agencies, said;
                CREATE TABLE marts.scorecard_totals AS
                SELECT {key}, 80.25::DECIMAL(9,2) AS points, 'Tốt' AS grade, 1::BIGINT AS rank_in_level,
                       false AS provisional, publication
                FROM agencies, said"""
        )
    day = DAY + timedelta(days=number)
    facts = FACTS | {"inputs": [{"source": "s", "delivered_on": "-", "file": f"{number}", "sha256": "-"}]}
    return publish(data / "releases", build, day, MARTS, facts, RUN).folder


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """The folder of a publication, made when it is first asked for; not to be changed."""
    data = tmp_path_factory.mktemp("data")
    return functools.cache(lambda number: release_of(data, number))


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    """Address of a new database, as its superuser; it goes with the test, and every role made meanwhile."""
    name = sql.Identifier(f"chiso_{secrets.token_hex(4)}")
    with psycopg.connect(postgres.url, autocommit=True) as con:
        before = con.execute("SELECT rolname FROM pg_roles").fetchall()
        con.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield postgres.url.removesuffix("postgres") + name.as_string().strip('"')
        con.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        roles = con.execute(
            "SELECT rolname FROM pg_roles WHERE rolname <> ALL (%s)", [[r for (r,) in before]]
        )
        for (role,) in roles.fetchall():
            con.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@pytest.fixture
def copied(database: str, release: Callable[[int], Path]) -> str:
    """Address of a database that holds publication 1."""
    copy_to_postgres(database, release(1), None)
    return database


def run(url: str, *statements: LiteralString) -> None:
    """Run statements, each on its own."""
    with psycopg.connect(url, autocommit=True) as con:
        for statement in statements:
            con.execute(statement)


def ask(url: str, query: LiteralString) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as con:
        return con.execute(query).fetchall()


def log_in(url: str, user: str, group: str | None) -> str:
    """Make a role that logs in, a member of a group; returns the address as it writes it."""
    with psycopg.connect(url, autocommit=True) as con:
        con.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'mật khẩu'").format(sql.Identifier(user)))
        if group is not None:
            con.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(user)))
    return f"postgresql://{quote(user)}:{quote('mật khẩu')}@{url.partition('@')[2]}"


def grant(url: str, role: str, agency: str) -> None:
    with psycopg.connect(url, autocommit=True) as con:
        con.execute("INSERT INTO access.agency_roles VALUES (%s, %s)", [role, agency])


def odbc(url: str) -> pyodbc.Connection:
    """The same address through Debian's ODBC driver."""
    told = psycopg.conninfo.conninfo_to_dict(url)
    return pyodbc.connect(
        f"Driver={{PostgreSQL Unicode}};Server={told['host']};Port={told['port']};Database={told['dbname']};"
        f"Uid={told['user']};Pwd={{{told['password']}}};BoolsAsChar=0",
        autocommit=True,
    )


def in_parquet(release: Path, mart: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        return con.execute(
            f"FROM read_parquet({file_literal(release / f'{mart}.parquet')}) ORDER BY ALL"
        ).fetchall()


def sorted_rows(rows: list[Any]) -> list[tuple[Any, ...]]:
    """Rows as DuckDB sorts them: by bytes, NULL last."""
    return sorted(
        (tuple(row) for row in rows),
        key=lambda row: [(v is None, v.encode() if isinstance(v, str) else v or 0) for v in row],
    )


def test_the_same_numbers_through_psycopg_and_odbc(
    database: str, release: Callable[[int], Path], tmp_path: Path
) -> None:
    published, written = tmp_path / "published", tmp_path / "ledger"
    for number in (1, 2):
        record(written, release(number), f"2026-10-0{number}T01:02:03+07:00")
        show(published, release(number), ledger_views(written))
    copy = copy_to_postgres(database, release(2), published)
    with duckdb.connect(str(published / "chiso.duckdb"), read_only=True) as con:
        ledger = {
            view: con.execute(f"FROM marts.{view} ORDER BY ALL").fetchall()
            for view in ("as_published", "restatements")
        }
    expected = {mart: in_parquet(release(2), mart) for mart in MARTS} | ledger
    assert [len(expected[mart]) for mart in ("sync_findings", "as_published", "restatements")] == [88, 24, 6]
    assert {type(v) for rows in expected.values() for row in rows for v in row} == {
        str, int, bool, Decimal, date, datetime, type(None),
    }  # fmt: skip
    assert copy == PostgresCopy("2026-10-02/1", 9, sum(map(len, expected.values())), is_new=True)
    reader = log_in(database, "bi", "chiso_reader")
    with psycopg.connect(reader) as con, odbc(reader) as dsn:
        for mart, rows in expected.items():
            query = sql.SQL("SELECT * FROM marts.{}").format(sql.Identifier(mart))
            assert sorted_rows(con.execute(query).fetchall()) == rows, mart
            assert sorted_rows(dsn.execute(f"SELECT * FROM marts.{mart}").fetchall()) == rows, mart
        sums = (
            "SELECT sum(points_at_stake), count(one_stop_value), count(*) FILTER (WHERE one_stop_value = '')"
        )
        told = con.execute(sums + " FROM marts.sync_findings").fetchone()
        assert told == tuple(dsn.execute(sums + " FROM marts.sync_findings").fetchone() or ())
    files = file_literal(release(2) / "sync_findings.parquet")
    assert told == duckdb.sql(f"{sums} FROM read_parquet({files})").fetchone()


def test_types_keys_and_indexes(copied: str) -> None:
    types = ask(
        copied,
        """SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
           WHERE attrelid = 'marts.sync_findings'::regclass AND attnum > 0 ORDER BY attnum""",
    )
    assert dict(types) == {
        "finding_id": "text",
        "agency_code": "text",
        "dossier_code": "text",
        "one_stop_value": "text",
        "points_at_stake": "numeric(9,2)",
        "first_seen_on": "date",
        "received_at": "timestamp without time zone",
        "provisional": "boolean",
        "status": "text",
        "big": "bigint",
        "publication": "integer",
    }
    indexes = ask(
        copied,
        """SELECT tablename, string_agg(substring(indexdef FROM '\\((.*)\\)'), '; ' ORDER BY indexdef)
           FROM pg_indexes WHERE schemaname = 'marts' GROUP BY 1""",
    )
    assert dict(indexes) == {
        "dim_agency": "agency_code",
        "dim_indicator": "indicator_code",
        "indicator_results": "agency_code; period_start, agency_code, indicator_code",
        "savings": "savings_id",
        "scorecard_totals": "agency_code; period_start, agency_code",
        "scorecards": "agency_code; period_start, agency_code, group_code",
        "sync_findings": "agency_code; dossier_code; finding_id",
    }
    assert ask(copied, "SELECT release, marts, rows FROM ops.release") == [("2026-10-01/1", 7, 114)]


def test_a_second_copy_of_the_same_release_does_nothing(
    copied: str, release: Callable[[int], Path], tmp_path: Path
) -> None:
    tables: LiteralString = "SELECT oid, relname FROM pg_class ORDER BY oid"
    before = ask(copied, tables), ask(copied, "SELECT * FROM ops.release")
    current = tmp_path / "current"
    current.symlink_to(release(1))
    again = copy_to_postgres(copied, current, None)
    assert again == PostgresCopy("2026-10-01/1", 7, 114, is_new=False)
    assert (ask(copied, tables), ask(copied, "SELECT * FROM ops.release")) == before


def test_connections_that_stay_open(copied: str, release: Callable[[int], Path]) -> None:
    """A swap waits for nobody and breaks nobody; who asks next is told the new release, whole."""
    reader = log_in(copied, "bi", "chiso_reader")
    question: LiteralString = "SELECT min(publication), max(publication), count(*) FROM marts.sync_findings"
    with (
        psycopg.connect(reader, autocommit=True) as plain,
        psycopg.connect(reader) as reading,
        psycopg.connect(reader) as frozen,
        odbc(reader) as dsn,
    ):
        assert plain.execute(question, prepare=True).fetchone() == (1, 1, 88)
        assert tuple(dsn.execute(question).fetchone() or ()) == (1, 1, 88)
        cursor = reading.cursor("half_way")
        cursor.execute("SELECT publication FROM marts.sync_findings")
        assert cursor.fetchone() == (1,)
        frozen.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        assert frozen.execute("SELECT 1").fetchone() == (1,)  # it looks with the eyes of now, from now on

        copy_to_postgres(copied, release(2), None)
        for con in (plain, reading, frozen):
            assert con.execute(question).fetchone() == (2, 2, 88)
        assert tuple(dsn.execute(question).fetchone() or ()) == (2, 2, 88)
        assert plain.execute(question, prepare=True).fetchone() == (2, 2, 88)
        assert cursor.fetchall() == [(1,)] * 87
        # what the half-read query holds could not go; nobody else gets in
        ((kept,),) = ask(
            copied, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'marts%' AND nspname <> 'marts'"
        )
        with pytest.raises(errors.InsufficientPrivilege, match="permission denied for schema"):
            plain.execute(sql.SQL("SELECT * FROM {}.sync_findings").format(sql.Identifier(kept)))
        reading.rollback()
        frozen.rollback()

        copy_to_postgres(copied, release(3), None)
        assert plain.execute(question, prepare=True).fetchone() == (3, 3, 88)
    assert ask(copied, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'marts%'") == [("marts",)]


@dataclass
class Seen:
    """What a reader met: how often it asked, the publications, a sentence for each answer that was wrong."""

    queries: int = 0
    publications: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def keep_reading(
    url: str, rows: dict[str, int], stays: bool, copied: list[int], stop: threading.Event, seen: Seen
) -> None:
    """Ask mart after mart for its publication, on one connection or a new one each time.

    Args:
        rows: mart → the rows that this reader must find.
        copied: publications whose copy has ended.
    """
    last = dict.fromkeys(rows, 0)
    con = psycopg.connect(url, autocommit=True)
    try:
        while not stop.is_set():
            for mart, count in rows.items():
                at_least = max(copied[-1], last[mart])
                query = sql.SQL("SELECT min(publication), max(publication), count(*) FROM marts.{}")
                least, most, found = con.execute(query.format(sql.Identifier(mart))).fetchall()[0]
                if least != most or found != count or least < at_least:
                    seen.faults.append(f"{mart} after {at_least}: {found} rows of {least} to {most}")
                last[mart] = least
                seen.publications.add(least)
                seen.queries += 1
            if not stays:
                con.close()
                con = psycopg.connect(url, autocommit=True)
    except psycopg.Error as error:
        seen.faults.append(repr(error))
    finally:
        con.close()


def test_readers_without_pause_during_swaps(copied: str, release: Callable[[int], Path]) -> None:
    everything = {"sync_findings": 88, "dim_agency": 6, "scorecards": 6, "dim_indicator": 1}
    department = {"sync_findings": 33, "dim_agency": 3, "scorecards": 3}
    grant(copied, "sxd", "H01.09")
    asked = [
        (log_in(copied, "bi", "chiso_reader"), everything),
        (log_in(copied, "sxd", "chiso_agency"), department),
    ]
    publications = range(2, 8)
    for number in publications:
        release(number)
    ended = [1]
    stop = threading.Event()
    seen = [Seen() for _ in range(4)]
    readers = [
        threading.Thread(target=keep_reading, args=(*asked[i % 2], i < 2, ended, stop, seen[i]))
        for i in range(4)
    ]
    for reader in readers:
        reader.start()
    try:
        for number in publications:
            copy_to_postgres(copied, release(number), None)
            ended.append(number)
            time.sleep(0.1)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert [s.faults for s in seen] == [[], [], [], []]
    for s in seen:
        assert s.queries > 50
        assert {5, 6, 7} <= s.publications


def owners_seen(url: str) -> set[str | None]:
    """Agencies whose findings a role sees; through psycopg and ODBC alike."""
    query: LiteralString = "SELECT agency_code, count(*) FROM marts.sync_findings GROUP BY 1"
    found = dict(ask(url, query))
    with odbc(url) as con:
        assert dict(map(tuple, con.execute(query).fetchall())) == found
    assert set(found.values()) <= {11}
    return set(found)


def test_an_agency_sees_its_own_rows_and_those_below_it(copied: str) -> None:
    assert owners_seen(log_in(copied, "bi", "chiso_reader")) == {*OWNERS}
    department = log_in(copied, "so_xay_dung", "chiso_agency")
    assert owners_seen(department) == set()
    grant(copied, "so_xay_dung", "H01.09")
    assert owners_seen(department) == {"H01.09", "H01.09.1", "K7"}
    for query in ("SELECT agency_code FROM marts.dim_agency", "SELECT agency_code FROM marts.my_agencies"):
        assert {code for (code,) in ask(department, query)} == {"H01.09", "H01.09.1", "K7"}
    ward = log_in(copied, "Phường 1", "chiso_agency")
    grant(copied, "Phường 1", "H01.1")
    assert owners_seen(ward) == {"H01.1"}  # and not H01.10
    province = log_in(copied, "vpubnd", "chiso_agency")
    grant(copied, "vpubnd", "H01")
    assert owners_seen(province) == {code for code, _, _ in AGENCIES}  # not nobody's, not the unknown one's


def test_grants_count_at_once_and_go_through_groups(copied: str, release: Callable[[int], Path]) -> None:
    run(copied, "CREATE ROLE so_y_te NOLOGIN; GRANT chiso_agency TO so_y_te")
    person = log_in(copied, "an", "so_y_te")
    grant(copied, "so_y_te", "H01.10")
    grant(copied, "somebody_who_left", "H01")
    with psycopg.connect(person, autocommit=True) as con:
        question: LiteralString = "SELECT DISTINCT agency_code FROM marts.sync_findings ORDER BY 1"
        assert con.execute(question, prepare=True).fetchall() == [("H01.10",)]
        copy_to_postgres(copied, release(2), None)
        assert con.execute(question, prepare=True).fetchall() == [("H01.10",)]
        grant(copied, "so_y_te", "H01.1")
        assert con.execute(question, prepare=True).fetchall() == [("H01.1",), ("H01.10",)]
        run(copied, "DELETE FROM access.agency_roles")
        assert con.execute(question, prepare=True).fetchall() == []
        run(copied, "REVOKE so_y_te FROM an")
        with pytest.raises(errors.InsufficientPrivilege):
            con.execute(question)


REFUSED: list[LiteralString] = [
    "SELECT * FROM access.agency_roles",
    "INSERT INTO access.agency_roles VALUES ('so_xay_dung', 'H01')",
    "SET ROLE chiso_reader",
    "SET SESSION AUTHORIZATION reader",
    "UPDATE marts.sync_findings SET agency_code = 'H01.09'",
    "DELETE FROM marts.sync_findings",
    "INSERT INTO marts.dim_agency (agency_code, parent_agency_code) VALUES ('H01.10', 'H01.09')",
    "TRUNCATE marts.sync_findings",
    "ALTER TABLE marts.sync_findings DISABLE ROW LEVEL SECURITY",
    "DROP POLICY own_rows ON marts.sync_findings",
    "CREATE POLICY mine ON marts.sync_findings USING (true)",
    "CREATE TABLE marts.own (n int)",
    "CREATE SCHEMA own",
    "ALTER SCHEMA marts RENAME TO gone",
    "UPDATE ops.release SET release = 'x'",
    "SET row_security = off; SELECT * FROM marts.sync_findings",
    "ALTER ROLE so_xay_dung BYPASSRLS",
    "GRANT chiso_reader TO so_xay_dung",
    "BEGIN; LOCK TABLE marts.sync_findings IN ACCESS EXCLUSIVE MODE",
]


def test_no_way_around(copied: str) -> None:
    department = log_in(copied, "so_xay_dung", "chiso_agency")
    grant(copied, "so_xay_dung", "H01.09")
    for statement in (*REFUSED, "SELECT * FROM marts.dim_indicator", "SELECT * FROM marts.savings"):
        with pytest.raises(errors.InsufficientPrivilege):
            run(department, statement)
    reader = log_in(copied, "bi", "chiso_reader")
    for statement in REFUSED:
        if statement == "SET ROLE chiso_reader":
            continue
        with pytest.raises(errors.InsufficientPrivilege):
            run(reader, statement)
    nobody = log_in(copied, "nobody", None)
    for table in (
        "marts.sync_findings",
        "marts.dim_indicator",
        "marts.my_agencies",
        "access.agency_roles",
        "ops.release",
    ):
        with pytest.raises(errors.InsufficientPrivilege, match="permission denied for schema"):
            run(nobody, "SELECT * FROM " + table)
    assert ask(copied, "SELECT count(*) FROM access.agency_roles") == [(1,)]


def test_own_functions_and_views_meet_own_rows_only(copied: str) -> None:
    """A cheap function that tells what it is given is not called for rows that its caller may not see."""
    department = log_in(copied, "so_xay_dung", "chiso_agency")
    grant(copied, "so_xay_dung", "H01.09")
    grant(copied, "somebody_else", "H01.10")
    told: list[str] = []
    with psycopg.connect(department, autocommit=True) as con:
        con.add_notice_handler(lambda notice: told.append(notice.message_primary or ""))
        con.execute(
            """CREATE FUNCTION pg_temp.tell(code text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS
               $$ BEGIN RAISE NOTICE '%', code; RETURN true; END $$"""
        )
        con.execute("SELECT count(*) FROM marts.sync_findings WHERE pg_temp.tell(agency_code)")
        con.execute("SELECT count(*) FROM marts.dim_agency WHERE pg_temp.tell(agency_code)")
        con.execute("SELECT count(*) FROM marts.my_agencies WHERE pg_temp.tell(agency_code)")
        assert set(told) == {"H01.09", "H01.09.1", "K7"}
        con.execute("CREATE TEMP VIEW own AS SELECT * FROM marts.sync_findings")
        assert con.execute("SELECT count(*) FROM own").fetchone() == (33,)
        values = con.execute("SELECT most_common_vals::text FROM pg_stats WHERE attname = 'agency_code'")
        assert values.fetchall() == []


WAIT_IN_THE_MIDDLE = """
CREATE FUNCTION wait() RETURNS event_trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock(1); END $$;
CREATE EVENT TRIGGER wait ON ddl_command_end WHEN TAG IN ('{}') EXECUTE FUNCTION wait()
"""
COPY = """
import sys
from pathlib import Path
from orchestration.publishing.postgres_copy import copy_to_postgres
copy_to_postgres(sys.argv[1], Path(sys.argv[2]), None)
"""


@pytest.mark.parametrize("step", ["CREATE INDEX", "CREATE POLICY", "ALTER SCHEMA"])
@pytest.mark.parametrize("dies", ["process", "backend"])
def test_a_killed_copy_was_never_there(
    copied: str, release: Callable[[int], Path], step: str, dies: str
) -> None:
    reader = log_in(copied, "bi", "chiso_reader")
    second = release(2)
    schemas: LiteralString = "SELECT nspname FROM pg_namespace ORDER BY oid"
    before = ask(copied, schemas)
    with psycopg.connect(copied, autocommit=True) as con:
        con.execute(WAIT_IN_THE_MIDDLE.format(step))
        con.execute("SELECT pg_advisory_lock(1)")
        copying = subprocess.Popen(
            [sys.executable, "-c", COPY, copied, str(second)], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        waiting: LiteralString = """SELECT pid FROM pg_stat_activity
                                    WHERE application_name = 'chiso' AND wait_event = 'advisory'"""
        while not (found := con.execute(waiting).fetchall()):
            assert copying.poll() is None, copying.communicate()[1]
            time.sleep(0.02)
        assert ask(reader, schemas) == before
        if dies == "process":
            copying.send_signal(signal.SIGKILL)
        else:
            con.execute("SELECT pg_terminate_backend(%s)", [found[0][0]])
        said = copying.communicate(timeout=30)[1]
        assert ask(reader, "SELECT DISTINCT publication FROM marts.sync_findings") == [(1,)]
    run(copied, "DROP EVENT TRIGGER wait")
    if dies == "backend":
        assert "PostgresCopyError: PostgreSQL, copy of 2026-10-02/1: terminating connection" in said
        assert ask(copied, schemas) == before
    assert copy_to_postgres(copied, second, None).is_new
    assert ask(reader, "SELECT DISTINCT publication FROM marts.sync_findings") == [(2,)]
    assert len(ask(copied, schemas)) == len(before)


def message_of(call: Callable[[], object]) -> str:
    """What a copy that fails says; in one line."""
    with pytest.raises(PostgresCopyError) as caught:
        call()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_errors_in_plain_words(postgres: Postgres, database: str, release: Callable[[int], Path]) -> None:
    def said(url: str) -> str:
        return message_of(lambda: copy_to_postgres(url, release(1), None))

    away = said(database.replace(str(postgres.port), str(free_port())))
    assert "Connection refused" in away
    assert away.endswith("Check the server, the network and CHISO_POSTGRES_URL.")
    wrong = said(database.replace(postgres.password, "geheim"))
    assert 'password authentication failed for user "reader"' in wrong
    for no_address in (
        "chiso",
        f"postgresql://a:{postgres.password}%zz@h/d",
        "postgresql+psycopg://a:geheim@h/d",
    ):
        assert said(no_address).startswith("PostgreSQL: CHISO_POSTGRES_URL is no address of a database;")
    plain = log_in(database, "chiso", None)
    name = database.rpartition("/")[2]
    assert said(plain) == (
        f"PostgreSQL: chiso may not create schemas in {name}. Let an administrator run: "
        f'GRANT CREATE ON DATABASE "{name}" TO "chiso";'
    )
    with psycopg.connect(database, autocommit=True) as con:
        con.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO chiso").format(sql.Identifier(name)))
    assert said(plain) == (
        "PostgreSQL: chiso may not create roles. Let an administrator run once: "
        "CREATE ROLE chiso_reader NOLOGIN; CREATE ROLE chiso_agency NOLOGIN;"
    )
    assert ask(database, "SELECT nspname FROM pg_namespace WHERE nspname IN ('marts', 'access', 'ops')") == []
    run(database, "CREATE ROLE chiso_reader NOLOGIN; CREATE ROLE chiso_agency NOLOGIN")
    assert copy_to_postgres(plain, release(1), None).is_new
    assert owners_seen(log_in(database, "bi", "chiso_reader")) == {*OWNERS}
    assert copy_to_postgres(plain, release(2), None).is_new
    for text in (away, wrong):
        assert postgres.password not in text
        assert "geheim" not in text


def test_what_is_no_copy_is_left_alone(database: str, release: Callable[[int], Path]) -> None:
    run(database, "CREATE SCHEMA marts; CREATE TABLE marts.theirs AS SELECT 1 AS n")
    assert "a schema marts that is no copy" in message_of(
        lambda: copy_to_postgres(database, release(1), None)
    )
    assert ask(database, "SELECT n FROM marts.theirs") == [(1,)]


def test_a_full_disk_and_a_damaged_release(
    copied: str, release: Callable[[int], Path], tmp_path: Path
) -> None:
    run(
        copied,
        """CREATE FUNCTION full_disk() RETURNS event_trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE 'could not extend file "base/1/2"' USING ERRCODE = 'disk_full'; END $$""",
        """CREATE EVENT TRIGGER full_disk ON ddl_command_end WHEN TAG IN ('CREATE INDEX')
           EXECUTE FUNCTION full_disk()""",
    )
    second = shutil.copytree(release(2), tmp_path / "2026-10-02" / "1")
    assert message_of(lambda: copy_to_postgres(copied, second, None)) == (
        'PostgreSQL, copy of 2026-10-02/1: could not extend file "base/1/2". Its disk is full; while a copy '
        "is made it needs room for two."
    )
    run(copied, "DROP EVENT TRIGGER full_disk")
    findings = second / "sync_findings.parquet"
    whole = findings.read_bytes()
    findings.write_bytes(whole[:300] + bytes(300) + whole[600:])
    assert message_of(lambda: copy_to_postgres(copied, second, None)).startswith(
        "PostgreSQL: release 2026-10-02/1 cannot be read: "
    )
    with duckdb.connect() as con:
        con.execute(f"COPY (FROM range(88) LIMIT 7) TO {file_literal(findings)}")
    assert message_of(lambda: copy_to_postgres(copied, second, None)) == (
        "PostgreSQL: sync_findings has 7 rows, its manifest says 88; the release is damaged."
    )
    assert ask(copied, "SELECT DISTINCT publication FROM marts.sync_findings") == [(1,)]
    findings.write_bytes(whole)
    assert copy_to_postgres(copied, second, None).is_new


def test_one_copy_at_a_time(
    copied: str, release: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[PostgresCopy] = []
    waiting = [
        threading.Thread(target=lambda: answers.append(copy_to_postgres(copied, release(2), None)))
        for _ in range(2)
    ]
    with psycopg.connect(copied, autocommit=True) as con:
        con.execute("SELECT pg_advisory_lock(%s)", [postgres_copy._LOCK])
        for thread in waiting:
            thread.start()
        waits: LiteralString = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'"
        while con.execute(waits).fetchone() != (2,):
            time.sleep(0.02)
        monkeypatch.setattr(postgres_copy, "_PATIENCE", "100ms")
        assert message_of(lambda: copy_to_postgres(copied, release(2), None)) == (
            "PostgreSQL, copy of 2026-10-02/1: canceling statement due to lock timeout. Another copy is "
            "being made, or somebody changes its schemas; try again when that has ended."
        )
        assert answers == []
    for thread in waiting:
        thread.join()
    assert [answer.is_new for answer in answers] == [True, False]


def test_the_snippets_of_the_guide_run(
    postgres: Postgres, database: str, release: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What docs/bi.md says about PostgreSQL, as it is printed, but for the address of the server."""
    guide = (ROOT / "docs" / "bi.md").read_text(encoding="utf-8")

    def snippets(kind: str) -> list[str]:
        parts = [part.partition("```")[0] for part in guide.split(f"```{kind}\n")[1:]]
        return [
            part.replace("db.example.vn", "127.0.0.1").replace("5432", str(postgres.port)) for part in parts
        ]

    (as_administrator,) = snippets("sql administrator")
    (as_owner,) = snippets("sql owner")
    monkeypatch.setenv("PGPASSWORD", "change me")
    with psycopg.connect(database, autocommit=True) as con:
        try:
            for statement in as_administrator.split(";\n"):
                con.execute(statement)
            owner = f"postgresql://chiso@127.0.0.1:{postgres.port}/chiso"
            copy_to_postgres(owner, release(1), None)
            run(owner, as_owner)
            told: dict[str, Any] = {}
            for snippet in snippets("python postgres"):
                exec(compile(snippet, "docs/bi.md", "exec"), told)
            told["con"].close()
        finally:
            con.execute("DROP DATABASE IF EXISTS chiso")
    assert told["open_findings"] == [("H01.09", 10), ("H01.09.1", 10), ("K7", 10)]
    assert [tuple(row) for row in told["points"]] == [
        (code, Decimal("80.25")) for code in sorted(code for code, _, _ in AGENCIES)
    ]
