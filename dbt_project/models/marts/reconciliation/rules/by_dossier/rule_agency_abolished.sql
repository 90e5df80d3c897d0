select
    {{ finding('agency_abolished', 'agency_code', 'pairs.agency_written_code', 'null') }}
from {{ ref('int_pairs_tonight') }} as pairs
inner join {{ ref('int_agency_codes') }} as agencies
    on pairs.agency_written_code = agencies.written_code
where
    cast(pairs.received_at as date) > agencies.valid_to_on
    or cast(pairs.received_at as date) < agencies.valid_from_on
