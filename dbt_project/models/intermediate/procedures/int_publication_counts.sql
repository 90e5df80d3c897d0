-- A procedure in several decisions counts once, and is late if it was late once. What is public is looked at
-- on the day of judgement: the newest decision on a procedure that is public, unless it repeals it.
with {% for count, test in publication_tests().items() -%}
{{ count }} as (
    select
        period_type,
        period_start,
        agency_code as unit_code,
        count(*) as {{ count }},
        sum(case when in_numerator then 1 else 0 end) as {{ test.numerator }}
    from (
        {{ publication_verdicts(
            count, ref('int_publications'), ref('int_agency_scopes'), ref('int_periods')
        ) }}
    ) as verdicts
    group by period_type, period_start, agency_code
){% if not loop.last %},{% endif %}

{% endfor %}
select
    units.basis,
    units.period_type,
    units.period_start,
    units.period_end,
    units.agency_code,
    units.agency_level,
    cast(coalesce(issued.issued, 0) as bigint) as issued,
    cast(coalesce(issued.issued_on_time, 0) as bigint) as issued_on_time,
    cast(coalesce(to_publicise.to_publicise, 0) as bigint) as to_publicise,
    cast(coalesce(to_publicise.publicised_on_time, 0) as bigint) as publicised_on_time,
    cast(coalesce(public.public, 0) as bigint) as public,
    cast(coalesce(public.complete, 0) as bigint) as complete
from {{ ref('int_scored_units') }} as units
{% for counted in publication_tests() -%}
left join {{ counted }}
    on units.period_type = {{ counted }}.period_type
    and units.period_start = {{ counted }}.period_start
    and units.agency_code = {{ counted }}.unit_code
{% endfor %}
