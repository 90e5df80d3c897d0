{#- Columns that the dossiers of both sides share, in the order of their contracts. -#}
{% macro dossier_columns() %}
{{ return([
    'dossier_code', 'agency_code', 'procedure_code', 'field_code', 'channel_code', 'owner_type_code',
    'filed_at', 'received_at', 'due_at', 'ended_at', 'returned_at', 'refused_at', 'status_code',
    'return_method_code', 'processing_unit_name', 'filed_through_code', 'has_digitized_component',
    'is_vneid_verified', 'online_payment_code', 'has_procedure_name', 'synced_at'
]) }}
{% endmacro %}

{#- Whether a copy was filled with what fills a field: an identity, a telephone number, a summary that are none. -#}
{% macro has_placeholder() -%}
coalesce(
    {% for column in ['owner_identity_class', 'owner_phone_class', 'abstract_class'] -%}
    {{ column }} = 'placeholder'{% if not loop.last %} or {% endif %}
    {%- endfor %}, false
)
{%- endmacro %}

{#-
    Both as staging selects them: the procedure by its national code, and as it was written; of the owner no more than
    pairing needs; and one number for all that the two sides are compared by, made while the row is at hand
    (int_odd_headers).
-#}
{% macro staged_dossier_columns() %}
{%- set others = dossier_columns() | reject('equalto', 'procedure_code') | list -%}
{{ return(others + [
    'owner_link', has_placeholder() ~ ' as has_placeholder',
    procedure_key('procedure_code') ~ ' as procedure_code', 'procedure_code as procedure_wire_code',
    fingerprint('versions', compared_columns()) ~ ' as header_fingerprint'
]) }}
{% endmacro %}
