"""A copy of a release in PostgreSQL, for tools that want a server and agencies that shall see their own rows.

    marts     a table per mart, `as_published` and `restatements`; replaced whole by each copy
    access    `agency_roles`: which role sees which agency; stays, and no reader may look into it
    ops       `release`: which release `marts` holds, and since when

A copy is one transaction: readers see the release before it or all of the new one, and a copy that was
killed was never there. Members of `chiso_reader` read everything; members of `chiso_agency` those rows whose
`agency_code` was granted to them, or stands below one that was (docs/decisions/0030).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import duckdb
import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from orchestration.landing.values import identifier, literal
from orchestration.publishing.files import DATABASE, mart_rows
from orchestration.publishing.releases import name_of, read_manifest

READER = "chiso_reader"
AGENCY = "chiso_agency"

_LIVE, _DRAFT, _REPLACED = "marts", "marts_draft", "marts_replaced_"
_LEDGER = ("as_published", "restatements")
_INDEXED = ("agency_code", "dossier_code", "period_start")
_TYPES = {
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "HUGEINT": "numeric(39,0)",
    "INTEGER": "integer",
    "SMALLINT": "smallint",
    "TIMESTAMP": "timestamp",
    "TINYINT": "smallint",
    "VARCHAR": "text",
}
# what PostgreSQL's COPY takes for something else than the sign itself
_ESCAPED = {"'\\'": r"\\", "chr(9)": r"\t", "chr(10)": r"\n", "chr(13)": r"\r"}
_ROWS_AT_ONCE = 10_000
_LOCK = 766
_CONNECT_SECONDS = 15
_PATIENCE = "30s"  # with another copy
_BOTH = sql.SQL("{}, {}").format(sql.Identifier(READER), sql.Identifier(AGENCY))


class PostgresCopyError(Exception):
    """The copy failed; readers see what they saw before. The message says what to do, never a password."""


@dataclass(frozen=True)
class PostgresCopy:
    """What PostgreSQL holds now.

    Attributes:
        release: `<business date>/<number>`.
        marts: tables of schema `marts`.
        rows: of all of them.
        is_new: False when it held this release already, and nothing was done.
    """

    release: str
    marts: int
    rows: int
    is_new: bool


@dataclass(frozen=True)
class _Table:
    """What becomes a table of schema `marts`.

    Attributes:
        source: DuckDB's SQL of what stands in FROM.
        columns: name → DuckDB's name of its type.
        rows: how many the manifest promises; None where it does not know the table.
    """

    name: str
    source: str
    columns: dict[str, str]
    key: tuple[str, ...]
    rows: int | None


def copy_to_postgres(url: str, release: Path, published: Path | None) -> PostgresCopy:
    """Let PostgreSQL hold a release in place of the one it holds; nothing when it holds it already.

    Args:
        url: libpq's address of the database, as postgresql://user:password@host/database; straight to the
            server, not through a pooler. The user creates schemas and, at first, two roles.
        release: folder of a release.
        published: the folder `DATA/published`, whose ledger comes along; None for the release alone.

    Raises:
        PostgresCopyError: readers see what they saw before.
    """
    release = release.resolve()
    name, manifest = name_of(release), read_manifest(release)
    with _in_plain_words(url, name), _connect(url) as con, duckdb.connect() as lake:
        _one_at_a_time(con)
        tables = _tables_of(lake, release, manifest["marts"], published)
        with con.transaction():
            _make_what_stays(con)
            held = _held(con)
            if held is not None and held[:2] == (name, manifest["fingerprint"]):
                return PostgresCopy(name, held[2], held[3], is_new=False)
            _execute(con, "CREATE SCHEMA {}", _DRAFT)
            rows = sum(_copy_table(con, lake, table) for table in tables)
            _guard(con, tables)
            _put_live(con, (name, manifest["fingerprint"], len(tables), rows))
        _drop_replaced(con)
    return PostgresCopy(name, len(tables), rows, is_new=True)


def _connect(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        url,
        autocommit=True,
        connect_timeout=_CONNECT_SECONDS,
        client_encoding="utf8",
        application_name="chiso",
    )


def _execute(con: psycopg.Connection[Any], statement: LiteralString, *names: str) -> None:
    """Run a statement with names in its places."""
    con.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _one_at_a_time(con: psycopg.Connection[Any]) -> None:
    """Wait for another copy to end, but not for ever; held until the connection ends."""
    con.execute("SELECT set_config('lock_timeout', %s, false)", [_PATIENCE])
    con.execute("SELECT pg_advisory_lock(%s)", [_LOCK])


def _make_what_stays(con: psycopg.Connection[Any]) -> None:
    """The two roles, and the two schemas that no copy replaces, where they are missing."""
    may_create, user, database = _row(
        con,
        "SELECT has_database_privilege(current_database(), 'CREATE'), current_user, current_database()",
    )
    if not may_create:
        raise PostgresCopyError(
            f"PostgreSQL: {user} may not create schemas in {database}. Let an administrator run: "
            f"GRANT CREATE ON DATABASE {identifier(database)} TO {identifier(user)};"
        )
    known = {role for (role,) in con.execute("SELECT rolname FROM pg_roles").fetchall()}
    missing = [role for role in (READER, AGENCY) if role not in known]
    try:
        for role in missing:
            _execute(con, "CREATE ROLE {} NOLOGIN", role)
    except errors.InsufficientPrivilege:
        raise PostgresCopyError(
            f"PostgreSQL: {user} may not create roles. Let an administrator run once: "
            + " ".join(f"CREATE ROLE {role} NOLOGIN;" for role in missing)
        ) from None
    con.execute(
        """CREATE SCHEMA IF NOT EXISTS access;
           CREATE TABLE IF NOT EXISTS access.agency_roles (
               role_name text, agency_code text, PRIMARY KEY (role_name, agency_code));
           CREATE SCHEMA IF NOT EXISTS ops;
           CREATE TABLE IF NOT EXISTS ops.release (
               release text NOT NULL, fingerprint text NOT NULL, marts integer NOT NULL, rows bigint NOT NULL,
               copied_at timestamp NOT NULL)"""
    )
    _execute(con, "GRANT USAGE ON SCHEMA ops TO {}, {}", READER, AGENCY)
    _execute(con, "GRANT SELECT ON ops.release TO {}, {}", READER, AGENCY)


def _held(con: psycopg.Connection[Any]) -> tuple[str, str, int, int] | None:
    """Release, fingerprint, tables and rows of what `marts` holds; None where there is no such schema."""
    if _oid_of_live(con) is None:
        return None
    held = con.execute("SELECT release, fingerprint, marts, rows FROM ops.release").fetchone()
    if held is None:
        raise PostgresCopyError(
            "PostgreSQL: the database has a schema marts that is no copy of a release; it was left as it is. "
            "Rename it, or take another database."
        )
    release, fingerprint, marts, rows = held
    return release, fingerprint, marts, rows


def _oid_of_live(con: psycopg.Connection[Any]) -> int | None:
    (oid,) = _row(con, "SELECT CAST(to_regnamespace('marts') AS oid)")
    return oid if oid is None else int(oid)


def _tables_of(
    lake: duckdb.DuckDBPyConnection, release: Path, marts: dict[str, dict[str, Any]], published: Path | None
) -> list[_Table]:
    """Every mart of the release, and what readers were told, as the ledger has it."""
    tables = []
    for mart, told in marts.items():
        source = mart_rows(release, mart)
        key = tuple(told.get("key", ()))
        tables.append(_Table(mart, source, _columns_of(lake, mart, source), key, told["rows"]))
    if published is not None and (published / DATABASE).exists():
        lake.execute(f"ATTACH {literal(str(published / DATABASE))} AS published (READ_ONLY)")
        for view in _LEDGER:
            source = f"published.marts.{view}"
            tables.append(_Table(view, source, _columns_of(lake, view, source), (), None))
    return tables


def _columns_of(lake: duckdb.DuckDBPyConnection, table: str, source: str) -> dict[str, str]:
    columns = {str(row[0]): str(row[1]) for row in lake.execute(f"DESCRIBE FROM {source}").fetchall()}
    for column, kind in columns.items():
        if _type_of(kind) is None:
            raise PostgresCopyError(
                f"PostgreSQL: column {column} of {table} has the type {kind}; name what it becomes in "
                "orchestration/publishing/postgres_copy.py."
            )
    return columns


def _type_of(kind: str) -> str | None:
    """PostgreSQL's name of a type of DuckDB that holds the very same values; None where none was chosen."""
    return kind.replace("DECIMAL", "numeric") if kind.startswith("DECIMAL(") else _TYPES.get(kind)


def _copy_table(con: psycopg.Connection[Any], lake: duckdb.DuckDBPyConnection, table: _Table) -> int:
    """Make a table of the draft, fill it a few rows at a time, index it; returns its rows."""
    columns = sql.SQL(", ").join(
        sql.Identifier(column) + sql.SQL(f" {_type_of(kind)}") for column, kind in table.columns.items()
    )
    target = sql.Identifier(_DRAFT, table.name)
    con.execute(sql.SQL("CREATE TABLE {} ({})").format(target, columns))
    lines = lake.execute(f"SELECT {_line(table.columns)} FROM {table.source}")
    # FREEZE: who began to look before the copy ended finds the rows too, instead of an empty table
    with con.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY {} FROM STDIN (FREEZE)").format(target)) as copy:
            while rows := lines.fetchmany(_ROWS_AT_ONCE):
                copy.write("".join(line for (line,) in rows))
        copied = cursor.rowcount
    if table.rows not in (None, copied):
        raise PostgresCopyError(
            f"PostgreSQL: {table.name} has {copied:,} rows, its manifest says {table.rows:,}; the release is "
            "damaged."
        )
    if table.key:
        key = sql.SQL(", ").join(map(sql.Identifier, table.key))
        con.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(target, key))
    for column in _INDEXED:
        if column in table.columns and table.key[:1] != (column,):
            con.execute(sql.SQL("CREATE INDEX ON {} ({})").format(target, sql.Identifier(column)))
    con.execute(sql.SQL("ANALYZE {}").format(target))
    return copied


def _line(columns: dict[str, str]) -> str:
    """DuckDB's SQL of a row in the text form of PostgreSQL's COPY, in which every type here is exact."""
    cells = []
    for column, kind in columns.items():
        cell = f"CAST({identifier(column)} AS VARCHAR)"
        if kind == "VARCHAR":
            for sign, written in _ESCAPED.items():
                cell = f"replace({cell}, {sign}, '{written}')"
        cells.append(rf"coalesce({cell}, '\N')")
    return " || chr(9) || ".join(cells) + " || chr(10)"


def _guard(con: psycopg.Connection[Any], tables: list[_Table]) -> None:
    """Say who may read what of the draft; all that is not said is refused."""
    # A view looks with the rights of its owner and knows who asks: no reader needs a right on what it stands
    # on. It holds on to this release's agencies, whatever schema they are moved to.
    _execute(
        con,
        """CREATE VIEW {}.my_agencies WITH (security_barrier) AS
           WITH RECURSIVE mine AS (
               SELECT granted.agency_code
               FROM access.agency_roles AS granted
               INNER JOIN pg_catalog.pg_roles AS known ON known.rolname = granted.role_name
               WHERE pg_catalog.pg_has_role(current_user, known.oid, 'USAGE')
               UNION
               SELECT below.agency_code
               FROM mine INNER JOIN {}.dim_agency AS below ON below.parent_agency_code = mine.agency_code
           )
           SELECT agency_code FROM mine""",
        _DRAFT,
        _DRAFT,
    )
    _execute(con, "GRANT SELECT ON {}.my_agencies TO {}", _DRAFT, AGENCY)
    for table in tables:
        _execute(con, "GRANT SELECT ON {}.{} TO {}", _DRAFT, table.name, READER)
        if "agency_code" not in table.columns:
            continue
        _execute(con, "GRANT SELECT ON {}.{} TO {}", _DRAFT, table.name, AGENCY)
        _execute(con, "ALTER TABLE {}.{} ENABLE ROW LEVEL SECURITY", _DRAFT, table.name)
        _execute(con, "CREATE POLICY all_rows ON {}.{} TO {} USING (true)", _DRAFT, table.name, READER)
        _execute(
            con,
            """CREATE POLICY own_rows ON {}.{} TO {}
               USING (agency_code = ANY (ARRAY(SELECT mine.agency_code FROM {}.my_agencies AS mine)))""",
            _DRAFT,
            table.name,
            AGENCY,
            _DRAFT,
        )


def _put_live(con: psycopg.Connection[Any], held: tuple[str, str, int, int]) -> None:
    """Give the draft the name that readers ask for, and note what it is; seen when the transaction ends."""
    live = _oid_of_live(con)
    if live is not None:
        _execute(con, "ALTER SCHEMA {} RENAME TO {}", _LIVE, f"{_REPLACED}{live}")
    _execute(con, "ALTER SCHEMA {} RENAME TO {}", _DRAFT, _LIVE)
    _execute(con, "GRANT USAGE ON SCHEMA {} TO {}, {}", _LIVE, READER, AGENCY)
    con.execute("DELETE FROM ops.release")
    con.execute(
        """INSERT INTO ops.release (release, fingerprint, marts, rows, copied_at)
           VALUES (%s, %s, %s, %s, clock_timestamp() AT TIME ZONE INTERVAL '7 hours')""",
        held,
    )


def _drop_replaced(con: psycopg.Connection[Any]) -> None:
    """Drop what was replaced; what an open transaction still reads stays, closed, until the next copy."""
    replaced = con.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname ~ %s", [f"^{_REPLACED}[0-9]+$"]
    ).fetchall()
    for (schema,) in replaced:
        try:
            with con.transaction():
                # shorter than deadlock_timeout: nobody is ever chosen to give way to this
                con.execute("SET LOCAL lock_timeout = '500ms'")
                _execute(con, "DROP SCHEMA {} CASCADE", schema)
        except errors.LockNotAvailable:
            _execute(con, "REVOKE ALL ON SCHEMA {} FROM {}, {}", schema, READER, AGENCY)


def _row(con: psycopg.Connection[Any], query: LiteralString) -> tuple[Any, ...]:
    found: tuple[Any, ...] | None = con.execute(query).fetchone()
    assert found is not None
    return found


@contextmanager
def _in_plain_words(url: str, release: str) -> Iterator[None]:
    """Turn what goes wrong into one sentence: no password, no values of rows."""
    try:
        password = conninfo_to_dict(url).get("password")
    except psycopg.ProgrammingError:  # it shows the address
        raise PostgresCopyError(
            "PostgreSQL: CHISO_POSTGRES_URL is no address of a database; write it as "
            "postgresql://user:password@host/database."
        ) from None
    try:
        yield
    except duckdb.Error as error:
        raise PostgresCopyError(
            f"PostgreSQL: release {release} cannot be read: {str(error).splitlines()[0]}"
        ) from error
    except psycopg.Error as error:
        # from None: the driver's own words may hold values of rows, or the password
        raise PostgresCopyError(_words(error, release, str(password or ""))) from None


def _words(error: psycopg.Error, release: str, password: str) -> str:
    said = error.diag.message_primary or (str(error).strip().splitlines() or [type(error).__name__])[0]
    said = said.strip().rstrip(".")
    if password:
        said = said.replace(password, "***")
    if isinstance(error, errors.DiskFull):
        advice = "Its disk is full; while a copy is made it needs room for two"
    elif isinstance(error, errors.LockNotAvailable):
        advice = "Another copy is being made, or somebody changes its schemas; try again when that has ended"
    elif isinstance(error, errors.InsufficientPrivilege):
        advice = "Its schemas marts, access and ops must belong to the user of CHISO_POSTGRES_URL"
    elif error.sqlstate is None or isinstance(error, psycopg.OperationalError):
        advice = "Check the server, the network and CHISO_POSTGRES_URL"
    else:
        advice = "The server's log says more"
    return f"PostgreSQL, copy of {release}: {said}. {advice}."
