select
    {{ finding(
        'result_not_pushed', 'result_files', 'papers.one_stop_result_files', 'papers.national_result_files',
        rows='papers', known_since_at='papers.modified_at'
    ) }}
from {{ ref('int_pair_papers') }} as papers
where papers.one_stop_result_files > 0 and papers.national_result_files = 0
