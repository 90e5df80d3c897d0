with held as (
    select
        days.agency_code,
        sum(days.dossiers) as dossiers
    from {{ ref('int_dossier_days') }} as days
    cross join {{ source('control', 'run') }} as run
    where
        days.basis = 'national'
        and days.agency_code <> 'unknown'
        and extract(year from days.received_on) = extract(year from run.business_date)
    group by days.agency_code
    having sum(days.dossiers) >= 30
),

filled as (
    select
        copies.agency_code,
        max(copies.seen_since_on) as seen_since_on,
        count(*) as placeholders
    from {{ ref('int_dossier_pairs') }} as copies
    cross join {{ source('control', 'run') }} as run
    where
        copies.has_placeholder
        and copies.national_code is not null
        and extract(year from copies.received_at) = extract(year from run.business_date)
    group by copies.agency_code
),

pairs as (
    select
        filled.*,
        held.dossiers,
        cast(null as {{ dbt.type_string() }}) as dossier_code,
        cast(null as {{ dbt.type_string() }}) as procedure_code,
        cast(null as timestamp) as known_since_at
    from filled
    inner join held
        on filled.agency_code = held.agency_code
)

select
    {{ finding('placeholders_in_mass', 'owner', 'null', 'pairs.placeholders') }}
from pairs
where pairs.placeholders * 5 >= pairs.dossiers
