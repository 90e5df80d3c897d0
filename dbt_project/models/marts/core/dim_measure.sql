-- What is counted grows with every dossier, but for procedures: of these an agency has so many.
select
    indicator_code as measure_code,
    indicator_name_vi as measure_name_vi,
    numerator_vi,
    denominator_vi,
    source,
    case source
        when 'procedures' then 'procedures'
        when 'publication_decisions' then 'procedures'
        when 'petitions' then 'petitions'
        else 'dossiers'
    end as counts
from {{ ref('indicators') }}
where unit = 'share'

union all

select
    measure_code,
    measure_name_vi,
    numerator_vi,
    denominator_vi,
    source,
    counts
from {{ ref('measures') }}
