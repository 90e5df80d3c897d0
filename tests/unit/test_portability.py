"""The portability lint catches each construct it bans, and lets portable SQL through."""

from __future__ import annotations

import pytest

from tests.lint.portability import faults_in_source, faults_in_sql

BANNED = [
    ("select a from t qualify row_number() over (order by a nulls last) = 1", "qualify"),
    ("select a, count(*) from t group by all", "group by all"),
    ("select a from t order by all", "order by all"),
    ("select * exclude (a) from t", "* exclude/replace/rename"),
    ("select t.* exclude (a) from t", "* exclude/replace/rename"),
    ("select * replace (a + 1 as a) from t", "* exclude/replace/rename"),
    ("select columns('a.*') from t", "columns(...)"),
    ("select a from t union by name select a from u", "union by name"),
    ("select a from t union all by name select a from u", "union by name"),
    ("pivot t on a using sum(b)", "pivot/unpivot"),
    ("select * from t pivot (sum(a) for b in (1, 2))", "pivot/unpivot"),
    ("unpivot t on a, b into name n value v", "pivot/unpivot"),
    ("select * from t unpivot (v for n in (a, b))", "pivot/unpivot"),
    ("select t.a from t asof join u on t.a >= u.a", "asof join"),
    ("select try_strptime(a, '%d') from t", "strptime"),
    ("select strptime(a, '%d') from t", "strptime"),
    ("select strftime(a, '%d') from t", "strftime"),
    ("select ended_at - received_at from t", "subtraction of times"),
    ("select t.ended_at - interval 1 day from t", "subtraction of times"),
    ("select b - cast(a as timestamp) from t", "subtraction of times"),
    ("select timestamp '2026-01-01' - b from t", "subtraction of times"),
    ("select coalesce(ended_at, b) - c from t", "subtraction of times"),
    ("select case when a then ended_at end - c from t", "subtraction of times"),
    ("select max(ended_at) over (partition by a) - c from t", "subtraction of times"),
    ("select (ended_at + interval 1 day) - c from t", "subtraction of times"),
    ("select ended_on - started_on from t", "subtraction of times"),
    ("select dayofweek(a) from t", "day of the week"),
    ("select isodow(a) from t", "day of the week"),
    ("select weekday(a) from t", "day of the week"),
    ("select extract(dow from a) from t", "day of the week"),
    ("select extract(isodow from a) from t", "day of the week"),
    ("select date_part('dow', a) from t", "day of the week"),
    ("select list(a) from t", "list()"),
    ("select LIST (a order by a) from t", "list()"),
    ("select array_agg(a order by a) from t", "array_agg(... order by ...)"),
    ("select quantile(a, 0.5) from t", "median/quantile"),
    ("select quantile_cont(a, 0.5) from t", "median/quantile"),
    ("select approx_quantile(a, 0.5) from t", "median/quantile"),
    ("select median(a) from t", "median/quantile"),
    ("select percentile_cont(0.5) within group (order by a) from t", "median/quantile"),
    ("select percentile(a, 0.5) from t", "median/quantile"),
    ("select a at time zone 'Asia/Ho_Chi_Minh' from t", "at time zone"),
    ("select timezone('Asia/Ho_Chi_Minh', a) from t", "at time zone"),
    ("select strip_accents(a) from t", "strip_accents"),
    ("select a -> 'b' from t", "json"),
    ("select a ->> 'b' from t", "json"),
    ("select json_extract(a, 'b') from t", "json"),
    ("select json_extract_string(a, 'b') from t", "json"),
    ("select json_array_length(a) from t", "json"),
    ("select to_json(a) from t", "json"),
    ("select struct_pack(a := 1)", "struct"),
    ("select struct_extract(a, 'b') from t", "struct"),
    ("select {'a': 1}", "struct"),
    ("select [x + 1 for x in a] from t", "list comprehension"),
    ("select list_transform(a, x -> x + 1) from t", "lambda"),
    ("select list_transform(a, lambda x: x + 1) from t", "lambda"),
    ("select row_number() over (order by a) from t", "window order by a"),
    ("select row_number() over (order by a desc) from t", "window order by a"),
    ("select rank() over (partition by b order by b nulls last, a) from t", "window order by a"),
    ("select lag(a) over (order by b) from t", "window order by b"),
    ("select lead(a) over (order by b) from t", "window order by b"),
    ("select first_value(a) over (order by b) from t", "window order by b"),
    ("select last_value(a) over w from t window w as (order by b)", "window order by b"),
    ("select sum(a) over (order by b) from t", "window order by b"),
    ("select * from t using sample 10", "sample"),
    ("select distinct on (a) a, b from t", "distinct on"),
    ("select a // b from t", "//"),
    ("from t", "from without select before it"),
    ("from t select a", "from without select before it"),
    ("with u as (from t) select a from u", "from without select before it"),
    ("with u as (select a from t) from u", "from without select before it"),
    ("select a from t union all from u", "from without select before it"),
    ("select cast(a as double) from t", "floating point"),
    ("select cast(a as float) from t", "floating point"),
    ("select try_cast(a as real) from t", "floating point"),
]

PORTABLE = [
    'select t.a, u.b from "build"."marts"."t" as t left join "build"."marts"."u" as u on t.a = u.a',
    "with u as (select distinct a from t) select a, count(*) from u where a ilike 'x%' group by a",
    "select a from t union select a from u",
    "select a from t union all select a from u order by a",
    "select row_number() over (partition by a order by b desc nulls last, c nulls first) from t",
    "select sum(a) over (partition by b) from t",
    "select row_number() over (order by 1) from t",  # what dbt.date_spine writes
    "select cast(a as decimal(9, 2)), cast(b as bigint), cast(c as date), try_cast(d as integer) from t",
    "select a - 1, due_second - waited_seconds, computed_points - published_points from t",
    "select started_on - 1 from t",
    "select extract(hour from due_at) - 5, date_diff('day', a_at::timestamp, b_at::timestamp) - 1 from t",
    "select (due_on + cast(days as bigint) * interval 1 day) > judged_on from t",
    "select date_add(cast(due_on as timestamp), to_seconds(a - b)), divide(a, b), md5(c) from t",
    "select date_trunc('month', a), extract(year from a), mod(a, 7), coalesce(a, b), least(a, b) from t",
    "select case when a is distinct from b then 1 else 0 end from t",
    "select substring(a from 2), trim(both ' ' from a), trim((a) from b), lower(a) from t",
    "select t.all_at, t.list, 'a :: b // c -> d' as b from t where exists (select 1 from u)",
]


@pytest.mark.parametrize(("sql", "construct"), BANNED)
def test_banned_construct_is_caught(sql: str, construct: str) -> None:
    assert construct in [fault.construct for fault in faults_in_sql(sql)]


@pytest.mark.parametrize("sql", PORTABLE)
def test_portable_sql_passes(sql: str) -> None:
    assert faults_in_sql(sql) == []


@pytest.mark.parametrize("sql", ["select a from", "select {'a': 1}", "select 1; select 2", "copy t to 'x'"])
def test_what_an_engine_cannot_read_is_a_fault(sql: str) -> None:
    assert faults_in_sql(sql)


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("select a::date from {{ ref('t') }}", "::"),
        ("select {{ dbt.datediff(\"a::date\", 'b', 'day') }}", "::"),
        ("select a // b", "//"),
        ("select {{ dbt.hash('a // b') }}", "//"),
        ("select '--', a::date", "::"),
    ],
)
def test_source_is_read_where_compiling_hides_it(text: str, construct: str) -> None:
    assert [fault.construct for fault in faults_in_source(text)] == [construct]


@pytest.mark.parametrize(
    "text",
    [
        "-- a::date and a // b\nselect a",
        "/* the citizen's a::date */ select a",
        "{#- a // b,\n today's -#} select cast(a as date)",
        "select 'https://dichvucong.gov.vn' as address",
    ],
)
def test_comments_and_addresses_of_a_source_pass(text: str) -> None:
    assert faults_in_source(text) == []
