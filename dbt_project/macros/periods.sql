{#-
    The period types of names.md: the column of int_calendar that holds a date's first day of the period, and
    how far back the previous one begins.
-#}
{% macro period_types() %}
{{ return({
    'day': {'starts': 'calendar_on', 'unit': 'day', 'back': 1},
    'month': {'starts': 'month_start_on', 'unit': 'month', 'back': 1},
    'quarter': {'starts': 'quarter_start_on', 'unit': 'month', 'back': 3},
    'half_year': {'starts': 'half_year_start_on', 'unit': 'month', 'back': 6},
    'year': {'starts': 'year_start_on', 'unit': 'year', 'back': 1}
}) }}
{% endmacro %}
