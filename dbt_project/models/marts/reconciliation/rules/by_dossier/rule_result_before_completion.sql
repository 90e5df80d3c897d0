select
    {{ finding(
        'result_before_completion', 'result_files', 'papers.one_stop_result_files', 'papers.national_result_files',
        rows='papers'
    ) }}
from {{ ref('int_pair_papers') }} as papers
where
    papers.national_result_files > 0
    and papers.national_status_code in ('1', '2', '4', '5', '6')
    and papers.one_stop_status_code in ('1', '2', '4', '5', '6')
