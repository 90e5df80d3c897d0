{{ config(materialized='view') }}
-- Two centuries, because a date mistyped by a century must still be early or late, never nothing.
with days as (
    {{ dbt.date_spine(
        datepart='day',
        start_date="cast('1900-01-01' as date)",
        end_date="cast('2101-01-01' as date)"
    ) }}
)

select cast(date_day as date) as calendar_on
from days
