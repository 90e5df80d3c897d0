-- A comparison of the two sides, so it reads the same on both bases: what the one-stop system received,
-- and how much of it the national portal holds.
with compared as (
    select
        units.ruleset,
        units.basis,
        units.period_type,
        units.period_start,
        units.period_end,
        units.agency_code,
        units.agency_level,
        counts.on_both_sides,
        counts.received
    from {{ ref('int_scored_units') }} as units
    inner join {{ ref('int_dossier_counts') }} as counts
        on units.period_type = counts.period_type
        and units.period_start = counts.period_start
        and units.agency_code = counts.agency_code
    where counts.basis = 'one_stop'
)

{{ indicator('1.4', 'compared', numerator='on_both_sides', denominator='received') }}
