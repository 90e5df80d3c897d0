{#-
    Working time as a number: seconds of working time from the start of the calendar to a local timestamp.
    `day` is the row of int_calendar for the timestamp's date, and has that day's hours (seed working_hours);
    before, between and after them the number stands still.
-#}

{#-
    Every working day is this long, whatever its hours; a test of int_calendar holds it. A due date is found by
    dividing by it, and limits in working days are in days of this length.
-#}
{% macro seconds_per_working_day() %}28800{% endmacro %}

{#- The hours of `day`; without it, of the row at hand, where an earlier step has put them. -#}
{% macro morning_starts_at(day='') %}{{ day ~ '.' if day }}morning_from_second{% endmacro %}
{% macro morning_ends_at(day='') %}{{ day ~ '.' if day }}morning_to_second{% endmacro %}
{% macro afternoon_starts_at(day='') %}{{ day ~ '.' if day }}afternoon_from_second{% endmacro %}
{% macro afternoon_ends_at(day='') %}{{ day ~ '.' if day }}afternoon_to_second{% endmacro %}
{% macro morning_seconds(day='') %}({{ morning_ends_at(day) }} - {{ morning_starts_at(day) }}){% endmacro %}

{#- Those that clock_of_working_second() needs, as columns for a later step. -#}
{% macro working_hours_of(day) %}
{{ morning_starts_at(day) }},
        {{ morning_ends_at(day) }},
        {{ afternoon_starts_at(day) }}
{%- endmacro %}

{% macro working_second(timestamp, day) %}(
    cast({{ day }}.working_day_number - case when {{ day }}.is_working_day then 1 else 0 end as bigint)
    * {{ seconds_per_working_day() }}
    + case
        when not {{ day }}.is_working_day then 0
        else
            least(
                greatest({{ second_of_day(timestamp) }} - {{ morning_starts_at(day) }}, 0),
                {{ morning_seconds(day) }}
            )
            + least(
                greatest({{ second_of_day(timestamp) }} - {{ afternoon_starts_at(day) }}, 0),
                {{ afternoon_ends_at(day) }} - {{ afternoon_starts_at(day) }}
            )
    end
){% endmacro %}

{#- The second of the day at which `second` of a working day's seconds have passed. -#}
{% macro clock_of_working_second(second, day='') %}(
    case
        when {{ second }} <= {{ morning_seconds(day) }} then {{ morning_starts_at(day) }} + {{ second }}
        else {{ afternoon_starts_at(day) }} + {{ second }} - {{ morning_seconds(day) }}
    end
){% endmacro %}

{#- Seconds since midnight of a time written as hh:mm. -#}
{% macro second_of_clock(text) -%}
cast(split_part({{ text }}, ':', 1) as integer) * 3600
        + cast(split_part({{ text }}, ':', 2) as integer) * 60
{%- endmacro %}

{#- Seconds as hours, half-up to hundredths; not for negative ones. -#}
{% macro hours_of_seconds(seconds) %}{{ hundredths(whole_quotient(seconds ~ ' + 18', '36')) }}{% endmacro %}
