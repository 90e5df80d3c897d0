{{ config(materialized='view') }}
{{ graded_totals(ref('dim_period_rule_set'), ref('rescored_scorecards')) }}
