select
    {{ finding('outside_competence', 'procedure_code', 'pairs.procedure_code', 'null') }}
from {{ ref('int_pairs_tonight') }} as pairs
inner join {{ ref('stg_catalogue__procedures') }} as procedures
    on pairs.procedure_code = procedures.procedure_code
where procedures.is_outside_competence
