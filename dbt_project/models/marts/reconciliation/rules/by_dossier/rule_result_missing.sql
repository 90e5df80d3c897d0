select
    {{ finding(
        'result_missing', 'results', 'papers.one_stop_result_papers', 'papers.national_result_papers',
        rows='papers', known_since_at='papers.modified_at'
    ) }}
from {{ ref('int_pair_papers') }} as papers
where
    papers.national_status_code in ('9', '10')
    and papers.one_stop_result_papers > 0
    and papers.national_result_papers = 0
