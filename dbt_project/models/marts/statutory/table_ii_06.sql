{% set counts = [
    'received_total', 'received_online', 'received_direct_postal', 'carried_over', 'resolved_total', 'resolved_early',
    'resolved_on_time', 'resolved_overdue', 'in_progress_total', 'in_progress_within', 'in_progress_overdue'
] -%}
-- Every period in which a dossier was at hand: received before its end, and not ended before its start.
with at_hand as (
    select
        months.basis,
        periods.period_type,
        periods.period_start,
        months.agency_code,
        months.field_code,
        months.is_online,
        months.outcome,
        months.dossiers,
        months.received_month_on < periods.period_start as is_carried_over,
        coalesce(months.ended_month_on <= periods.period_end, false) as is_resolved,
        coalesce(months.open_late_on <= periods.judged_on, false) as is_late
    from {{ ref('int_dossier_months') }} as months
    inner join {{ ref('int_periods') }} as periods
        on months.received_month_on <= periods.period_end
        and coalesce(months.ended_month_on, cast('9999-12-01' as date)) >= periods.period_start
    where periods.period_type <> 'day'
),

counted as (
    select
        basis,
        period_type,
        period_start,
        agency_code,
        field_code,
        sum(dossiers) as received_total,
        sum(case when not is_carried_over and is_online then dossiers else 0 end) as received_online,
        sum(case when not is_carried_over and not is_online then dossiers else 0 end)
            as received_direct_postal,
        sum(case when is_carried_over then dossiers else 0 end) as carried_over,
        sum(case when is_resolved then dossiers else 0 end) as resolved_total,
        sum(case when is_resolved and outcome = 'early' then dossiers else 0 end) as resolved_early,
        sum(case when is_resolved and outcome = 'on_time' then dossiers else 0 end) as resolved_on_time,
        sum(case when is_resolved and outcome = 'overdue' then dossiers else 0 end) as resolved_overdue,
        sum(case when not is_resolved then dossiers else 0 end) as in_progress_total,
        sum(case when not is_resolved and not is_late then dossiers else 0 end) as in_progress_within,
        sum(case when not is_resolved and is_late then dossiers else 0 end) as in_progress_overdue
    from at_hand
    group by basis, period_type, period_start, agency_code, field_code
),

of_units as (
    select
        counted.basis,
        counted.period_type,
        counted.period_start,
        scopes.agency_code,
        counted.field_code,
        {% for column in counts -%}
        sum(counted.{{ column }}) as {{ column }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from counted
    inner join {{ ref('int_agency_scopes') }} as scopes
        on counted.agency_code = scopes.own_agency_code
    group by counted.basis, counted.period_type, counted.period_start, scopes.agency_code, counted.field_code
),

-- the line of a unit stands also where nothing was at hand, that of a field does not
lines as (
    select
        basis,
        period_type,
        period_start,
        agency_code,
        field_code,
        {{ counts | join(',\n        ') }}
    from of_units

    union all

    select
        units.basis,
        units.period_type,
        units.period_start,
        units.agency_code,
        'all' as field_code,
        {% for column in counts -%}
        sum(coalesce(of_units.{{ column }}, 0)) as {{ column }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('int_scored_units') }} as units
    left join of_units
        on units.basis = of_units.basis
        and units.period_type = of_units.period_type
        and units.period_start = of_units.period_start
        and units.agency_code = of_units.agency_code
    where units.period_type <> 'day'
    group by units.basis, units.period_type, units.period_start, units.agency_code
)

select
    lines.basis,
    lines.period_type,
    lines.period_start,
    units.period_end,
    lines.agency_code,
    lines.field_code,
    units.agency_level,
    fields.field_name,
    units.judged_on,
    {% for column in counts -%}
    cast(lines.{{ column }} as bigint) as {{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from lines
inner join {{ ref('int_scored_units') }} as units
    on lines.basis = units.basis
    and lines.period_type = units.period_type
    and lines.period_start = units.period_start
    and lines.agency_code = units.agency_code
left join (
    select
        field_code,
        max(field_name) as field_name
    from {{ ref('dim_procedure') }}
    group by field_code
) as fields
    on lines.field_code = fields.field_code
