{{ group_scores(ref('int_period_rule_sets'), ref('indicator_results')) }}
