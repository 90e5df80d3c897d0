select
    {{ finding(
        'result_is_submitted_file', 'results', '0', 'papers.national_results_submitted', rows='papers'
    ) }}
from {{ ref('int_pair_papers') }} as papers
where papers.national_results_submitted > 0
