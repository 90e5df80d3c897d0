{% set keys = ['basis', 'received_on', 'agency_code'] -%}
{{ keep_groups(keys) }}
select
    definition,
    basis,
    received_on,
    agency_code,
    late_from_on,
    cast(count(*) as bigint) as dossiers
from (
    select
        definitions.definition,
        dossiers.basis,
        dossiers.received_on,
        coalesce(dossiers.agency_code, 'unknown') as agency_code,
        {{ late_from_on('dossiers', 'definitions') }} as late_from_on
    from {{ dossiers_of_touched_groups(keys) }} as dossiers
    cross join {{ ref('on_time_rules') }} as definitions
    where dossiers.is_received
) as judged
group by definition, basis, received_on, agency_code, late_from_on
