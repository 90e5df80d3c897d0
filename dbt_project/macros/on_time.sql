{#-
    From which day of judgement on a dossier is late under a definition: NULL for never, the first day of the
    calendar where it is settled as late. `dossiers` is int_dossiers, `definitions` the seed of that name.
-#}
{% macro late_from_on(dossiers, definitions) %}
{%- set due %}case
        when {{ definitions }}.adds_supplement_time then {{ dossiers }}.counted_due_at
        when {{ dossiers }}.due_at is not null then {{ dossiers }}.due_at
        when {{ definitions }}.without_due_date = 'maximum_time' then {{ dossiers }}.counted_due_at
    end{% endset -%}
{%- set due_on %}cast({{ due }} as date){% endset -%}
{%- set due_in_morning %}extract(hour from {{ due }}) < 12{% endset -%}
{%- set ended_on %}cast({{ dossiers }}.ended_at as date){% endset -%}
case
    when {{ definitions }}.asked_twice_is_late and {{ dossiers }}.supplement_requests > 1
        then cast('1900-01-01' as date)
    -- nothing says that it is late
    when {{ due }} is null then null
    when {{ dossiers }}.ended_at is null
        then case
            -- judged at the end of a day: what falls due at some hour of it has fallen due
            when {{ definitions }}.compares = 'timestamp' then {{ due_on }}
            when {{ definitions }}.compares = 'half_day' and {{ due_in_morning }} then {{ due_on }}
            else cast({{ dbt.dateadd('day', 1, due_on) }} as date)
        end
    when {{ definitions }}.compares = 'timestamp' and {{ dossiers }}.ended_at <= {{ due }} then null
    when {{ definitions }}.compares = 'date' and {{ ended_on }} <= {{ due_on }} then null
    when {{ definitions }}.compares = 'half_day' and {{ ended_on }} < {{ due_on }} then null
    when
        {{ definitions }}.compares = 'half_day' and {{ ended_on }} = {{ due_on }}
        and (extract(hour from {{ dossiers }}.ended_at) < 12 or not {{ due_in_morning }})
        then null
    else cast('1900-01-01' as date)
end
{% endmacro %}
