{% for period_type, period in period_types().items() -%}
select
    periods.period_type,
    periods.period_start,
    periods.period_end,
    periods.judged_on,
    calendar.calendar_on
from {{ ref('int_periods') }} as periods
inner join {{ ref('int_calendar') }} as calendar
    on periods.period_start = calendar.{{ period.starts }}
where periods.period_type = '{{ period_type }}'
{% if not loop.last %}
union all

{% endif -%}
{% endfor %}
