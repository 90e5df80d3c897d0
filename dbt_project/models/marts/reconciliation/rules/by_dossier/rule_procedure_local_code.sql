select
    {{ finding(
        'procedure_local_code', 'procedure_code', 'pairs.procedure_wire_code', 'pairs.procedure_code'
    ) }}
from {{ ref('int_pairs_tonight') }} as pairs
where pairs.procedure_key is not null and not {{ is_national_procedure_code('pairs.procedure_key') }}
