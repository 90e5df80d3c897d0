-- The definition of Decision 766 is that of indicator 2.1, to the last dossier.
{{ config(meta={'dagster': {'ref': {'name': 'on_time_definitions', 'version': 1}}}) }}
select
    shown.basis,
    shown.period_type,
    shown.period_start,
    shown.agency_code,
    shown.on_time,
    official.numerator
from {{ ref('on_time_definitions') }} as shown
left join {{ ref('indicator_2_1') }} as official
    on shown.basis = official.basis
    and shown.period_type = official.period_type
    and shown.period_start = official.period_start
    and shown.agency_code = official.agency_code
    and official.procedure_code = 'all'
where
    shown.definition = 'by_timestamp_766'
    and (
        official.numerator is null
        or shown.on_time <> official.numerator
        or shown.received <> official.denominator
    )
