-- Facts of the dossiers that a scenario changes: as they would count (weight 1) and as they count (weight
-- -1). Where no copy should be, or none is, one of the two is missing.
with told as (
    select
        corrections.scenario,
        corrections.scenario_code,
        corrections.dossier_code,
        1 as weight,
        {% for column in told_columns() -%}
        {% set truth = 'steps' if column in step_columns() else column -%}
        {% if column in corrected_columns() + step_columns() -%}
        case
            when corrections.copy_truth = 'one_stop' or corrections.{{ truth }}_truth = 'one_stop'
                then one_stop.{{ column }}
            {% if column == 'is_paid_online' -%}
            when corrections.is_paid_online_truth = 'payments' then national.is_paid_online_by_record
            {% endif -%}
            else national.{{ column }}
        end as {{ column }}{% if not loop.last %},{% endif %}
        {% else -%}
        case
            when corrections.copy_truth = 'one_stop' then one_stop.{{ column }}
            else national.{{ column }}
        end as {{ column }}{% if not loop.last %},{% endif %}
        {% endif -%}
        {% endfor %}
    from {{ ref('int_corrections') }} as corrections
    left join {{ ref('int_correction_copies') }} as one_stop
        on corrections.dossier_code = one_stop.dossier_code and one_stop.basis = 'one_stop'
    left join {{ ref('int_correction_copies') }} as national
        on corrections.dossier_code = national.dossier_code and national.basis = 'national'
    where
        coalesce(corrections.copy_truth, '') <> 'nothing'
        and (corrections.copy_truth is null or one_stop.dossier_code is not null)

    union all

    select
        corrections.scenario,
        corrections.scenario_code,
        corrections.dossier_code,
        -1 as weight,
        {% for column in told_columns() -%}
        national.{{ column }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('int_corrections') }} as corrections
    inner join {{ ref('int_correction_copies') }} as national
        on corrections.dossier_code = national.dossier_code and national.basis = 'national'
),

facts as (
    {{ judged_dossiers('told', ['scenario', 'scenario_code', 'dossier_code', 'weight']) }}
)

select
    scenario,
    scenario_code,
    dossier_code,
    weight,
    agency_code,
    procedure_code,
    received_on,
    is_on_time,
    open_due_on,
    is_online,
    has_financial_obligation,
    is_obligation_paid_online,
    has_electronic_result,
    is_digitized,
    has_reused_component,
    is_shared,
    uses_population_data,
    has_petition
from facts
where is_received
