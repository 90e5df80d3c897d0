{{ config(materialized='view') }}
{% set points = ['previous_points', 'points', 'change', 'restated_points', 'corrected_points',
    'rule_set_points', 'volume_points', 'mix_points', 'rate_points'] -%}
select
    basis,
    period_type,
    period_start,
    period_end,
    agency_code,
    agency_level,
    ruleset,
    previous_ruleset,
    previous_start,
    max(previous_published_on) as previous_published_on,
    {% for column in points -%}
    cast(sum({{ column }}) as decimal(9, 2)) as {{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from {{ ref('score_changes') }}
group by
    basis, period_type, period_start, period_end, agency_code, agency_level, ruleset, previous_ruleset,
    previous_start
