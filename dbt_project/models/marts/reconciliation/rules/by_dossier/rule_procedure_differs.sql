-- Two numbers may be one procedure: each is what the catalogue calls it on the day of its own reception.
select
    {{ finding(
        'procedure_differs', 'procedure_code', 'differences.one_stop_procedure_code', 'differences.national_procedure_code',
        rows='differences'
    ) }}
from (
    select *
    from {{ ref('int_pair_differences') }}
    where one_stop_procedure_code is distinct from national_procedure_code
) as differences
{{ join_procedure_aliases(
    'differences', 'one_stop_aliases', 'one_stop_procedure_code', 'one_stop_received_at'
) }}
{{ join_procedure_aliases(
    'differences', 'national_aliases', 'national_procedure_code', 'national_received_at'
) }}
where
    coalesce(one_stop_aliases.procedure_code, differences.one_stop_procedure_code)
    is distinct from coalesce(national_aliases.procedure_code, differences.national_procedure_code)
