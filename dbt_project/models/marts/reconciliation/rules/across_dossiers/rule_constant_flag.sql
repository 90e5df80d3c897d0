-- What differs from dossier to dossier in the one-stop system and never on the portal is no fact but a
-- constant of the interface. Of the year of the business date, of agencies with enough dossiers to see it.
{% set flags = ['online', 'paid_online', 'digitized', 'with_population_data'] -%}
with counted as (
    select
        days.agency_code,
        {% for side in ['one_stop', 'national'] -%}
        sum(case when days.basis = '{{ side }}' then days.dossiers else 0 end) as {{ side }}_dossiers,
        {% for flag in flags -%}
        sum(case when days.basis = '{{ side }}' then days.{{ flag }} else 0 end) as {{ side }}_{{ flag }}
        {%- if not loop.last %},{% endif %}
        {% endfor -%}
        {% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('int_dossier_days') }} as days
    cross join {{ source('control', 'run') }} as run
    where
        extract(year from days.received_on) = extract(year from run.business_date)
        and days.agency_code <> 'unknown'
    group by days.agency_code
),

pairs as (
    select
        counted.*,
        cast(null as {{ dbt.type_string() }}) as dossier_code,
        cast(null as {{ dbt.type_string() }}) as procedure_code,
        cast(null as timestamp) as known_since_at,
        run.business_date as seen_since_on
    from counted
    cross join {{ source('control', 'run') }} as run
    where counted.one_stop_dossiers >= 30 and counted.national_dossiers >= 30
)

{% for flag in flags -%}
select
    {{ finding('constant_flag', flag, 'pairs.one_stop_' ~ flag, 'pairs.national_' ~ flag) }}
from pairs
where
    pairs.national_{{ flag }} in (0, pairs.national_dossiers)
    and pairs.one_stop_{{ flag }} not in (0, pairs.one_stop_dossiers)
    and abs(pairs.one_stop_{{ flag }} - pairs.national_{{ flag }}) * 10 >= pairs.one_stop_dossiers
{% if not loop.last %}
union all

{% endif -%}
{% endfor %}
