-- Every rule model there is; the list follows the files (macros/generated/registry.sql).
with found as (
    {% for model in rule_models() -%}
    select
        rule_code,
        dossier_code,
        agency_code,
        procedure_code,
        field,
        one_stop_value,
        national_value,
        known_since_at,
        seen_since_on
    from {{ ref(model) }}
    {% if not loop.last %}union all
    {% endif -%}
    {% endfor %}
)

select
    {{ dbt.hash("concat(found.rule_code, '|', found.dossier_code, '|', found.field)") }} as finding_id,
    found.rule_code,
    rules.rule_version,
    rules.severity,
    rules.certainty,
    found.dossier_code,
    agencies.agency_code,
    found.procedure_code,
    found.field,
    found.one_stop_value,
    found.national_value,
    cast(null as {{ dbt.type_string() }}) as cause_code,
    -- too young to count yet: the other side may still be on its way
    coalesce(
        {{ dbt.dateadd('day', 'rules.maturity_days', 'cast(found.known_since_at as date)') }}
        > run.business_date,
        false
    ) as provisional,
    found.seen_since_on as first_seen_on,
    run.business_date as last_seen_on,
    case when found.seen_since_on = run.business_date then 'new' else 'open' end as status,
    cast(null as decimal(9, 2)) as points_at_stake
from found
cross join {{ source('control', 'run') }} as run
inner join {{ ref('sync_rules') }} as rules
    on found.rule_code = rules.rule_code
left join {{ ref('int_agency_codes') }} as agencies
    on found.agency_code = agencies.written_code
