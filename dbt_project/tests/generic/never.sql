{#- Fails with the rows for which the condition holds; `because` says what such a row would mean. -#}
{% test never(model, condition, because) %}
select *
from {{ model }}
where {{ condition }}
{% endtest %}
