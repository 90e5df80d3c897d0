-- What the steps of both sides say of the dossiers that rules look at. The portal's own steps are no fault:
-- it gets 2 and 9 anew with every push.
{% set tellings = {
    'first_received_at': "min(case when {side} and status_code = '2' then processed_at end)",
    'first_worked_at': "min(case when {side} and status_code in ('4', '5', '6', '9', '10') then processed_at end)",
    'first_processed_at': "min(case when {side} and status_code = '9' then processed_at end)",
    'first_done_at': "min(case when {side} and status_code in ('9', '10') then processed_at end)",
    'last_open_at': "max(case when {side} and status_code in ('1', '4', '5', '6') then processed_at end)",
    'latest_step_at': "max(case when {side} then processed_at end)"
} -%}
with named as (
    {% for side in ['one_stop', 'national'] -%}
    select
        dossier_code,
        '{{ side }}' as side,
        {{ side }}_code as copy_code
    from {{ ref('int_pairs_tonight') }}
    where is_paired
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

steps as (
    select
        named.dossier_code,
        named.side,
        steps.status_code,
        steps.processed_at
    from {{ ref('stg_both_sides__steps') }} as steps
    inner join named
        on steps.side = named.side and steps.dossier_code = named.copy_code
),

told as (
    select
        dossier_code,
        {% for side in ['one_stop', 'national'] -%}
        {% for column, telling in tellings.items() -%}
        {{ telling.replace('{side}', "side = '" ~ side ~ "'") }} as {{ side }}_{{ column }}
        {%- if not loop.last %},{% endif %}
        {% endfor -%}
        {% if not loop.last %},{% endif %}
        {%- endfor %}
    from steps
    group by dossier_code
),

-- a step is there when one of its status is of that minute
arrived as (
    select distinct
        here.dossier_code,
        here.status_code,
        here.processed_at
    from steps as here
    inner join steps as there
        on here.dossier_code = there.dossier_code and here.status_code = there.status_code
    where
        here.side = 'one_stop'
        and there.side = 'national'
        and {{ dbt.datediff('here.processed_at', 'there.processed_at', 'second') }} between -60 and 60
),

-- and one of 2 or 9 when there is any
missing as (
    select
        here.dossier_code,
        count(*) as missing_steps,
        min(here.processed_at) as first_missing_at,
        -- the time goes first, so the least is the earliest
        min(concat(cast(here.processed_at as {{ dbt.type_string() }}), ' ', here.status_code))
            as first_missing_step
    from steps as here
    inner join told
        on here.dossier_code = told.dossier_code
    left join arrived
        on here.dossier_code = arrived.dossier_code
        and here.status_code = arrived.status_code
        and here.processed_at = arrived.processed_at
    where
        here.side = 'one_stop'
        and arrived.dossier_code is null
        and not coalesce(here.status_code = '2' and told.national_first_received_at is not null, false)
        and not coalesce(here.status_code = '9' and told.national_first_processed_at is not null, false)
    group by here.dossier_code
)

select
    pairs.dossier_code,
    pairs.agency_code,
    pairs.procedure_code,
    pairs.known_since_at,
    pairs.seen_since_on,
    pairs.one_stop_status_code,
    pairs.national_status_code,
    pairs.received_at,
    {% for side in ['one_stop', 'national'] -%}
    {% for column in tellings -%}
    told.{{ side }}_{{ column }},
    {% endfor -%}
    {%- endfor -%}
    coalesce(missing.missing_steps, 0) as missing_steps,
    missing.first_missing_at,
    missing.first_missing_step
from {{ ref('int_pairs_tonight') }} as pairs
left join told
    on pairs.dossier_code = told.dossier_code
left join missing
    on pairs.dossier_code = missing.dossier_code
where pairs.is_paired
