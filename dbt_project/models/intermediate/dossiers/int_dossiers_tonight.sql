-- Every model that works on what changed reads its facts here, and int_dossiers takes them in: looking for
-- them among all that is kept took longer than making them. A whole night works on all dossiers, so there
-- are none here then (dossiers_tonight()).
{{ dossiers_with_facts() }}
{% if is_whole() -%}
where 1 = 0
{% endif -%}
