select
    {{ finding(
        'procedure_name_blank', 'procedure_name', 'differences.one_stop_field_code', 'differences.national_field_code',
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where
    (
        differences.one_stop_has_procedure_name
        and not differences.national_has_procedure_name
        -- an extract that tells no name at all says nothing about this one
        and exists (
            select 1 from {{ source('landed', 'national_dossiers') }} as told
            where told.has_procedure_name
        )
    )
    or (differences.one_stop_field_code is not null and differences.national_field_code is null)
