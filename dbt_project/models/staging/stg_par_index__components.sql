{{ latest_version(
    source('landed', 'par_index'), ['agency_code', 'index_year', 'component_code'],
    ['agency_code', 'index_year', 'component_code', 'parent_component_code', 'level', 'component_name',
     'max_points', 'self_points', 'appraised_points', 'survey_points', 'achieved_points', 'index_rank',
     'ranked_units']
) }}
