{{ config(materialized='view') }}
{{ component_scores(ref('dim_period_rule_set')) }}
