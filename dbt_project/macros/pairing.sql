{#-
    A dossier code in one form: the agency's code of today, the day as yymmdd, the running number without leading
    zeros. `000.00.09.H01-260310-0012` and `H01.09-20260310-0000012` are one. NULL where it has no such parts.
-#}
{% macro canonical_dossier_code(code, agency_code) -%}
coalesce({{ agency_code }}, split_part({{ code }}, '-', 1))
        || '-' || right(split_part({{ code }}, '-', 2), 6)
        || '-' || cast(try_cast(split_part({{ code }}, '-', 3) as bigint) as {{ dbt.type_string() }})
{%- endmacro %}

{#- How far apart two receptions may be that no code brings together. -#}
{% macro relaxed_tolerance_seconds() %}300{% endmacro %}

{#- What is compared of the two copies of a dossier, field by field. -#}
{% macro compared_columns() %}
{{ return([
    'procedure_code', 'field_code', 'channel_code', 'owner_type_code', 'filed_at', 'received_at', 'due_at',
    'ended_at', 'status_code', 'processing_unit_name', 'online_payment_code', 'has_procedure_name'
]) }}
{% endmacro %}

{#- Counts of int_dossier_lists that the two sides should agree on. -#}
{% macro compared_papers() %}
{{ return(['components_with_file', 'result_papers', 'result_files', 'fee_items', 'charged_items']) }}
{% endmacro %}

{#- And those that say that something is wrong with a paper, whatever the other side has. -#}
{% macro odd_papers() %}{{ return(['digitized_without_file', 'internal_links', 'expiring_links']) }}{% endmacro %}
