-- Every indicator model there is; the list follows the files (macros/generated/registry.sql).
{% for model in indicator_models() -%}
select
    ruleset,
    basis,
    period_type,
    period_start,
    period_end,
    agency_code,
    agency_level,
    indicator_code,
    cast(numerator as bigint) as numerator,
    cast(denominator as bigint) as denominator
from {{ ref(model) }}
{% if not loop.last %}union all
{% endif -%}
{% endfor %}
