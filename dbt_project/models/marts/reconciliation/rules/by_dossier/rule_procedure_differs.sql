select
    {{ finding(
        'procedure_differs', 'procedure_code', 'differences.one_stop_procedure_code', 'differences.national_procedure_code',
        rows='differences'
    ) }}
from {{ ref('int_pair_differences') }} as differences
where differences.one_stop_catalogue_code is distinct from differences.national_catalogue_code
