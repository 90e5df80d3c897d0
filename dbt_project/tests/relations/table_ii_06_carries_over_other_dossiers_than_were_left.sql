-- What the statutory form carries over into a period is what the period before left in progress.
{{ config(meta={'dagster': {'ref': {'name': 'table_ii_06', 'version': 1}}}) }}
select
    form.basis,
    form.period_type,
    form.period_start,
    form.agency_code,
    form.carried_over,
    before.in_progress_total
from {{ ref('table_ii_06') }} as form
inner join {{ ref('int_periods') }} as periods
    on form.period_type = periods.period_type and form.period_start = periods.period_start
inner join {{ ref('table_ii_06') }} as before
    on form.basis = before.basis
    and form.period_type = before.period_type
    and periods.previous_start = before.period_start
    and form.agency_code = before.agency_code
    and form.field_code = before.field_code
where form.carried_over <> before.in_progress_total
