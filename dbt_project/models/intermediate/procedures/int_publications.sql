-- Deadlines of indicators 1.1 and 1.2 for the decisions of a province: published at the latest five working
-- days before the legal basis takes effect, and public at the latest five working days after the decision.
{% set contents = [
    'name', 'steps', 'ways', 'components', 'number_of_copies', 'time_limit', 'subjects', 'performing_agency'
] -%}
with numbered as (
    select
        decisions.decision_number,
        coalesce(aliases.procedure_code, decisions.procedure_code) as procedure_code,
        decisions.procedure_wire_code,
        coalesce(agencies.agency_code, 'unknown') as agency_code,
        decisions.change_kind,
        decisions.issued_on,
        decisions.legal_basis_in_force_on,
        -- what becomes public after the business date is not public yet
        case
            when cast(decisions.publicised_at as date) <= run.business_date
                then cast(decisions.publicised_at as date)
        end as publicised_on,
        -- the day itself is not counted
        basis_day.working_day_number - case when basis_day.is_working_day then 1 else 0 end - 4
            as publish_day_number,
        issued_day.working_day_number + 5 as publicise_day_number,
        concat_ws(
            ', ',
            {% for content in contents -%}
            case when not coalesce(decisions.has_{{ content }}, false) then '{{ content }}' end
            {%- if not loop.last %},{% endif %}
            {% endfor %}
        ) as missing_contents
    from {{ ref('stg_catalogue__publication_decisions') }} as decisions
    cross join {{ source('control', 'run') }} as run
    left join {{ ref('int_procedure_aliases') }} as aliases
        on decisions.procedure_code = aliases.alias_code
        and (aliases.valid_from_on is null or decisions.issued_on >= aliases.valid_from_on)
        and (aliases.valid_to_on is null or decisions.issued_on <= aliases.valid_to_on)
    left join {{ ref('int_agency_codes') }} as agencies
        on decisions.agency_code = agencies.written_code
    left join {{ ref('int_calendar') }} as basis_day
        on decisions.legal_basis_in_force_on = basis_day.calendar_on
    left join {{ ref('int_calendar') }} as issued_day
        on decisions.issued_on = issued_day.calendar_on
    where decisions.issued_on <= run.business_date
)

select
    numbered.decision_number,
    numbered.procedure_code,
    numbered.procedure_wire_code,
    numbered.agency_code,
    numbered.change_kind,
    numbered.issued_on,
    numbered.legal_basis_in_force_on,
    publish_by.calendar_on as publish_by_on,
    numbered.publicised_on,
    publicise_by.calendar_on as publicise_by_on,
    -- without the date of the legal basis nothing says that it is late
    coalesce(numbered.issued_on <= publish_by.calendar_on, true) as is_issued_on_time,
    coalesce(numbered.publicised_on <= publicise_by.calendar_on, false) as is_publicised_on_time,
    numbered.missing_contents = '' as is_complete,
    nullif(numbered.missing_contents, '') as missing_contents
from numbered
left join {{ ref('int_calendar') }} as publish_by
    on numbered.publish_day_number = publish_by.working_day_number and publish_by.is_working_day
left join {{ ref('int_calendar') }} as publicise_by
    on numbered.publicise_day_number = publicise_by.working_day_number and publicise_by.is_working_day
