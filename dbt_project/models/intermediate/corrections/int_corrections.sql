-- Which words of the portal's copy each scenario puts right: a rule's findings alone, those of a cause
-- together, all together. Findings that are too young to count, and presumed ones, put nothing right.
with found as (
    select
        findings.dossier_code,
        findings.rule_code,
        findings.cause_code,
        corrections.told_column,
        corrections.truth
    from {{ ref('int_found_tonight') }} as findings
    inner join {{ ref('sync_rule_corrections') }} as corrections
        on findings.rule_code = corrections.rule_code
        and (corrections.field = '*' or findings.field = corrections.field)
    where not findings.provisional and findings.certainty = 'certain' and findings.dossier_code is not null
),

scenarios as (
    select
        'rule' as scenario,
        found.rule_code as scenario_code,
        found.*
    from found
    union all
    select
        'cause' as scenario,
        found.cause_code as scenario_code,
        found.*
    from found
    union all
    select
        'all' as scenario,
        'all' as scenario_code,
        found.*
    from found
)

select
    scenario,
    scenario_code,
    dossier_code,
    -- what does not belong there goes, whatever else is wrong with it
    min(case when told_column = 'copy' then truth end) as copy_truth,
    {% for column in corrected_columns() -%}
    -- by the alphabet a record of payment goes before the flag of the other side
    max(case when told_column = '{{ column }}' then truth end) as {{ column }}_truth,
    {% endfor -%}
    max(case when told_column = 'steps' then truth end) as steps_truth
from scenarios
group by scenario, scenario_code, dossier_code
