-- The order in which causes are tried is the one that the list of causes tells people.
{{ config(meta={'dagster': {'ref': {'name': 'overdue_explanations', 'version': 1}}}) }}
-- depends_on: {{ ref('overdue_explanations') }}
with tried as (
    {% for cause in overdue_causes() -%}
    select
        '{{ cause }}' as cause_code,
        {{ loop.index }} as precedence
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
)

select
    told.cause_code as told_cause_code,
    tried.cause_code as tried_cause_code
from {{ ref('overdue_causes') }} as told
full outer join tried
    on told.cause_code = tried.cause_code and told.precedence = tried.precedence
where told.cause_code is null or tried.cause_code is null
