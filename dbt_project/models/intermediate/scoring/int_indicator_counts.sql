{{ config(materialized='view') }}
-- Every indicator model there is; the list follows the files (macros/generated/registry.sql).
{% for model in indicator_models() -%}
select
    basis,
    period_type,
    period_start,
    period_end,
    agency_code,
    agency_level,
    procedure_code,
    indicator_code,
    numerator,
    denominator
from {{ ref(model) }}
{% if not loop.last %}union all
{% endif -%}
{% endfor %}
