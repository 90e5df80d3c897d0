{#-
    The shape of every finding: which dossier, which field, what both sides say, since when the other side should
    have known. `rows` is a relation with the columns of a pair; `known_since_at` where it is not the reception;
    `maturity_hours` where the finding itself, not the catalogue, says how long it is too young to count.
-#}
{% macro finding(
    rule_code, field, one_stop_value, national_value, rows='pairs', known_since_at=none, maturity_hours='null'
) %}
'{{ rule_code }}' as rule_code,
    {{ rows }}.dossier_code,
    {{ rows }}.agency_code,
    {{ rows }}.procedure_code,
    '{{ field }}' as field,
    cast({{ one_stop_value }} as {{ dbt.type_string() }}) as one_stop_value,
    cast({{ national_value }} as {{ dbt.type_string() }}) as national_value,
    {{ known_since_at or rows ~ '.known_since_at' }} as known_since_at,
    {{ rows }}.seen_since_on,
    cast({{ maturity_hours }} as integer) as maturity_hours
{%- endmacro %}

{#- The four times of a dossier that both sides hold. -#}
{% macro dossier_times() %}{{ return(['filed_at', 'received_at', 'due_at', 'ended_at']) }}{% endmacro %}

{#- Pairs whose dossier is nowhere on the portal, under no code and in no layer. -#}
{% macro missing_on_national() -%}
(
    select pairs.*
    from {{ ref('int_dossier_pairs') }} as pairs
    left join {{ ref('int_orphan_matches') }} as matches
        on pairs.one_stop_code = matches.one_stop_code and matches.pairing = 'relaxed'
    where
        pairs.pairing = 'one_stop_only'
        and not pairs.is_deleted
        and matches.one_stop_code is null
)
{%- endmacro %}
