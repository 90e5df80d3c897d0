-- Only dossiers whose two histories differ, or that came to an end and went on. The portal's own steps are no
-- fault: it gets 2 and 9 anew with every push.
with compared as (
    select
        pairs.dossier_code,
        pairs.one_stop_code,
        pairs.national_code,
        pairs.agency_code,
        pairs.procedure_code,
        pairs.known_since_at,
        pairs.seen_since_on,
        pairs.one_stop_status_code,
        pairs.national_status_code,
        pairs.received_at,
        {% for side in ['one_stop', 'national'] -%}
        {% for column in ['compared_steps', 'compared_steps_sum', 'first_received_at', 'first_worked_at',
            'first_processed_at', 'first_done_at', 'last_open_at', 'latest_step_at'] -%}
        {{ side }}.{{ column }} as {{ side }}_{{ column }}{% if not loop.last %},{% endif %}
        {% endfor -%}
        {% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('int_pairs_tonight') }} as pairs
    left join {{ ref('int_dossier_steps') }} as one_stop
        on one_stop.basis = 'one_stop' and pairs.one_stop_code = one_stop.dossier_code
    left join {{ ref('int_dossier_steps') }} as national
        on national.basis = 'national' and pairs.national_code = national.dossier_code
    where pairs.is_paired
),

differing as (
    select * from compared
    where
        one_stop_compared_steps is distinct from national_compared_steps
        or one_stop_compared_steps_sum is distinct from national_compared_steps_sum
        or one_stop_first_done_at is distinct from national_first_done_at
        or one_stop_first_received_at is distinct from national_first_received_at
        or one_stop_status_code is distinct from national_status_code
),

-- a step of 2 or 9 is there when any is, of another state when one of that minute is
missing as (
    select
        differing.dossier_code,
        count(*) as missing_steps,
        min(steps.processed_at) as first_missing_at,
        -- the time goes first, so the least is the earliest
        min(concat(cast(steps.processed_at as {{ dbt.type_string() }}), ' ', steps.status_code))
            as first_missing_step
    from differing
    inner join {{ ref('stg_both_sides__steps') }} as steps
        on steps.side = 'one_stop' and differing.one_stop_code = steps.dossier_code
    left join (
        select distinct
            portal_steps.dossier_code,
            portal_steps.status_code,
            portal_steps.processed_at
        from {{ ref('stg_both_sides__steps') }} as portal_steps
        inner join differing as pushed_of
            on portal_steps.dossier_code = pushed_of.national_code
        where portal_steps.side = 'national'
    ) as pushed
        on differing.national_code = pushed.dossier_code
        and steps.status_code = pushed.status_code
        and {{ dbt.datediff('steps.processed_at', 'pushed.processed_at', 'second') }} between -60 and 60
    where
        pushed.dossier_code is null
        and not coalesce(steps.status_code = '2' and differing.national_first_received_at is not null, false)
        and not coalesce(steps.status_code = '9' and differing.national_first_processed_at is not null, false)
    group by differing.dossier_code
)

select
    differing.*,
    coalesce(missing.missing_steps, 0) as missing_steps,
    missing.first_missing_at,
    missing.first_missing_step
from differing
left join missing
    on differing.dossier_code = missing.dossier_code
