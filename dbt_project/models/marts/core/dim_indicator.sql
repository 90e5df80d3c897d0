-- The words of an indicator are the same under every rule set; its group, maximum and scope are not.
{%- set computed = [] -%}
{%- for model in indicator_models() -%}
{%- do computed.append("'" ~ (model | replace('indicator_', '') | replace('_', '.')) ~ "'") -%}
{%- endfor %}
select
    components.ruleset,
    indicators.indicator_code,
    indicators.indicator_name_vi,
    indicators.numerator_vi,
    indicators.denominator_vi,
    indicators.unit,
    components.group_code,
    indicator_groups.group_name_vi,
    indicator_groups.group_number,
    components.max_points,
    components.full_mark_percent,
    components.empty_policy,
    components.is_scored,
    components.is_reconstructed,
    components.scope,
    -- of these there is a model
    components.indicator_code in ({{ computed | join(', ') }}) as is_computed
from {{ ref('rule_set_components') }} as components
inner join {{ ref('indicators') }} as indicators
    on components.indicator_code = indicators.indicator_code
inner join {{ ref('indicator_groups') }} as indicator_groups
    on components.group_code = indicator_groups.group_code
