{% for time in dossier_times() -%}
{%- set shift = dbt.datediff('differences.one_stop_' ~ time, 'differences.national_' ~ time, 'second') -%}
select
    {{ finding(
        'time_shifted', time, 'differences.one_stop_' ~ time, 'differences.national_' ~ time,
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
-- a zone that was taken for another one, or a clock of twelve hours
where {{ shift }} in (-12 * 3600, -7 * 3600, 7 * 3600, 12 * 3600)
{% if not loop.last %}
union all

{% endif -%}
{% endfor %}
