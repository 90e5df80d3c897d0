{#-
    Join of a dossier with the alias its procedure code is, on the day it was received; without that day, on any.
    What it means: coalesce(<aliases>.procedure_code, <dossiers>.<code>).
-#}
{% macro join_procedure_aliases(dossiers, aliases, code='procedure_code', received_at='received_at') -%}
left join {{ ref('int_procedure_aliases') }} as {{ aliases }}
    on {{ dossiers }}.{{ code }} = {{ aliases }}.alias_code
    and (
        {{ aliases }}.valid_from_on is null
        or {{ dossiers }}.{{ received_at }} is null
        or cast({{ dossiers }}.{{ received_at }} as date) >= {{ aliases }}.valid_from_on
    )
    and (
        {{ aliases }}.valid_to_on is null
        or {{ dossiers }}.{{ received_at }} is null
        or cast({{ dossiers }}.{{ received_at }} as date) <= {{ aliases }}.valid_to_on
    )
{%- endmacro %}
