{{ keep_dossiers() }}
-- Every rule on one dossier there is; the list follows the files (macros/generated/registry.sql).
{% for model in dossier_rule_models() -%}
select
    rule_code,
    dossier_code,
    agency_code,
    procedure_code,
    field,
    one_stop_value,
    national_value,
    known_since_at,
    seen_since_on,
    maturity_hours
from {{ ref(model) }}
{% if not loop.last %}union all
{% endif -%}
{% endfor %}
