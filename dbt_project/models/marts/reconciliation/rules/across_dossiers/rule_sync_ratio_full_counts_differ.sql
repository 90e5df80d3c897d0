-- Of what the portal published of a unit: its share of synchronised dossiers is whole, and yet it says
-- elsewhere that it received another number in the same period.
with pairs as (
    select
        units.agency_code,
        cast(null as {{ dbt.type_string() }}) as dossier_code,
        cast(null as {{ dbt.type_string() }}) as procedure_code,
        cast(null as timestamp) as known_since_at,
        synchronised.captured_on as seen_since_on,
        synchronised.denominator as synchronised_dossiers,
        progress.denominator as received_dossiers,
        row_number() over (
            partition by units.agency_code
            order by synchronised.captured_on desc nulls last, synchronised.period_label desc nulls last
        ) as newest_first
    from {{ ref('portal_score_check') }} as synchronised
    inner join {{ ref('portal_score_check') }} as progress
        on synchronised.province_code = progress.province_code
        and synchronised.unit_name = progress.unit_name
        and synchronised.period_label = progress.period_label
        and progress.code = '2.1'
    inner join {{ ref('int_portal_units') }} as units
        on synchronised.province_code = units.province_code
        and synchronised.unit_name = units.unit_name
        and synchronised.period_label = units.period_label
    where
        synchronised.code = '1.4'
        and synchronised.numerator = synchronised.denominator
        and synchronised.denominator > 0
        and synchronised.denominator <> progress.denominator
        and units.agency_code is not null
)

select
    {{ finding(
        'sync_ratio_full_counts_differ', 'received', 'pairs.synchronised_dossiers', 'pairs.received_dossiers'
    ) }}
from pairs
where pairs.newest_first = 1
