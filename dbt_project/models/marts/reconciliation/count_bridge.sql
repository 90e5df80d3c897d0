with labelled as (
    select
        pairs.one_stop_counts,
        pairs.one_stop_agency_code,
        pairs.one_stop_received_on,
        pairs.national_counts,
        pairs.national_agency_code,
        pairs.national_received_on,
        case
            when pairs.one_stop_code is null and pairs.is_deleted then 'ghost_after_deletion'
            when pairs.one_stop_code is null and there.pairing = 'relaxed' then 'recoded'
            when pairs.one_stop_code is null and there.pairing = 'duplicate' then 'double_posting'
            when pairs.one_stop_code is null then 'missing_on_one_stop'
            when pairs.national_code is null and here.one_stop_code is not null then 'recoded'
            when pairs.national_code is null then 'missing_on_national'
            when pairs.one_stop_counts <> pairs.national_counts then 'not_received_status'
            else 'received_date'
        end as label
    from {{ ref('int_uneven_pairs') }} as pairs
    left join {{ ref('int_orphan_matches') }} as there
        on case when pairs.one_stop_code is null then pairs.national_code end = there.national_code
    left join {{ ref('int_orphan_matches') }} as here
        on case when pairs.national_code is null then pairs.one_stop_code end = here.one_stop_code
        and here.pairing = 'relaxed'
),

-- each side's count of a dossier, where and when it counts it
counted as (
    {% for side, sign in [('one_stop', -1), ('national', 1)] -%}
    select
        {{ side }}_agency_code as own_agency_code,
        {{ side }}_received_on as received_on,
        label,
        one_stop_counts and national_counts and one_stop_agency_code <> national_agency_code
            as is_of_two_agencies,
        {{ sign }} as dossiers
    from labelled
    where {{ side }}_counts
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
),

-- what another agency has is in the province all the same
placed as (
    select
        scopes.agency_code,
        counted.received_on,
        case
            when counted.is_of_two_agencies and scopes.agency_level <> 'province' then 'agency'
            else counted.label
        end as label,
        counted.dossiers
    from counted
    inner join {{ ref('int_agency_scopes') }} as scopes
        on counted.own_agency_code = scopes.own_agency_code
),

parts as (
    select
        days.period_type,
        days.period_start,
        placed.agency_code,
        placed.label,
        sum(placed.dossiers) as dossiers
    from placed
    inner join {{ ref('int_period_days') }} as days
        on placed.received_on = days.calendar_on and days.period_type <> 'day'
    group by days.period_type, days.period_start, placed.agency_code, placed.label
    having sum(placed.dossiers) <> 0
),

units as (
    select
        period_type,
        period_start,
        period_end,
        agency_code,
        agency_level,
        sum(case when basis = 'one_stop' then received else 0 end) as one_stop_received,
        sum(case when basis = 'national' then received else 0 end) as national_received
    from {{ ref('int_dossier_counts') }}
    where period_type <> 'day'
    group by period_type, period_start, period_end, agency_code, agency_level
),

explained as (
    select
        period_type,
        period_start,
        agency_code,
        sum(dossiers) as dossiers
    from parts
    group by period_type, period_start, agency_code
),

-- and what is left
lines as (
    select
        period_type,
        period_start,
        agency_code,
        label,
        dossiers
    from parts

    union all

    select
        units.period_type,
        units.period_start,
        units.agency_code,
        'unexplained' as label,
        units.national_received - units.one_stop_received - coalesce(explained.dossiers, 0) as dossiers
    from units
    left join explained
        on units.period_type = explained.period_type
        and units.period_start = explained.period_start
        and units.agency_code = explained.agency_code
    where units.national_received - units.one_stop_received <> coalesce(explained.dossiers, 0)
)

select
    units.period_type,
    units.period_start,
    units.agency_code,
    coalesce(lines.label, 'none') as label,
    units.period_end,
    units.agency_level,
    cast(units.one_stop_received as bigint) as one_stop_received,
    cast(units.national_received as bigint) as national_received,
    cast(units.national_received - units.one_stop_received as bigint) as difference,
    cast(coalesce(lines.dossiers, 0) as bigint) as dossiers
from units
left join lines
    on units.period_type = lines.period_type
    and units.period_start = lines.period_start
    and units.agency_code = lines.agency_code
