select
    {{ finding(
        'agency_unknown', 'agency_code', 'pairs.agency_written_code', 'pairs.national_agency_written_code'
    ) }}
from {{ ref('int_pairs_tonight') }} as pairs
left join {{ ref('int_agency_codes') }} as agencies
    on pairs.national_agency_written_code = agencies.written_code
where
    pairs.agency_code is null
    or (pairs.national_agency_written_code is not null and agencies.written_code is null)
