-- Layers after the exact code, among copies that the other side does not hold under it: the code under which
-- a dossier was pushed, then the same code in its other form. Copies still alone stay so
-- (int_orphan_matches).
with one_stop_left as (
    select
        dossiers.dossier_code,
        dossiers.other_dossier_code,
        {{ canonical_dossier_code('dossiers.dossier_code', 'agencies.agency_code') }} as canonical_code
    from {{ ref('stg_one_stop__dossiers') }} as dossiers
    left join {{ ref('stg_national__dossiers') }} as own
        on dossiers.dossier_code = own.dossier_code
    left join {{ ref('int_agency_codes') }} as agencies
        on dossiers.agency_code = agencies.written_code
    where own.dossier_code is null
),

national_left as (
    select
        dossiers.dossier_code,
        {{ canonical_dossier_code('dossiers.dossier_code', 'agencies.agency_code') }} as canonical_code
    from {{ ref('stg_national__dossiers') }} as dossiers
    left join {{ ref('stg_one_stop__dossiers') }} as own
        on dossiers.dossier_code = own.dossier_code
    left join {{ ref('int_agency_codes') }} as agencies
        on dossiers.agency_code = agencies.written_code
    where own.dossier_code is null
),

by_alias as (
    select
        one_stop_left.dossier_code as one_stop_code,
        national.dossier_code as national_code
    from one_stop_left
    inner join {{ ref('stg_national__dossiers') }} as national
        on one_stop_left.other_dossier_code = national.dossier_code
),

-- a form that several codes of one side share says nothing
one_stop_forms as (
    select
        one_stop_left.canonical_code,
        min(one_stop_left.dossier_code) as dossier_code
    from one_stop_left
    left join by_alias
        on one_stop_left.dossier_code = by_alias.one_stop_code
    where by_alias.one_stop_code is null
    group by one_stop_left.canonical_code
    having count(*) = 1
),

national_forms as (
    select
        national_left.canonical_code,
        min(national_left.dossier_code) as dossier_code
    from national_left
    left join by_alias
        on national_left.dossier_code = by_alias.national_code
    where by_alias.national_code is null
    group by national_left.canonical_code
    having count(*) = 1
)

select
    one_stop_code,
    national_code,
    'alias' as pairing
from by_alias

union all

select
    one_stop_forms.dossier_code as one_stop_code,
    national_forms.dossier_code as national_code,
    'code_form' as pairing
from one_stop_forms
inner join national_forms
    on one_stop_forms.canonical_code = national_forms.canonical_code
