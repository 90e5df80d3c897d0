with pairs as (
    select
        dossiers.agency_code,
        cast(null as {{ dbt.type_string() }}) as dossier_code,
        cast(null as {{ dbt.type_string() }}) as procedure_code,
        cast(null as timestamp) as known_since_at,
        max(dossiers.seen_since_on) as seen_since_on,
        count(*) as dossiers,
        sum(case when dossiers.has_placeholder then 1 else 0 end) as placeholders
    from {{ ref('int_dossier_pairs') }} as dossiers
    cross join {{ source('control', 'run') }} as run
    where
        dossiers.national_code is not null
        and dossiers.agency_code is not null
        and extract(year from dossiers.received_at) = extract(year from run.business_date)
    group by dossiers.agency_code
    having count(*) >= 30
)

select
    {{ finding('placeholders_in_mass', 'owner', 'null', 'pairs.placeholders') }}
from pairs
where pairs.placeholders * 5 >= pairs.dossiers
