"""Is every model's SQL portable: read by DuckDB and by Spark, and meaning the same in both?

`python -m tests.lint.portability` compiles the dbt project, reads every compiled model with sqlglot in both
dialects and looks for what only one engine has, or what the two engines answer differently. What differs
has its place in dispatched macros (dbt_project/macros/engine.sql) and in dbt's own cross-database macros.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

from orchestration.dbt_runs import DbtError, run_dbt
from orchestration.places import DBT_PROJECT, Places


class Fault(NamedTuple):
    construct: str
    instead: str


# --- What the tree of a statement shows -------------------------------------------------------------------

_RANKED = "row_number() in a subquery, and `where` on its result"
_NO_FLOAT = "bigint or decimal; quotients by whole_quotient(), hundredths(), exact_rate()"
_WEEKDAY = "mod(dbt.datediff from a known Monday, 7), as int_calendar does"
_COLUMNS = "the names of the columns"
_FLAT = "a column per value: landing unpacks what is nested"
_TIMES = "dbt.datediff / dbt.dateadd, or working_second() for working time"
_LANDED_TIME = "times as landing wrote them: local timestamps, already parsed"
_ORDER_STATISTIC = "counts and sums; an order statistic needs a dispatched macro in macros/engine.sql"

_NODES: list[tuple[type[Any], Fault]] = [
    (exp.Qualify, Fault("qualify", _RANKED)),
    (exp.Columns, Fault("columns(...)", _COLUMNS)),
    (exp.Pivot, Fault("pivot/unpivot", "sum(case when ... then ... end), or union all")),
    (exp.StrToTime, Fault("strptime", _LANDED_TIME)),
    (exp.TimeToStr, Fault("strftime", "cast(... as {{ dbt.type_string() }}), or a date column")),
    (exp.DayOfWeek, Fault("day of the week", _WEEKDAY)),
    (exp.DayOfWeekIso, Fault("day of the week", _WEEKDAY)),
    (exp.Dayname, Fault("day of the week", _WEEKDAY)),
    (exp.Median, Fault("median/quantile", _ORDER_STATISTIC)),
    (exp.Quantile, Fault("median/quantile", _ORDER_STATISTIC)),
    (exp.ApproxQuantile, Fault("median/quantile", _ORDER_STATISTIC)),
    (exp.PercentileCont, Fault("median/quantile", _ORDER_STATISTIC)),
    (exp.PercentileDisc, Fault("median/quantile", _ORDER_STATISTIC)),
    (exp.AtTimeZone, Fault("at time zone", _LANDED_TIME)),
    (exp.ParseJSON, Fault("json", _FLAT)),
    (exp.Struct, Fault("struct", _FLAT)),
    (exp.StructExtract, Fault("struct", _FLAT)),
    (exp.Lambda, Fault("lambda", _FLAT)),
    (exp.Comprehension, Fault("list comprehension", _FLAT)),
    (exp.TableSample, Fault("sample", "a condition that always keeps the same rows")),
    (exp.IntDiv, Fault("//", "whole_quotient()")),
]

# Functions that sqlglot keeps by their name.
_NAMES: list[tuple[re.Pattern[str], Fault]] = [
    (re.compile(r"try_strptime|strptime"), Fault("strptime", _LANDED_TIME)),
    (re.compile(r"timezone"), Fault("at time zone", _LANDED_TIME)),
    (re.compile(r"strip_accents"), Fault("strip_accents", "a column that landing has normalised")),
    (re.compile(r"(\w+_)?json(_\w+)?"), Fault("json", _FLAT)),
    (re.compile(r"struct_\w+|row"), Fault("struct", _FLAT)),
    (re.compile(r"weekday"), Fault("day of the week", _WEEKDAY)),
    (re.compile(r"quantile\w*|median|percentile\w*|mad"), Fault("median/quantile", _ORDER_STATISTIC)),
]

_CHANGED_STAR = ("except_", "replace", "rename")
_WEEKDAY_PARTS = {"dow", "isodow", "dayofweek", "weekday"}
_FLOATS = {exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT}
_TIMESTAMPS = exp.DataType.TEMPORAL_TYPES - {exp.DataType.Type.DATE, exp.DataType.Type.DATE32}
# Wrappers that give back a value of the kind they were given.
_KEEPS_KIND_OF_FIRST = (
    exp.Paren,
    exp.Min,
    exp.Max,
    exp.Window,
    exp.Filter,
    exp.Nullif,
    exp.Add,
    exp.DateAdd,
    exp.TimestampTrunc,
)
_KEEPS_KIND_OF_ANY = (exp.Coalesce, exp.Least, exp.Greatest)


def _of_kind(node: Any, ending: str, types: set[Any]) -> bool:
    """Whether an expression is a time by its column's name (`_at`, `_on`) or by its cast."""
    if isinstance(node, exp.Column):
        return bool(node.name.lower().endswith(ending))
    if isinstance(node, exp.Cast):
        return node.to.this in types
    if isinstance(node, exp.Case):
        values = [branch.args["true"] for branch in node.args["ifs"]] + [node.args.get("default")]
        return any(_of_kind(value, ending, types) for value in values)
    if isinstance(node, _KEEPS_KIND_OF_FIRST):
        return _of_kind(node.this, ending, types)
    if isinstance(node, _KEEPS_KIND_OF_ANY):
        return any(_of_kind(child, ending, types) for child in node.iter_expressions())
    return False


def _is_time_subtraction(node: Any) -> bool:
    """A timestamp minus anything; a date minus a date (days in DuckDB, an interval in Spark)."""
    sides = (node.this, node.expression)
    return any(_of_kind(side, "_at", _TIMESTAMPS) for side in sides) or all(
        _of_kind(side, "_on", {exp.DataType.Type.DATE}) for side in sides
    )


def _faults_of_node(node: Any) -> Iterator[Fault]:
    for kind, fault in _NODES:
        if isinstance(node, kind):
            yield fault
    if type(node).__name__.startswith("JSON") and isinstance(node, exp.Func):
        yield Fault("json", _FLAT)
    if isinstance(node, exp.Anonymous):
        yield from (fault for name, fault in _NAMES if name.fullmatch(node.name.lower()))
    if isinstance(node, exp.Star) and any(node.args.get(change) for change in _CHANGED_STAR):
        yield Fault("* exclude/replace/rename", _COLUMNS)
    if isinstance(node, exp.Group) and node.args.get("all"):
        yield Fault("group by all", _COLUMNS)
    if isinstance(node, exp.Order) and any(isinstance(o.this, exp.Var) for o in node.expressions):
        yield Fault("order by all", _COLUMNS)
    if isinstance(node, exp.SetOperation) and node.args.get("by_name"):
        yield Fault("union by name", "union all, with the same columns in the same order")
    if isinstance(node, exp.Join) and node.method.upper() == "ASOF":
        yield Fault("asof join", f"a join on the range, and {_RANKED}")
    if isinstance(node, exp.Distinct) and node.args.get("on"):
        yield Fault("distinct on", _RANKED)
    if isinstance(node, exp.Sub) and _is_time_subtraction(node):
        yield Fault("subtraction of times", _TIMES)
    if isinstance(node, exp.ArrayAgg) and isinstance(node.this, exp.Order):
        yield Fault("array_agg(... order by ...)", "a row per value")
    if isinstance(node, exp.Cast) and node.to.this in _FLOATS:
        yield Fault("floating point", _NO_FLOAT)
    if isinstance(node, exp.Extract) and node.name.lower() in _WEEKDAY_PARTS:
        yield Fault("day of the week", _WEEKDAY)
    if isinstance(node, exp.Anonymous) and node.name.lower() in ("date_part", "datepart"):
        yield from (Fault("day of the week", _WEEKDAY) for a in node.expressions if a.name in _WEEKDAY_PARTS)


# --- What the tree does not show --------------------------------------------------------------------------


def _faults_of_order(sql: str) -> Iterator[Fault]:
    """A window's `order by` without `nulls first|last`: DuckDB puts NULL last, Spark as the smallest value.

    sqlglot fills in the dialect's own default. Read under two opposite defaults, what was written stays and
    what was filled in differs.
    """
    read = []
    for default in ("nulls_are_small", "nulls_are_large"):
        dialect = DuckDB()
        dialect.NULL_ORDERING = default
        windows = [
            w for tree in sqlglot.parse(sql, dialect=dialect) if tree for w in tree.find_all(exp.Window)
        ]
        read.append([ordered for window in windows for ordered in window.find_all(exp.Ordered)])
    for one, other in zip(*read, strict=True):
        # dbt.date_spine numbers its rows `order by 1`: a constant is never NULL
        if not isinstance(one.this, exp.Literal) and one.args["nulls_first"] != other.args["nulls_first"]:
            yield Fault(f"window order by {one.this.sql('duckdb')}", "nulls first or nulls last, written out")


def _faults_of_tokens(tokens: list[Token]) -> Iterator[Fault]:
    """`list(`, in the tree the same as array_agg, and a `from` that stands before its `select` or alone."""
    ends_query = {TokenType.UNION, TokenType.EXCEPT, TokenType.INTERSECT, TokenType.SEMICOLON}
    starts_query = {TokenType.SELECT, TokenType.WITH, TokenType.FROM}
    levels: list[bool | None] = [False]  # per open bracket: a query whose select was seen; None: not a query
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if after and after.token_type == TokenType.L_PAREN and token.text.lower() == "list":
            yield Fault("list()", "a row per value")
        if token.token_type == TokenType.L_PAREN:
            levels.append(False if after and after.token_type in starts_query else None)
        elif token.token_type == TokenType.R_PAREN and len(levels) > 1:
            levels.pop()
        elif token.token_type in ends_query:
            levels[-1] = False
        elif token.token_type == TokenType.SELECT:
            levels[-1] = True
        elif token.token_type == TokenType.FROM and levels[-1] is False:
            yield Fault("from without select before it", "select ... from ...")


def _for_spark(sql: str, tokens: list[Token]) -> str:
    """The statement with names quoted as dbt quotes them on Spark; `"x"` would be a string there."""
    parts, end = [], 0
    for token in tokens:
        if token.token_type == TokenType.IDENTIFIER and sql[token.start] == '"':
            parts += [sql[end : token.start], "`", token.text, "`"]
            end = token.end + 1
    return "".join([*parts, sql[end:]])


def faults_in_sql(sql: str) -> list[Fault]:
    """What keeps a compiled statement from being portable, each fault once."""
    try:
        tokens = list(sqlglot.tokenize(sql, dialect="duckdb"))
        trees = [tree for tree in sqlglot.parse(sql, dialect="duckdb") if tree is not None]
    except SqlglotError as error:
        return [Fault(f"not read as DuckDB: {_first_line(error)}", "SQL that both engines read")]
    faults = [fault for tree in trees for node in tree.walk() for fault in _faults_of_node(node)]
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        faults.append(Fault("not one query", "a single select"))
    faults += _faults_of_order(sql)
    faults += _faults_of_tokens(tokens)
    try:
        sqlglot.parse(_for_spark(sql, tokens), dialect="spark")
    except SqlglotError as error:
        faults.append(Fault(f"not read as Spark: {_first_line(error)}", "SQL that both engines read"))
    return list(dict.fromkeys(faults))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")


# --- What only the source shows ---------------------------------------------------------------------------

_COMMENT_OR_STRING = re.compile(
    r"(?P<comment>\{#.*?#\}|/\*.*?\*/|--[^\n]*)|'(?:[^']|'')*'|\"[^\"]*\"", re.DOTALL
)
_TEXTS: list[tuple[re.Pattern[str], Fault]] = [
    # after compilation dbt's own `::` could not be told from the model's
    (re.compile(r"::"), Fault("::", "cast(... as ...)")),
    # `//` inside an argument of a macro may be folded or dispatched away; a `//` of an address is none
    (re.compile(r"(?<!:)//"), Fault("//", "whole_quotient()")),
]


def faults_in_source(text: str) -> list[Fault]:
    """What a model's or macro's own text says: without comments, but with strings, which may be SQL too."""
    code = _COMMENT_OR_STRING.sub(lambda found: " " if found["comment"] else found[0], text)
    return [fault for pattern, fault in _TEXTS if pattern.search(code)]


# --- The project ------------------------------------------------------------------------------------------


def compile_models(target: Path, *, is_whole: bool = True) -> dict[str, str]:
    """Compiled SQL of every model, by the path of its source in the project.

    Args:
        is_whole: as in a night that works on all dossiers; else as in one that works on those that changed.

    Raises:
        DbtError: dbt did not compile the project.
    """
    places = Places(raw=target, data=target)
    places.build.mkdir(parents=True)
    with duckdb.connect(str(places.build_database)) as build:
        build.execute("CREATE SCHEMA control; CREATE TABLE control.run AS SELECT $1 AS is_whole", [is_whole])
    run_dbt(places, "compile", "--select", "resource_type:model", target=target)
    (compiled,) = (target / "compiled").iterdir()
    return {
        path.relative_to(compiled).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((compiled / "models").rglob("*.sql"))
        if path.parent.suffix != ".yml"  # tests declared in a yml lie in a folder of its name
    }


def project_faults() -> tuple[list[str], int]:
    """A line per fault, and how many models were read."""
    sources = {
        path.relative_to(DBT_PROJECT).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("models", "macros")
        for path in sorted((DBT_PROJECT / folder).rglob("*.sql"))
    }
    models = {name for name in sources if name.startswith("models/")}
    try:
        with tempfile.TemporaryDirectory(prefix="chiso-portability-") as target:
            compiled = compile_models(Path(target) / "whole")
            on_changes = compile_models(Path(target) / "changes", is_whole=False)
    except DbtError as error:
        return [str(error)], len(models)
    lines = [
        f"{DBT_PROJECT.name}/{name}: not compiled: every model file has to be read, so none may be disabled"
        for name in sorted(models - compiled.keys())
    ]
    if len(compiled) != len(models):
        lines.append(f"{len(compiled)} models compiled, {len(models)} model files")
    checks: list[tuple[dict[str, str], Callable[[str], list[Fault]]]] = [
        # engine.sql is where the engines may differ
        ({name: text for name, text in sources.items() if name != "macros/engine.sql"}, faults_in_source),
        (compiled, faults_in_sql),
        (on_changes, faults_in_sql),
    ]
    lines += [
        f"{DBT_PROJECT.name}/{name}: [{fault.construct}] use {fault.instead}"
        for texts, check in checks
        for name, text in texts.items()
        for fault in check(text)
    ]
    return sorted(set(lines)), len(models)


def main() -> int:
    lines, models = project_faults()
    print("\n".join(lines) if lines else f"{models} models portable")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
