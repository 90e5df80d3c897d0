-- The texts give 1.4 on the portal's base: what the portal received, of the greater of what it received and
-- what the province reports to have received. There, copies that nobody sent make up for copies that are
-- missing; the indicator itself looks for each dossier.
select
    one_stop.period_type,
    one_stop.period_start,
    one_stop.period_end,
    one_stop.agency_code,
    one_stop.agency_level,
    one_stop.on_both_sides,
    one_stop.received as received_one_stop,
    portal.received as received_national,
    {{ exact_rate('one_stop.on_both_sides', 'one_stop.received') }} as rate,
    {{ exact_rate('portal.received', 'greatest(one_stop.received, portal.received)') }} as rate_on_portal_base
from {{ ref('int_dossier_counts') }} as one_stop
inner join {{ ref('int_dossier_counts') }} as portal
    on portal.basis = 'national'
    and one_stop.period_type = portal.period_type
    and one_stop.period_start = portal.period_start
    and one_stop.agency_code = portal.agency_code
where one_stop.basis = 'one_stop' and one_stop.period_type <> 'day'
