{{ config(materialized='view') }}
-- Two steps between the province's figure in the previous period and in this one. entered: agencies without
-- a figure any more are left out, those that had none come in with theirs. weighted: the others keep their
-- rates and have as many as now, in hundred-thousandths because such numbers are not whole.
-- Dossiers and petitions add up to the province; procedures do not, communes having the same ones.
with counted as (
    select
        counts.basis,
        counts.period_type,
        counts.period_start,
        counts.indicator_code,
        counts.agency_code,
        counts.agency_level = 'province' as is_whole,
        counts.numerator,
        counts.denominator
    from {{ ref('indicator_counts') }} as counts
    inner join {{ ref('indicators') }} as indicators
        on counts.indicator_code = indicators.indicator_code
    where counts.period_type <> 'day' and indicators.source in ('one_stop_dossiers', 'petitions')
),

-- and what the province counts of no agency, as one more
agencies as (
    select
        basis,
        period_type,
        period_start,
        indicator_code,
        agency_code,
        numerator,
        denominator
    from counted
    where not is_whole

    union all

    select
        basis,
        period_type,
        period_start,
        indicator_code,
        'unknown' as agency_code,
        {% for part in ['numerator', 'denominator'] -%}
        cast(sum(case when is_whole then {{ part }} else -{{ part }} end) as bigint) as {{ part }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from counted
    group by basis, period_type, period_start, indicator_code
),

rated as (
    select
        agencies.basis,
        agencies.period_type,
        agencies.period_start,
        agencies.indicator_code,
        agencies.denominator as weight,
        {% for part in ['numerator', 'denominator'] -%}
        case when previous.denominator > 0 then previous.{{ part }} else agencies.{{ part }} end as {{ part }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from agencies
    inner join {{ ref('int_periods') }} as periods
        on agencies.period_type = periods.period_type and agencies.period_start = periods.period_start
    left join agencies as previous
        on agencies.basis = previous.basis
        and agencies.period_type = previous.period_type
        and periods.previous_start = previous.period_start
        and agencies.agency_code = previous.agency_code
        and agencies.indicator_code = previous.indicator_code
    where agencies.denominator > 0
)

select
    rated.basis,
    rated.period_type,
    rated.period_start,
    provinces.agency_code,
    rated.indicator_code,
    cast(sum(rated.numerator) as bigint) as entered_numerator,
    cast(sum(rated.denominator) as bigint) as entered_denominator,
    cast(
        sum({{ scaled_quotient('rated.weight * rated.numerator', 'rated.denominator', 100000) }}) as bigint
    ) as weighted_numerator,
    cast(sum(100000 * rated.weight) as bigint) as weighted_denominator
from rated
cross join {{ ref('dim_agency') }} as provinces
where provinces.agency_level = 'province'
group by rated.basis, rated.period_type, rated.period_start, provinces.agency_code, rated.indicator_code
