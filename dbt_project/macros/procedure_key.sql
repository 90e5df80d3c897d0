{#-
    The national part of a procedure code as it came over the wire: its first two groups, without the publisher
    behind them. `1.001193.000.00.00.H35`, `2.002621.H56` and the online service `1.001193.01` all name a procedure
    of the catalogue. A local code has one group of its own before the publisher's `000…`: `TS_LOP1.000.00.00.H22`.
-#}
{% macro procedure_key(column) -%}
case
    when split_part({{ column }}, '.', 2) in ('', '000') then upper(split_part({{ column }}, '.', 1))
    else upper(split_part({{ column }}, '.', 1)) || '.' || upper(split_part({{ column }}, '.', 2))
end
{%- endmacro %}

{#- Whether the national part of a code has the form of the catalogue's codes: one digit, six digits. -#}
{% macro is_national_procedure_code(code) -%}
({{ code }} like '_.______' and try_cast(replace({{ code }}, '.', '') as bigint) is not null)
{%- endmacro %}
