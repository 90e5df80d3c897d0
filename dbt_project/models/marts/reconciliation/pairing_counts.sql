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
    where pairs.pairing <> 'exact' or pairs.is_deleted

    union all

    -- under one code is what is on both sides and in no other layer; most of it no rule ever looked at
    select
        facts.agency_code,
        'exact' as pairing,
        cast(null as decimal(3, 2)) as confidence
    from {{ ref('int_dossiers') }} as facts
    left join {{ ref('int_dossier_pairs') }} as pairs
        on facts.dossier_code = pairs.one_stop_code and pairs.pairing <> 'exact'
    where facts.basis = 'one_stop' and facts.is_on_both_sides and pairs.dossier_code is null
)

select
    coalesce(agency_code, 'unknown') as agency_code,
    pairing,
    cast(count(*) as bigint) as copies,
    min(confidence) as least_confidence
from layered
group by coalesce(agency_code, 'unknown'), pairing
