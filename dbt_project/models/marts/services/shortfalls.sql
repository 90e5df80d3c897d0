{{ config(materialized='view') }}
-- Where what is missing to everything lies: by procedure and by field. Numbers of dossiers: they add up to
-- what the agency misses without a remainder.
with parts as (
    {% for grouping in ['procedure', 'field'] -%}
    select
        parts.basis,
        parts.period_type,
        parts.period_start,
        parts.period_end,
        parts.agency_code,
        parts.indicator_code,
        '{{ grouping }}' as grouping_kind,
        parts.{{ grouping }}_code as item_code,
        parts.agency_level,
        cast(sum(parts.numerator) as bigint) as numerator,
        cast(sum(parts.denominator) as bigint) as denominator
    from {{ ref('indicator_results_by_procedure') }} as parts
    where parts.indicator_code in ('3.3', '3.6', '4.1', '4.2', '4.3')
    group by
        parts.basis, parts.period_type, parts.period_start, parts.period_end, parts.agency_code,
        parts.indicator_code, parts.{{ grouping }}_code, parts.agency_level
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
),

summed as (
    select
        *,
        denominator - numerator as missed,
        cast(sum(numerator) over (
            partition by basis, period_type, period_start, agency_code, indicator_code, grouping_kind
        ) as bigint) as agency_numerator,
        cast(sum(denominator) over (
            partition by basis, period_type, period_start, agency_code, indicator_code, grouping_kind
        ) as bigint) as agency_denominator
    from parts
)

select
    basis,
    period_type,
    period_start,
    period_end,
    agency_code,
    indicator_code,
    grouping_kind,
    item_code,
    agency_level,
    numerator,
    denominator,
    {{ exact_rate('numerator', 'denominator') }} as rate,
    missed,
    agency_denominator - agency_numerator as missed_in_agency,
    {{ exact_rate('missed', '(agency_denominator - agency_numerator)') }} as share_of_missed,
    cast(rank() over (
        partition by basis, period_type, period_start, agency_code, indicator_code, grouping_kind
        order by missed desc nulls last
    ) as integer) as missed_rank,
    -- worse than the agency is as a whole, cross-multiplied
    numerator * agency_denominator < agency_numerator * denominator as is_below_agency
from summed
where denominator > 0
