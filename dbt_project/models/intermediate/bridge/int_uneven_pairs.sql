{{ keep_dossiers(['dossier_code', 'national_code']) }}
-- Only what makes the two sides' counts differ somewhere: another agency or day, or counted by one side only.
-- Of pairs under one code this can only be where the reception or the status differs.
with suspect as (
    select
        pairs.*,
        -- the portal counts one dossier that several here name as theirs: it is that of its own code, or the
        -- first one's
        pairs.national_code is not null
        and own.dossier_code is null
        and row_number() over (
            partition by pairs.national_code order by pairs.dossier_code asc nulls last
        ) = 1 as has_national
    from {{ ref('int_pairs_tonight') }} as pairs
    left join {{ ref('int_pair_differences') }} as differences
        on pairs.dossier_code = differences.dossier_code
        and (
            differences.one_stop_received_at is distinct from differences.national_received_at
            or differences.one_stop_status_code is distinct from differences.national_status_code
        )
    left join {{ ref('int_pairs_tonight') }} as own
        on own.pairing = 'exact'
        and case when pairs.pairing <> 'exact' then pairs.national_code end = own.dossier_code
    where pairs.pairing <> 'exact' or pairs.is_deleted or differences.dossier_code is not null
),

placed as (
    select
        suspect.dossier_code,
        case when not suspect.is_deleted then suspect.one_stop_code end as one_stop_code,
        case when suspect.has_national then suspect.national_code end as national_code,
        suspect.is_deleted,
        coalesce(one_stop.is_received, false) as one_stop_counts,
        one_stop.received_on as one_stop_received_on,
        coalesce(one_stop.agency_code, 'unknown') as one_stop_agency_code,
        coalesce(national.is_received, false) as national_counts,
        national.received_on as national_received_on,
        coalesce(national.agency_code, 'unknown') as national_agency_code
    from suspect
    left join {{ dossiers_tonight() }} as one_stop
        on one_stop.basis = 'one_stop' and suspect.one_stop_code = one_stop.dossier_code
    left join {{ dossiers_tonight() }} as national
        on national.basis = 'national'
        and case when suspect.has_national then suspect.national_code end = national.dossier_code
)

select *
from placed
where
    one_stop_counts <> national_counts
    or (
        one_stop_counts and national_counts
        and (one_stop_received_on <> national_received_on or one_stop_agency_code <> national_agency_code)
    )
