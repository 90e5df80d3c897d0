{{ config(materialized='view') }}
-- As an earlier release had them (weight 1) and as they count now (-1). A finding names a dossier; its copies
-- may stand under other codes, which the pair knows, or the finding itself where codes are what it is about.
{% set facts = ['basis', 'dossier_code', 'agency_code', 'procedure_code', 'received_on', 'is_on_time',
    'open_due_on', 'is_online', 'has_financial_obligation', 'is_obligation_paid_online', 'has_electronic_result',
    'is_digitized', 'has_reused_component', 'is_shared', 'uses_population_data', 'has_petition',
    'is_on_both_sides'] -%}
with fixed as (
    select
        lives.dossier_code,
        case when lives.field = 'dossier_code' then lives.one_stop_value end as told_one_stop_code,
        case when lives.field = 'dossier_code' then lives.national_value end as told_national_code,
        pairs.one_stop_code,
        pairs.national_code
    from {{ ref('int_finding_lives') }} as lives
    inner join {{ source('control', 'run') }} as run
        on lives.fixed_on = run.business_date
    left join {{ ref('int_dossier_pairs') }} as pairs
        on lives.dossier_code = pairs.dossier_code
    -- what went away before it was old enough to count was only on its way
    where not lives.provisional
),

codes as (
    {% for code in [
        'dossier_code', 'told_one_stop_code', 'told_national_code', 'one_stop_code', 'national_code'
    ] -%}
    select {{ code }} as dossier_code from fixed
    where {{ code }} is not null
    {% if not loop.last -%}
    union
    {% endif -%}
    {% endfor %}
)

{% for relation, weight in [(source('control', 'previous_dossier_facts'), 1), (ref('int_dossiers'), -1)] -%}
select
    {{ facts | join(',\n    ') }},
    {{ weight }} as weight
from {{ relation }}
where
    dossier_code in (select codes.dossier_code from codes)
    {% if weight < 0 %}and is_received{% endif %}
{% if not loop.last %}
union all

{% endif -%}
{% endfor %}
