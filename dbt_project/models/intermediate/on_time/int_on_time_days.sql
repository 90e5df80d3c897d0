{% call(dossiers) kept_counts(
    ['definition', 'basis', 'received_on', 'agency_code', 'late_from_on'], ['dossiers']
) %}
select
    definition,
    basis,
    received_on,
    agency_code,
    late_from_on,
    count(*) as dossiers
from (
    select
        definitions.definition,
        dossiers.basis,
        dossiers.received_on,
        coalesce(dossiers.agency_code, 'unknown') as agency_code,
        {{ late_from_on('dossiers', 'definitions') }} as late_from_on
    from {{ dossiers }} as dossiers
    cross join {{ ref('on_time_rules') }} as definitions
    where dossiers.is_received
) as judged
group by definition, basis, received_on, agency_code, late_from_on
{% endcall %}
