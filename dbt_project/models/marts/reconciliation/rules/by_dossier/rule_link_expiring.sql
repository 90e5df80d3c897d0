select
    {{ finding(
        'link_expiring', 'links', 'papers.one_stop_expiring_links', 'papers.national_expiring_links',
        rows='papers'
    ) }}
from {{ ref('int_pair_papers') }} as papers
where papers.national_expiring_links > 0
