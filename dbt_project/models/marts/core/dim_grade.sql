select
    ruleset,
    grade,
    min_points
from {{ ref('rule_set_grades') }}
