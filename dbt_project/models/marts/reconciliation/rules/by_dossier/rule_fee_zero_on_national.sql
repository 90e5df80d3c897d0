select
    {{ finding(
        'fee_zero_on_national', 'charged_items', 'papers.one_stop_charged_items', 'papers.national_charged_items',
        rows='papers'
    ) }}
from {{ ref('int_pair_papers') }} as papers
where
    papers.one_stop_charged_items > 0
    and papers.national_charged_items = 0
    and papers.national_fee_items > 0
