{% for time in dossier_times() -%}
select
    {{ finding(
        'day_month_swapped', time, 'differences.one_stop_' ~ time, 'differences.national_' ~ time,
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where
    differences.one_stop_{{ time }} <> differences.national_{{ time }}
    and extract(day from differences.one_stop_{{ time }})
    = extract(month from differences.national_{{ time }})
    and extract(month from differences.one_stop_{{ time }})
    = extract(day from differences.national_{{ time }})
    and extract(year from differences.one_stop_{{ time }})
    = extract(year from differences.national_{{ time }})
    and {{ second_of_day('differences.one_stop_' ~ time) }}
    = {{ second_of_day('differences.national_' ~ time) }}
{% if not loop.last %}
union all

{% endif -%}
{% endfor %}
