-- Layers after the exact code, among copies that the other side does not hold under it: the code under which
-- a dossier was pushed, then the same code in its other form. Copies still alone stay so
-- (int_orphan_matches).
with alone as (
    select
        dossier_code,
        other_dossier_code,
        is_on_one_stop,
        {{ canonical_dossier_code('dossier_code', 'agency_code') }} as canonical_code
    from {{ ref('int_odd_headers') }}
    where not is_on_one_stop or not is_on_national
),

by_alias as (
    select
        alone.dossier_code as one_stop_code,
        national.dossier_code as national_code
    from alone
    inner join {{ ref('stg_national__dossiers') }} as national
        on alone.other_dossier_code = national.dossier_code
    where alone.is_on_one_stop
),

-- a form that several codes of one side share says nothing
forms as (
    select
        alone.is_on_one_stop,
        alone.canonical_code,
        min(alone.dossier_code) as dossier_code
    from alone
    left join by_alias as pushed
        on alone.dossier_code = pushed.one_stop_code
    left join (select distinct national_code from by_alias) as met
        on alone.dossier_code = met.national_code
    where pushed.one_stop_code is null and met.national_code is null
    group by alone.is_on_one_stop, alone.canonical_code
    having count(*) = 1
)

select
    one_stop_code,
    national_code,
    'alias' as pairing
from by_alias

union all

select
    one_stop.dossier_code as one_stop_code,
    national.dossier_code as national_code,
    'code_form' as pairing
from forms as one_stop
inner join forms as national
    on one_stop.canonical_code = national.canonical_code
where one_stop.is_on_one_stop and not national.is_on_one_stop
