-- By which layer the copies of the two systems were brought together, and how many stay alone.
with layered as (
    select
        pairs.agency_code,
        case
            when pairs.is_deleted then 'deleted_on_one_stop'
            else coalesce(here.pairing, there.pairing, pairs.pairing)
        end as pairing,
        coalesce(here.confidence, there.confidence) as confidence
    from {{ ref('int_dossier_pairs') }} as pairs
    left join {{ ref('int_orphan_matches') }} as here
        on case when pairs.pairing = 'one_stop_only' then pairs.one_stop_code end = here.one_stop_code
        and here.pairing = 'relaxed'
    left join {{ ref('int_orphan_matches') }} as there
        on case when pairs.pairing = 'national_only' then pairs.national_code end = there.national_code
)

select
    coalesce(agency_code, 'unknown') as agency_code,
    pairing,
    cast(count(*) as bigint) as copies,
    min(confidence) as least_confidence
from layered
group by coalesce(agency_code, 'unknown'), pairing
