"""A database as a source: the answer to a contract's query becomes one delivery of Parquet files.

Only columns that the contract names are written. The delivery appears whole, by one rename, or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from filelock import FileLock, Timeout

from orchestration.landing.contracts import Contract
from orchestration.landing.deliveries import COMPLETE_MARKER
from orchestration.landing.drop_zone import RemoteZone, Zone
from orchestration.landing.legacy_text import fold_key

# Rows fetched, held in memory and written as one file
PART_ROWS = 50_000
_CONNECT_SECONDS = 15
_NATIVE = ({bool}, {int}, {float}, {Decimal}, {datetime}, {date}, {str})


class ExtractError(Exception):
    """No extract was written; the message names the source and says what to do, never a password."""


@dataclass
class Extract:
    """What an extract wrote.

    Attributes:
        folder: the delivery; it was not made when there are no rows.
        columns_dropped: columns of the answer that the contract does not name; `list.key` inside a list.
    """

    folder: Path
    rows: int = 0
    files: int = 0
    bytes: int = 0
    columns_dropped: list[str] = field(default_factory=list)


def write_extract(
    contract: Contract,
    raw: Zone,
    business_date: date,
    *,
    replace: bool = False,
    on_rows: Callable[[int], None] = lambda rows: None,
    environment: Mapping[str, str] = os.environ,
) -> Extract:
    """Ask the contract's database and write the answer as the delivery of one business date.

    Args:
        contract: a source with a `query`.
        raw: the drop zone, on this machine.
        business_date: bound to `:business_date`, and the name of the delivery's folder.
        replace: an older delivery of the date gives way.
        on_rows: told how many rows were read so far.
        environment: holds the database's URL under the name that the contract says.

    Raises:
        ExtractError: the answer cannot be had or does not fit the contract; nothing was written.
    """
    source = contract.source
    if isinstance(raw, RemoteZone):
        raise ExtractError(f"{source}: an extract is written to a folder of this machine, not to {raw}.")
    folder = raw / source / business_date.isoformat()
    # what begins with a dot is no delivery, whatever becomes of this run
    draft = folder.with_name(f".{folder.name}.extract")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / ".extract.lock", timeout=0):
            if not replace and folder.exists() and any(folder.iterdir()):
                raise ExtractError(
                    f"{source}: {source}/{folder.name} holds a delivery already. "
                    "Give --replace to put the new extract in its place."
                )
            shutil.rmtree(draft, ignore_errors=True)  # of a killed run
            draft.mkdir()
            try:
                extract = Extract(folder)
                _write_parts(contract, business_date, draft, extract, on_rows, environment)
                if extract.rows:
                    (draft / COMPLETE_MARKER).touch()
                    _show(draft, folder)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    except Timeout as error:
        raise ExtractError(f"{source}: another extract of it is running; wait for it to end.") from error
    except OSError as error:
        raise ExtractError(f"{source}: the drop zone {raw} cannot be written: {error.strerror}.") from error
    return extract


def _show(draft: Path, folder: Path) -> None:
    older = folder.with_name(f".{folder.name}.replaced")
    shutil.rmtree(older, ignore_errors=True)
    if folder.exists():
        folder.rename(older)
    draft.rename(folder)
    shutil.rmtree(older, ignore_errors=True)


def _write_parts(
    contract: Contract,
    business_date: date,
    draft: Path,
    extract: Extract,
    on_rows: Callable[[int], None],
    environment: Mapping[str, str],
) -> None:
    lists = {x.wire: _folded(w for c in x.columns for w in c.wires) for x in contract.lists}
    # as landing matches names: PostgreSQL makes them lower case unless they are in quotation marks
    kept = _folded(contract.raw_schema)
    dropped: set[str] = set()
    for names, rows in _answer(contract, business_date, environment):
        columns = {}
        for position, name in enumerate(names):
            wire = kept.get(fold_key(name))
            values = [row[position] for row in rows]
            if wire is None:
                dropped.add(name)
            elif wire in lists:
                columns[wire] = _list_column(contract, wire, values, lists[wire], dropped)
            else:
                columns[wire] = _column(values)
        extract.files += 1
        extract.rows += len(rows)
        file = draft / f"part-{extract.files:05d}.parquet"
        pq.write_table(pa.table(columns), file, compression="zstd")
        extract.bytes += file.stat().st_size
        on_rows(extract.rows)
    extract.columns_dropped = sorted(dropped)


def _answer(
    contract: Contract, business_date: date, environment: Mapping[str, str]
) -> Iterator[tuple[list[str], Sequence[Sequence[Any]]]]:
    """Column names and at most PART_ROWS rows at a time, as a server-side cursor gives them."""
    source, query = contract.source, contract.query
    if query is None:
        raise ExtractError(
            f"{source}: its contract has no query. Add `query:` with connection and sql to {source}.yml."
        )
    url = _url(source, query.connection, environment)
    statement = sa.text(query.sql)
    values = {"business_date": business_date} if "business_date" in statement.compile().params else {}
    if not values and ":business_date" in query.sql:
        # SQLAlchemy takes `:name::type` for no parameter
        raise ExtractError(
            f"{source}: write :business_date without ::type behind it in the query; it is a date already."
        )
    options: dict[str, Any] = {"yield_per": PART_ROWS}
    connect: dict[str, Any] = {}
    if url.get_backend_name() == "postgresql":
        options["postgresql_readonly"] = True  # a query that writes is refused by the server
        connect = {"connect_timeout": _CONNECT_SECONDS}
    try:
        engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=connect)
        with engine.connect().execution_options(**options) as connection:
            result = connection.execute(statement, values)
            names = list(result.keys())
            _check_columns(contract, names)
            for rows in result.partitions(PART_ROWS):
                yield names, rows
    except ImportError as error:
        raise ExtractError(
            f"{source}: the driver of {query.connection} is not installed ({error.name}). "
            "Install it into the same Python environment as chiso."
        ) from None
    except sa.exc.SQLAlchemyError as error:
        # from None: the driver's own error may carry values of rows
        raise ExtractError(_words(source, query.connection, error, url.password)) from None


def _url(source: str, variable: str, environment: Mapping[str, str]) -> sa.URL:
    text = environment.get(variable, "").strip()
    advice = f"Put the database's URL into {variable}, as postgresql://user:password@host/database."
    if not text:
        raise ExtractError(f"{source}: {variable} is not set. {advice}")
    try:
        url = sa.make_url(text)
        url.get_dialect()
    except (sa.exc.SQLAlchemyError, ValueError):
        raise ExtractError(f"{source}: {variable} does not hold a database URL. {advice}") from None
    return url


def _words(source: str, variable: str, error: sa.exc.SQLAlchemyError, password: object) -> str:
    """One sentence on a database error, without values of rows."""
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None)
    if isinstance(error, sa.exc.DataError | sa.exc.IntegrityError):
        words = f"a value of a row does not fit its type ({state or type(cause).__name__})"
        advice = "Convert it in the query; the database's log names it"
    else:
        words = (str(cause).strip().splitlines() or [type(cause).__name__])[0].strip().rstrip(".")
        if password:
            words = words.replace(str(password), "***")
        reached = isinstance(error, sa.exc.ProgrammingError | sa.exc.NotSupportedError) or (
            state is not None and state[:2] in ("42", "25", "0A")
        )
        advice = (
            f"Correct the query in {source}.yml" if reached else "Check the server, the network and the URL"
        )
    return (
        f"{source}: the database of {variable} gave no whole answer: {words}. {advice}; nothing was written."
    )


def _folded(names: Iterable[str]) -> dict[str, str]:
    return {fold_key(n): n for n in names}


def _check_columns(contract: Contract, names: list[str]) -> None:
    folded = [fold_key(n) for n in names]
    twice = sorted({n for n in names if folded.count(fold_key(n)) > 1})
    if twice:
        raise ExtractError(f"{contract.source}: the query names a column twice: {', '.join(twice)}.")
    for column in contract.row_columns:
        needed = column.required or column.name in contract.key
        if needed and not _folded(column.wires).keys() & set(folded):
            raise ExtractError(
                f"{contract.source}: column {column.wire} ({column.name}) is missing from the answer: "
                f'write … AS "{column.wire}" in the query. It has {", ".join(names)}.'
            )


def _column(values: list[Any]) -> pa.Array:
    """Values as the Arrow type they have; text where there is none, or several."""
    if {type(v) for v in values if v is not None} in _NATIVE:
        try:
            return pa.array(values)
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
            pass  # NaN among decimals, a number beyond 64 bits
    return pa.array([_text(v) for v in values], pa.string())


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _list_column(
    contract: Contract, name: str, values: list[Any], kept: dict[str, str], dropped: set[str]
) -> pa.Array:
    """A list of objects per row as JSON text, with the keys that the contract names."""
    texts: list[str | None] = []
    for value in values:
        try:
            items = json.loads(value) if isinstance(value, str) else value
            if items is not None:
                dropped |= {f"{name}.{k}" for item in items for k in item if fold_key(k) not in kept}
                items = [
                    {kept[fold_key(k)]: v for k, v in item.items() if fold_key(k) in kept} for item in items
                ]
        except (ValueError, AttributeError, TypeError):
            raise ExtractError(
                f"{contract.source}: column {name} holds something else than a list of objects: "
                "build it with json_agg(json_build_object(…)) in the query."
            ) from None
        texts.append(_text(items))
    return pa.array(texts, pa.string())
