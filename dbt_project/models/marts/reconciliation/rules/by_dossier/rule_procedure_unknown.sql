select
    {{ finding('procedure_unknown', 'procedure_code', 'pairs.procedure_wire_code', 'null') }}
from {{ ref('int_pairs_tonight') }} as pairs
left join {{ ref('stg_catalogue__procedures') }} as procedures
    on pairs.procedure_code = procedures.procedure_code
where
    {{ is_national_procedure_code('pairs.procedure_key') }}
    and procedures.procedure_code is null
