select
    {{ finding(
        'component_not_pushed', 'components_with_file', 'papers.one_stop_components_with_file', 'papers.national_components_with_file',
        rows='papers', known_since_at='papers.modified_at'
    ) }}
from {{ ref('int_pair_papers') }} as papers
where papers.one_stop_components_with_file > papers.national_components_with_file
