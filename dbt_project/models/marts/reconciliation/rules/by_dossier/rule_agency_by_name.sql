select
    {{ finding('agency_by_name', 'processing_unit_name', 'null', 'pairs.national_processing_unit_name') }}
from {{ ref('int_pairs_tonight') }} as pairs
left join (select distinct agency_name from {{ ref('dim_agency') }}) as agencies
    on pairs.national_processing_unit_name = agencies.agency_name
where pairs.is_paired and pairs.national_processing_unit_name is not null and agencies.agency_name is null
