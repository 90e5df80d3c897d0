{#-
    Working time as a number: seconds of working time from the start of the calendar to a local timestamp.
    `day` is the row of int_calendar for the timestamp's date. Hours are the default of the one-stop systems,
    07:00-11:30 and 13:30-17:00; before, between and after them the number stands still.
-#}
{% macro seconds_per_working_day() %}28800{% endmacro %}
{% macro morning_seconds() %}16200{% endmacro %}
{% macro morning_starts_at() %}25200{% endmacro %}
{% macro afternoon_starts_at() %}48600{% endmacro %}

{% macro working_second(timestamp, day) %}(
    cast({{ day }}.working_day_number - case when {{ day }}.is_working_day then 1 else 0 end as bigint)
    * {{ seconds_per_working_day() }}
    + case
        when not {{ day }}.is_working_day then 0
        else
            least(
                greatest({{ second_of_day(timestamp) }} - {{ morning_starts_at() }}, 0),
                {{ morning_seconds() }}
            )
            + least(
                greatest({{ second_of_day(timestamp) }} - {{ afternoon_starts_at() }}, 0),
                {{ seconds_per_working_day() }} - {{ morning_seconds() }}
            )
    end
){% endmacro %}

{#- The second of the day at which `second` of a working day's seconds have passed. -#}
{% macro clock_of_working_second(second) %}(
    case
        when {{ second }} <= {{ morning_seconds() }} then {{ morning_starts_at() }} + {{ second }}
        else {{ afternoon_starts_at() }} + {{ second }} - {{ morning_seconds() }}
    end
){% endmacro %}
