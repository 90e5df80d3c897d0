{{ keep_dossiers() }}
-- What both copies of a dossier tell, where a rule found something that would count otherwise if it were put
-- right; kept, because a finding stays when nothing of its dossier changed.
with concerned as (
    select
        pairs.dossier_code,
        pairs.one_stop_code,
        pairs.national_code,
        pairs.is_deleted,
        pairs.is_paired,
        coalesce(payments.paid_online, 0) > 0 as is_paid_online_by_record
    from {{ ref('int_pairs_tonight') }} as pairs
    left join {{ ref('int_dossier_payments') }} as payments
        on pairs.one_stop_code = payments.dossier_code
    where
        not pairs.is_paired
        or pairs.dossier_code in (
            select findings.dossier_code
            from {{ ref('int_findings') }} as findings
            inner join {{ ref('sync_rule_corrections') }} as corrections
                on findings.rule_code = corrections.rule_code
        )
),

-- the codes under which each side holds them; a copy of the portal may be that of two dossiers
named as (
    select
        dossier_code,
        is_paired,
        is_paid_online_by_record,
        'one_stop' as basis,
        one_stop_code as copy_code
    from concerned
    where one_stop_code is not null and not is_deleted

    union all

    select
        dossier_code,
        is_paired,
        is_paid_online_by_record,
        'national' as basis,
        national_code as copy_code
    from concerned
    where national_code is not null
),

copies as (
    select copies.*
    from {{ ref('int_dossier_copies') }} as copies
    inner join (
        select distinct
            basis,
            copy_code
        from named
    ) as wanted
        on copies.basis = wanted.basis and copies.dossier_code = wanted.copy_code
),

told as (
    {{ dossiers_as_told('copies') }}
)

select
    named.dossier_code,
    named.is_paired,
    named.is_paid_online_by_record,
    named.basis,
    {% for column in told_columns() -%}
    told.{{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from named
inner join told
    on named.basis = told.basis and named.copy_code = told.dossier_code
