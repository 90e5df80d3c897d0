-- Dossiers of a ministry's system have codes of their own; the one-stop system knows them under these, or
-- names them as the other code. A dossier that the ministry holds under its own code is that one.
with one_stop as (
    select
        dossier_code,
        other_dossier_code,
        status_code
    from {{ ref('stg_one_stop__dossiers') }}
    where not coalesce(is_deleted, false)
)

select
    one_stop.dossier_code as one_stop_code,
    ministry.dossier_code as ministry_code,
    'exact' as pairing,
    one_stop.status_code as one_stop_status_code,
    ministry.status_code as ministry_status_code
from {{ ref('stg_ministry__dossiers') }} as ministry
inner join one_stop
    on ministry.dossier_code = one_stop.dossier_code

union all

select
    one_stop.dossier_code as one_stop_code,
    ministry.dossier_code as ministry_code,
    'alias' as pairing,
    one_stop.status_code as one_stop_status_code,
    ministry.status_code as ministry_status_code
from {{ ref('stg_ministry__dossiers') }} as ministry
inner join one_stop
    on ministry.dossier_code = one_stop.other_dossier_code
left join {{ ref('stg_ministry__dossiers') }} as own
    on one_stop.dossier_code = own.dossier_code
where own.dossier_code is null
