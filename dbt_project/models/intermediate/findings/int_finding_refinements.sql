-- A rule may say more precisely what another found: `refines` names that rule. `*` stands for the rule that
-- finds any difference in the finding's own field; what refines such a finding is about the same field.
with found as (
    select
        tonight.finding_id,
        tonight.rule_code,
        tonight.dossier_code,
        tonight.field,
        rules.refines,
        case
            when rules.refines = '*' then concat(split_part(tonight.field, '_', 1), '_differs')
            else rules.refines
        end as refined_rule_code
    from {{ ref('int_found_tonight') }} as tonight
    inner join {{ ref('sync_rules') }} as rules
        on tonight.rule_code = rules.rule_code
)

select
    refined.finding_id,
    min(refining.rule_code) as refined_by
from found as refining
inner join found as refined
    on refining.dossier_code = refined.dossier_code
    and refining.refined_rule_code = refined.rule_code
where coalesce(refined.refines, '') <> '*' or refined.field = refining.field
group by refined.finding_id
