select
    rule_code,
    rule_version,
    severity,
    certainty,
    maturity_hours,
    cause_code,
    refines,
    must_act,
    title_vi,
    question_vi,
    explanation_vi,
    remedy_vi
from {{ ref('sync_rules') }}
