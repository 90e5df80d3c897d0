-- The last layer, over everything that is kept: copies that no code brings together but all else does. A
-- match is made only where it is the only one for both copies. Then copies of the portal that are a second
-- one of a dossier it holds already.
with orphans as (
    select * from {{ ref('int_dossier_pairs') }}
    where pairing in ('one_stop_only', 'national_only') and not is_deleted
),

candidates as (
    select
        one_stop.dossier_code as one_stop_code,
        national.dossier_code as national_code,
        case
            when one_stop.owner_link = national.owner_link then cast(0.99 as decimal(3, 2))
            else cast(0.80 as decimal(3, 2))
        end as confidence,
        count(*) over (partition by one_stop.dossier_code) as of_one_stop,
        count(*) over (partition by national.dossier_code) as of_national
    from orphans as one_stop
    inner join orphans as national
        on one_stop.procedure_code = national.procedure_code
        and one_stop.agency_code = national.agency_code
        -- one owner; where a side does not say who, one kind of owner
        and coalesce(
            one_stop.owner_link = national.owner_link, one_stop.owner_type_code = national.owner_type_code
        )
        and {{ dbt.datediff('one_stop.received_at', 'national.received_at', 'second') }}
        between -{{ relaxed_tolerance_seconds() }} and {{ relaxed_tolerance_seconds() }}
    where one_stop.pairing = 'one_stop_only' and national.pairing = 'national_only'
),

relaxed as (
    select
        one_stop_code,
        national_code,
        confidence
    from candidates
    where of_one_stop = 1 and of_national = 1
),

-- Of a second copy the first one is a dossier that the portal holds under its own code.
alike as (
    select
        orphans.dossier_code as national_code,
        orphans.owner_link,
        facts.dossier_code as one_stop_code
    from orphans
    inner join {{ ref('int_dossiers') }} as facts
        on orphans.received_at = facts.received_at
        and orphans.procedure_code = facts.procedure_code
        and orphans.agency_code = facts.agency_code
    where orphans.pairing = 'national_only' and facts.basis = 'one_stop' and facts.is_on_both_sides
),

wanted as (
    select distinct one_stop_code from alike
),

at_hand as (
    select
        wanted.one_stop_code,
        dossiers.dossier_code,
        dossiers.owner_link
    from wanted
    left join {{ ref('stg_one_stop__dossiers') }} as dossiers
        on wanted.one_stop_code = dossiers.dossier_code
),

-- of dossiers that are not worked on tonight only the delivered rows tell whose they are
delivered as (
    select
        rows_of.dossier_code,
        rows_of.owner_link,
        row_number() over (
            partition by rows_of.dossier_code order by rows_of.landed_row desc nulls last
        ) as version_number
    from {{ source('landed', 'one_stop_dossiers') }} as rows_of
    inner join at_hand
        on rows_of.dossier_code = at_hand.one_stop_code and at_hand.dossier_code is null
),

owners as (
    select
        dossier_code,
        owner_link
    from at_hand
    where dossier_code is not null

    union all

    select
        dossier_code,
        owner_link
    from delivered
    where version_number = 1
),

-- named as the other code of a dossier that the portal holds, or alike to the second
held_already as (
    select
        orphans.dossier_code as national_code,
        held.dossier_code as one_stop_code
    from orphans
    inner join {{ ref('int_dossier_pairs') }} as held
        on orphans.dossier_code = held.other_dossier_code and held.is_paired
    where orphans.pairing = 'national_only'

    union all

    select
        alike.national_code,
        alike.one_stop_code
    from alike
    inner join owners
        on alike.one_stop_code = owners.dossier_code and alike.owner_link = owners.owner_link
),

second_copies as (
    select
        held_already.national_code,
        min(held_already.one_stop_code) as one_stop_code
    from held_already
    left join relaxed
        on held_already.national_code = relaxed.national_code
    where relaxed.national_code is null
    group by held_already.national_code
)

select
    one_stop_code,
    national_code,
    'relaxed' as pairing,
    confidence
from relaxed

union all

select
    one_stop_code,
    national_code,
    'duplicate' as pairing,
    cast(1 as decimal(3, 2)) as confidence
from second_copies
