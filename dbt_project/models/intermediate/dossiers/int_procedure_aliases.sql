-- A code that the catalogue itself still holds needs no other meaning.
select
    aliases.alias_code,
    aliases.procedure_code,
    aliases.kind,
    aliases.valid_from_on,
    aliases.valid_to_on
from {{ ref('procedure_aliases') }} as aliases
left join {{ ref('stg_catalogue__procedures') }} as procedures
    on aliases.alias_code = procedures.procedure_code
where procedures.procedure_code is null
