{#- Written by `chiso generate` from the files of models/marts. Do not edit. -#}

{% macro indicator_models() %}{{ return(['indicator_1_1', 'indicator_1_2', 'indicator_1_3', 'indicator_1_4', 'indicator_2_1', 'indicator_2_2', 'indicator_3_1', 'indicator_3_2', 'indicator_3_3', 'indicator_3_5', 'indicator_3_5b', 'indicator_3_6', 'indicator_4_1', 'indicator_4_2', 'indicator_4_3', 'indicator_4_4', 'indicator_4_5a', 'indicator_4_5b', 'indicator_4_6', 'indicator_5_1a', 'indicator_5_1b', 'indicator_5_2', 'indicator_5_3', 'indicator_5_4']) }}{% endmacro %}

{% macro rule_models() %}{{ return(['rule_due_differs', 'rule_missing_on_national', 'rule_missing_on_one_stop', 'rule_status_differs']) }}{% endmacro %}
