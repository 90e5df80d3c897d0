-- What explains a difference of counts adds up to it, and both counts are those of the indicators.
{{ config(meta={'dagster': {'ref': {'name': 'count_bridge', 'version': 1}}}) }}
with bridged as (
    select
        period_type,
        period_start,
        agency_code,
        min(one_stop_received) as one_stop_received,
        min(national_received) as national_received,
        min(difference) as difference,
        sum(dossiers) as dossiers
    from {{ ref('count_bridge') }}
    group by period_type, period_start, agency_code
)

select
    counts.basis,
    counts.period_type,
    counts.period_start,
    counts.agency_code,
    counts.denominator,
    bridged.one_stop_received,
    bridged.national_received,
    bridged.dossiers
from {{ ref('indicator_3_3') }} as counts
left join bridged
    on counts.period_type = bridged.period_type
    and counts.period_start = bridged.period_start
    and counts.agency_code = bridged.agency_code
where
    counts.procedure_code = 'all'
    and counts.period_type <> 'day'
    and (
        bridged.agency_code is null
        or bridged.dossiers <> bridged.difference
        or bridged.difference <> bridged.national_received - bridged.one_stop_received
        or counts.denominator <> case
            when counts.basis = 'one_stop' then bridged.one_stop_received
            else bridged.national_received
        end
    )
