-- The fields of a unit in the statutory form add up to the unit's own line.
{{ config(meta={'dagster': {'ref': {'name': 'table_ii_06', 'version': 1}}}) }}
with signed as (
    select
        *,
        case when field_code = 'all' then 1 else -1 end as sign
    from {{ ref('table_ii_06') }}
)

select
    basis,
    period_type,
    period_start,
    agency_code
from signed
group by basis, period_type, period_start, agency_code
having
    sum(sign * received_online) <> 0
    or sum(sign * received_direct_postal) <> 0
    or sum(sign * carried_over) <> 0
    or sum(sign * resolved_early) <> 0
    or sum(sign * resolved_on_time) <> 0
    or sum(sign * resolved_overdue) <> 0
    or sum(sign * in_progress_within) <> 0
    or sum(sign * in_progress_overdue) <> 0
