select
    ruleset,
    title_vi,
    valid_from_on,
    valid_to_on,
    is_provisional,
    maturity_days,
    source
from {{ ref('rule_sets') }}
