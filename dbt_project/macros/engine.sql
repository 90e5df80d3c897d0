{#- What differs between engines, and nothing else. DuckDB today, Spark next. -#}

{#- Whole-number quotient of two non-negative integers. -#}
{% macro whole_quotient(dividend, divisor) %}{{ return(adapter.dispatch('whole_quotient', 'chiso')(dividend, divisor)) }}{% endmacro %}
{% macro default__whole_quotient(dividend, divisor) %}divide({{ dividend }}, {{ divisor }}){% endmacro %}
{% macro spark__whole_quotient(dividend, divisor) %}(({{ dividend }}) div ({{ divisor }})){% endmacro %}

{#- Seconds since midnight of a local timestamp. -#}
{% macro second_of_day(timestamp) %}(
    extract(hour from {{ timestamp }}) * 3600 + extract(minute from {{ timestamp }}) * 60
    + cast(extract(second from {{ timestamp }}) as integer)
){% endmacro %}

{#- Timestamp of a date plus seconds. -#}
{% macro date_and_second(date, second) %}{{ return(adapter.dispatch('date_and_second', 'chiso')(date, second)) }}{% endmacro %}
{% macro default__date_and_second(date, second) %}date_add(cast({{ date }} as timestamp), to_seconds({{ second }})){% endmacro %}
{% macro spark__date_and_second(date, second) %}timestampadd(second, {{ second }}, cast({{ date }} as timestamp)){% endmacro %}

{#- A number that is another one wherever one of the columns is, nothing against something included. -#}
{% macro fingerprint(relation, columns) %}{{ return(adapter.dispatch('fingerprint', 'chiso')(relation, columns)) }}{% endmacro %}
{% macro default__fingerprint(relation, columns) -%}
hash({% for column in columns %}{{ relation }}.{{ column }}{% if not loop.last %}, {% endif %}{% endfor %})
{%- endmacro %}
{#- Spark leaves out what is null, so that nothing and something would trade places: each column has its name. -#}
{% macro spark__fingerprint(relation, columns) -%}
xxhash64(to_json(named_struct(
    {%- for column in columns %}'{{ column }}', {{ relation }}.{{ column }}{% if not loop.last %}, {% endif %}{% endfor -%}
)))
{%- endmacro %}
