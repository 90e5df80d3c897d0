-- What the statutory form receives within a period, online and in all, is what indicator 3.3 counts.
{{ config(meta={'dagster': {'ref': {'name': 'table_ii_06', 'version': 1}}}) }}
select
    form.basis,
    form.period_type,
    form.period_start,
    form.agency_code,
    form.received_online,
    form.received_direct_postal,
    indicator.numerator,
    indicator.denominator
from {{ ref('table_ii_06') }} as form
left join {{ ref('indicator_3_3') }} as indicator
    on form.basis = indicator.basis
    and form.period_type = indicator.period_type
    and form.period_start = indicator.period_start
    and form.agency_code = indicator.agency_code
    and indicator.procedure_code = 'all'
where
    form.field_code = 'all'
    and (
        indicator.numerator is null
        or form.received_online <> indicator.numerator
        or form.received_online + form.received_direct_postal <> indicator.denominator
    )
