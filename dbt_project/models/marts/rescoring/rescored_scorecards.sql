{{ config(materialized='view') }}
{{ group_scores(ref('dim_period_rule_set'), ref('rescored_results')) }}
