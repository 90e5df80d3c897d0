select
    {{ finding(
        'digitized_without_file', 'digitized_without_file', 'papers.one_stop_digitized_without_file', 'papers.national_digitized_without_file',
        rows='papers'
    ) }}
from {{ ref('int_pair_papers') }} as papers
where papers.national_digitized_without_file > papers.one_stop_digitized_without_file
