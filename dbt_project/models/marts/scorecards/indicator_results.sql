{{ component_scores(ref('int_period_rule_sets')) }}
