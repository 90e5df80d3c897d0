{#- Columns that the dossiers of both sides share, in the order of their contracts. -#}
{% macro dossier_columns() %}
{{ return([
    'dossier_code', 'agency_code', 'procedure_code', 'field_code', 'channel_code', 'owner_type_code',
    'filed_at', 'received_at', 'due_at', 'ended_at', 'returned_at', 'refused_at', 'status_code',
    'return_method_code', 'processing_unit_name', 'filed_through_code', 'has_digitized_component',
    'is_vneid_verified', 'online_payment_code', 'has_procedure_name', 'synced_at'
]) }}
{% endmacro %}

{#- What is kept of the owner; it goes no further than pairing needs. -#}
{% macro owner_columns() %}
{{ return(['owner_identity_class', 'owner_link', 'owner_phone_class', 'abstract_class']) }}
{% endmacro %}

{#-
    Both as staging selects them: the procedure by its national code, and as it was written; and one number for all
    that the two sides are compared by, made while the row is at hand (int_odd_headers).
-#}
{% macro staged_dossier_columns() %}
{%- set others = dossier_columns() | reject('equalto', 'procedure_code') | list -%}
{{ return(others + owner_columns() + [
    procedure_key('procedure_code') ~ ' as procedure_code', 'procedure_code as procedure_wire_code',
    fingerprint('versions', compared_columns()) ~ ' as header_fingerprint'
]) }}
{% endmacro %}
