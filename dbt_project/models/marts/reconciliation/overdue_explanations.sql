-- Which causes apply and which of them is the main one: docs/decisions/0021.
with proven as (
    select
        *,
        coalesce(is_outside_competence, false) as by_outside_competence,
        national_is_overdue and not one_stop_is_overdue as by_data_sync,
        -- done in time, but the end was recorded late or never
        coalesce(
            one_stop_is_overdue and is_past_due
            and done_at between one_stop_received_at and one_stop_counted_due_at,
            false
        ) as by_operation,
        -- in time once all that was waited for the citizen is taken off
        coalesce(
            one_stop_is_overdue
            and (one_stop_supplement_requests > 1 or one_stop_has_new_due)
            and until_second - waited_seconds <= due_second,
            false
        ) as by_supplement_counting,
        coalesce(is_past_due and outage_seconds > 0 and outage_seconds >= late_seconds, false)
            as by_system_outage,
        coalesce(
            one_stop_is_overdue and is_past_due and lawful_seconds > 0 and lawful_seconds >= late_seconds,
            false
        ) as by_waiting_by_law,
        has_no_due_date as by_no_due_date,
        one_stop_is_overdue and steps_over = 1 and steps_in_time > 0 as by_internal_process,
        coalesce(
            one_stop_is_overdue and is_past_due and steps > 0
            and until_second - waited_seconds - obligation_seconds >= due_second,
            false
        ) as is_used_by_agency
    from (
        select
            *,
            case when one_stop_is_overdue then one_stop_late_seconds else national_late_seconds end
                as late_seconds,
            obligation_seconds + cast(public_posting_days * {{ seconds_per_working_day() }} as bigint)
                as lawful_seconds
        from {{ ref('int_overdue') }}
    ) as overdue
),

weighed as (
    select
        *,
        is_used_by_agency
        and not by_operation
        and not by_supplement_counting
        and not by_system_outage
        and not by_waiting_by_law as by_actual,
        true as by_unexplained
    from proven
),

explained as (
    select
        *,
        case
            {% for cause in overdue_causes() -%}
            when by_{{ cause }} then '{{ cause }}'
            {% endfor -%}
        end as cause_code
    from weighed
),

found as (
    select
        dossier_code,
        rule_code,
        row_number() over (
            partition by dossier_code
            order by
                case severity when 'error' then 1 else 2 end asc nulls last,
                is_refined asc nulls last,
                rule_code asc nulls last
        ) as place
    from (
        select
            findings.dossier_code,
            findings.rule_code,
            findings.severity,
            case when rules.refines is null then 1 else 0 end as is_refined
        from {{ ref('int_found_tonight') }} as findings
        inner join {{ ref('sync_rules') }} as rules
            on findings.rule_code = rules.rule_code
        -- what says that the two sides count its time otherwise
        where
            findings.severity <> 'info'
            and findings.field in (
                'dossier_code', 'procedure_code', 'status_code', 'steps', 'received_at', 'due_at', 'ended_at',
                'synced_at'
            )
    ) as about_time
),

findings as (
    select
        dossier_code,
        cast(count(*) as integer) as findings,
        min(case when place = 1 then rule_code end) as first_rule_code
    from found
    group by dossier_code
)

select
    explained.dossier_code,
    explained.agency_code,
    explained.procedure_code,
    explained.one_stop_code,
    explained.national_code,
    {% for side in ['one_stop', 'national'] -%}
    explained.{{ side }}_counted_due_at as {{ side }}_due_at,
    explained.{{ side }}_ended_at,
    explained.{{ side }}_is_overdue,
    {{ hours_of_seconds('explained.' ~ side ~ '_late_seconds') }} as {{ side }}_late_hours,
    {% endfor -%}
    case
        when explained.cause_code <> 'unexplained'
            then
                explained.one_stop_is_overdue
                and not explained.by_operation
                and not explained.by_supplement_counting
    end as is_late_really,
    explained.cause_code,
    nullif(substring(concat(
        {% for cause in overdue_causes() if cause != 'unexplained' -%}
        case
            when explained.by_{{ cause }} and explained.cause_code <> '{{ cause }}' then ';{{ cause }}'
            else ''
        end
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    ), 2), '') as other_causes,
    case when causes.must_act = 'agency' then explained.agency_code else province.agency_code end
        as responsible_agency_code,
    causes.must_act,
    {% for column in ['status_code', 'since_at'] -%}
    case explained.cause_code
        when 'waiting_by_law' then explained.obligation_{{ column }}
        when 'internal_process' then explained.over_{{ column }}
        when 'no_due_date' then explained.agency_longest_{{ column }}
        when 'actual' then explained.agency_longest_{{ column }}
    end as responsible_step_{{ column }},
    {% endfor -%}
    causes.title_vi as cause_vi,
    causes.remedy_vi,
    explained.longest_status_code as held_longest_status_code,
    explained.longest_since_at as held_longest_since_at,
    {{ hours_of_seconds('explained.longest_seconds') }} as held_longest_hours,
    {{ held_by('explained.longest_status_code') }} as held_longest_by,
    explained.longest_officer_class as held_longest_officer_class,
    explained.done_at,
    explained.pushed_at,
    -- from the end here to the push; of an end that has not been pushed yet, to the end of the business date
    case
        when explained.pushed_at is null or explained.one_stop_ended_second is null then null
        else {{ hours_of_seconds(
            'greatest(case when explained.pushed_at >= explained.one_stop_ended_at then explained.pushed_second'
            ~ ' else explained.last_second end - explained.one_stop_ended_second, 0)'
        ) }}
    end as push_hours,
    coalesce(findings.findings, 0) as findings,
    findings.first_rule_code,
    {{ hours_of_seconds('explained.outage_seconds') }} as outage_hours,
    explained.public_posting_days,
    {{ hours_of_seconds('explained.obligation_seconds') }} as obligation_hours,
    explained.one_stop_supplement_requests as supplement_requests,
    {{ hours_of_seconds('explained.one_stop_waited_seconds') }} as supplement_hours,
    case
        when not coalesce(explained.one_stop_ended_at > explained.one_stop_counted_due_at, false)
            then 'not_needed'
        when explained.apology_sent_at is null then 'missing'
        else 'sent'
    end as apology
from explained
inner join {{ ref('overdue_causes') }} as causes
    on explained.cause_code = causes.cause_code
left join {{ ref('dim_agency') }} as province
    on province.agency_level = 'province'
left join findings
    on explained.dossier_code = findings.dossier_code
