select
    {{ finding(
        'link_internal', 'links', 'papers.one_stop_internal_links', 'papers.national_internal_links',
        rows='papers'
    ) }}
from {{ ref('int_pair_papers') }} as papers
where papers.national_internal_links > 0
