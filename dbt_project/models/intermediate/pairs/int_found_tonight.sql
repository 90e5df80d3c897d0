with found as (
    select * from {{ ref('int_findings') }}
    -- and every rule that looks at many dossiers
    {% for model in across_rule_models() -%}
    union all
    select * from {{ ref(model) }}
    {% endfor %}
),

placed as (
    select
        found.rule_code,
        found.dossier_code,
        found.agency_code,
        found.procedure_code,
        found.field,
        found.one_stop_value,
        found.national_value,
        found.seen_since_on,
        rules.rule_version,
        rules.severity,
        rules.certainty,
        rules.cause_code,
        coalesce(found.maturity_hours, rules.maturity_hours) as maturity_hours,
        run.business_date,
        {{ working_second('found.known_since_at', 'known_day') }} as known_second,
        -- the last moment of the business date
        last_day.working_day_number * {{ seconds_per_working_day() }} as last_second
    from found
    cross join {{ source('control', 'run') }} as run
    inner join {{ ref('sync_rules') }} as rules
        on found.rule_code = rules.rule_code
    left join {{ ref('int_calendar') }} as known_day
        on cast(found.known_since_at as date) = known_day.calendar_on
    left join {{ ref('int_calendar') }} as last_day
        on run.business_date = last_day.calendar_on
)

select
    {{ dbt.hash(
        "concat(placed.rule_code, '|', coalesce(placed.dossier_code, placed.agency_code, ''), '|',"
        ~ " placed.field)"
    ) }} as finding_id,
    placed.rule_code,
    placed.rule_version,
    placed.severity,
    placed.certainty,
    placed.dossier_code,
    placed.agency_code,
    placed.procedure_code,
    placed.field,
    placed.one_stop_value,
    placed.national_value,
    placed.cause_code,
    -- too young to count yet: the other side may still be on its way
    coalesce(placed.known_second + placed.maturity_hours * 3600 > placed.last_second, false) as provisional,
    placed.seen_since_on,
    placed.business_date
from placed
