"""What dbt gives to a template besides its builtins, for sqlfluff: it formats models without starting dbt.

Every name here is a name in the templates. Only the shape of the SQL matters to the formatter, so each
function gives the plainest SQL of its kind. An unknown function is an error of the lint, never empty text.
"""

from __future__ import annotations

from typing import Any

import jinja2


class _Dbt:
    """dbt's cross-database macros; one has to be added here before a model may use it."""

    def date_spine(self, datepart: str, start_date: str, end_date: str) -> str:
        return f"select {start_date} as date_{datepart}"

    def date_trunc(self, datepart: str, date: str) -> str:
        return f"date_trunc('{datepart}', {date})"

    def dateadd(self, datepart: str, interval: str | int, from_date_or_timestamp: str) -> str:
        return f"({from_date_or_timestamp} + {interval} * interval 1 {datepart})"

    def datediff(self, first_date: str, second_date: str, datepart: str) -> str:
        return f"date_diff('{datepart}', {first_date}, {second_date})"

    def hash(self, field: str) -> str:
        return f"md5({field})"

    def type_string(self) -> str:
        return "text"


class _Adapter:
    @jinja2.pass_context
    def dispatch(self, context: jinja2.runtime.Context, macro: str, namespace: str) -> Any:
        """The project's own DuckDB version of a dispatched macro."""
        return context["default__" + macro]


dbt = _Dbt()
adapter = _Adapter()
