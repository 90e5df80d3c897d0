select
    {{ finding(
        'procedure_renumbered', 'procedure_code', 'pairs.procedure_wire_code', 'pairs.procedure_code'
    ) }}
from {{ ref('int_pairs_tonight') }} as pairs
where pairs.procedure_alias_kind = 'renumbered'
