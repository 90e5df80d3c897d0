"""Which dossiers a night has to work on: those whose facts may differ from what the last build found.

Of deliveries that came or went since, every dossier that a row of them names; what hangs on these; and the
dossiers of which the business date alone changes something. When a list changed on which all of them
depend, the answer is: all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb

from orchestration.landing.contracts import Contract
from orchestration.landing.store import LandedStore
from orchestration.landing.values import identifier, literal
from orchestration.landing.visible import batches_of, shown_batches, table_files, visible_rows

_DOSSIER = "dossier_code"
_ALIAS = "other_dossier_code"
# A code in the form that is the same for its old and its new one: as macros/pairing.sql has it.
_CANONICAL = """
    coalesce(agencies.agency_code, split_part(code, '-', 1)) || '-' || right(split_part(code, '-', 2), 6)
    || '-' || CAST(TRY_CAST(split_part(code, '-', 3) AS BIGINT) AS VARCHAR)"""
# Lists on which facts of every dossier depend, and the one on which those of single procedures do.
_OF_ALL = ("agencies", "working_calendar")
_PROCEDURES = "procedures"
_LARGEST_SHARE = 3  # a night that changes more than a third of the dossiers is built anew faster


def keep_catalogues(con: duckdb.DuckDBPyConnection, contracts: dict[str, Contract]) -> None:
    """Remember the lists as the last build saw them, before the views show tonight's."""
    for source in (*_OF_ALL, _PROCEDURES):
        con.execute(f"CREATE OR REPLACE TEMP TABLE before_{source} AS {_content(contracts[source])}")


def changed_dossiers(
    con: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], store: LandedStore, business_date: date
) -> str:
    """Write `control.changed_dossiers`; return why every dossier has to be worked on, empty when not.

    Args:
        con: the build file of the last night, its landed views those of tonight; `temp.seen_before` holds
            the control.deliveries of the last night.
    """
    for source in _OF_ALL:
        if _differs(con, contracts[source]):
            return f"the list {source} changed"
    aliases = "SELECT alias_code FROM seeds.procedure_aliases"
    changed = f"SELECT procedure_code FROM ({_difference(contracts[_PROCEDURES])})"
    if con.execute(f"SELECT 1 FROM ({changed}) WHERE procedure_code IN ({aliases})").fetchone():
        return "a procedure that had been renumbered changed in the catalogue"
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE changed_files AS
        SELECT DISTINCT source, file_sha FROM (
            (SELECT source, delivered_on, file_name, file_sha FROM seen_before
             EXCEPT SELECT source, delivered_on, file_name, file_sha FROM control.deliveries)
            UNION ALL
            (SELECT source, delivered_on, file_name, file_sha FROM control.deliveries
             EXCEPT SELECT source, delivered_on, file_name, file_sha FROM seen_before))
        """
    )
    con.execute(f"CREATE OR REPLACE TABLE control.changed_dossiers ({_DOSSIER} VARCHAR)")
    for codes in _named(con, contracts, store):
        _add(con, codes)
    _add(con, _owned(con, contracts, store))
    _add(
        con,
        f"""SELECT {_DOSSIER} FROM intermediate.int_dossiers
            WHERE next_change_on <= DATE {literal(business_date.isoformat())}
               OR procedure_code IN ({changed})""",
    )
    # Copies that one code ties together are paired anew together: repeat until nobody joins any more.
    # By an alias that has come, and by what the last build had paired, whose alias may be gone.
    tied = f"""
        SELECT {_DOSSIER}, {_ALIAS} FROM landed.one_stop_dossiers WHERE {_ALIAS} IS NOT NULL
        UNION SELECT {_DOSSIER}, national_code FROM intermediate.int_dossier_pairs
        WHERE national_code <> {_DOSSIER}"""
    con.execute(f"CREATE OR REPLACE TEMP TABLE tied AS {tied}")
    of_changed = f"SELECT {_DOSSIER} FROM control.changed_dossiers"
    _add(
        con,
        f"""SELECT {_DOSSIER} FROM intermediate.int_dossier_pairs WHERE canonical_code IN (
                SELECT {_CANONICAL} FROM ({of_changed}) AS changed(code)
                LEFT JOIN intermediate.int_agency_codes AS agencies
                    ON split_part(code, '-', 1) = agencies.written_code)""",
    )
    while _add(con, f"SELECT {_ALIAS} FROM tied WHERE {_DOSSIER} IN ({of_changed})") + _add(
        con, f"SELECT {_DOSSIER} FROM tied WHERE {_ALIAS} IN ({of_changed})"
    ):
        pass
    few = con.execute(
        f"""SELECT (SELECT count(*) FROM control.changed_dossiers) * {_LARGEST_SHARE}
                <= (SELECT count(*) FROM intermediate.int_dossiers)"""
    ).fetchone()
    return "" if few and few[0] else "more than a third of the dossiers changed"


def _named(
    con: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], store: LandedStore
) -> Iterator[str]:
    """SQL of the dossier codes that rows of changed files name, or other versions of these rows."""
    for source, contract in contracts.items():
        files = con.execute("SELECT file_sha FROM changed_files WHERE source = ?", [source]).fetchall()
        batches = batches_of(contract, {str(f[0]) for f in files}, store)
        if not batches:
            continue
        for table, columns in contract.tables.items():
            if not any(c.name == _DOSSIER for c in columns):
                continue
            rows = (
                f"{table_files(batches, table)} WHERE file_sha IN "
                f"(SELECT file_sha FROM changed_files WHERE source = {literal(source)})"
            )
            yield f"SELECT {_DOSSIER} FROM {rows}"
            if table == source and _DOSSIER not in contract.key:
                # not of the view: it asks of every row which delivery it is of
                key = ", ".join(identifier(k) for k in contract.key)
                shown = shown_batches(con, contract, store)
                versions = visible_rows(contract, table, shown, f"({key}) IN (SELECT ({key}) FROM {rows})")
                yield f"SELECT {_DOSSIER} FROM ({versions})"


def _owned(con: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], store: LandedStore) -> str:
    """SQL of the dossiers whose owner's papers the store has got or lost: one may be asked for again."""
    source = "digitized_documents"
    files = con.execute("SELECT file_sha FROM changed_files WHERE source = ?", [source]).fetchall()
    batches = batches_of(contracts[source], {str(f[0]) for f in files}, store)
    if not batches:
        return "SELECT NULL"
    return f"""
        SELECT {_DOSSIER} FROM landed.one_stop_dossiers WHERE owner_link IN (
            SELECT owner_link FROM {table_files(batches, source)} WHERE file_sha IN (
                SELECT file_sha FROM changed_files WHERE source = {literal(source)}))"""


def _add(con: duckdb.DuckDBPyConnection, codes: str) -> int:
    """Add codes that are not there yet; returns how many."""
    added = con.execute(
        f"""INSERT INTO control.changed_dossiers
            SELECT DISTINCT code FROM ({codes}) AS found(code)
            WHERE code IS NOT NULL AND code NOT IN (SELECT {_DOSSIER} FROM control.changed_dossiers)"""
    ).fetchone()
    return int(added[0]) if added else 0


def _content(contract: Contract) -> str:
    columns = ", ".join(identifier(c.name) for c in contract.tables[contract.source])
    return f"SELECT {columns} FROM landed.{identifier(contract.source)}"


def _difference(contract: Contract) -> str:
    """SQL of the rows that a list has gained or lost since the last build."""
    before, now = f"FROM before_{contract.source}", _content(contract)
    return f"({before} EXCEPT ALL {now}) UNION ALL ({now} EXCEPT ALL {before})"


def _differs(con: duckdb.DuckDBPyConnection, contract: Contract) -> bool:
    return con.execute(f"SELECT 1 FROM ({_difference(contract)}) LIMIT 1").fetchone() is not None
