{#- Whether a share meets a target in hundredths of a per cent; NULL where there is nothing to divide by. -#}
{% macro meets_target(numerator, denominator, direction, target_hundredths) -%}
case
    when {{ denominator }} > 0
        then case {{ direction }}
            when 'at_least' then 10000 * {{ numerator }} >= {{ target_hundredths }} * {{ denominator }}
            when 'at_most' then 10000 * {{ numerator }} <= {{ target_hundredths }} * {{ denominator }}
            when 'below' then 10000 * {{ numerator }} < {{ target_hundredths }} * {{ denominator }}
        end
end
{%- endmacro %}

{#-
    The numerator nearest to the target that meets it, of so many: the least that is enough where it is to be
    reached, the most that is allowed where it is not to be passed.
-#}
{% macro numerator_at_target(denominator, direction, target_hundredths) -%}
case {{ direction }}
    when 'at_most' then {{ whole_quotient(target_hundredths ~ ' * (' ~ denominator ~ ')', 10000) }}
    when 'below' then {{ whole_quotient(target_hundredths ~ ' * (' ~ denominator ~ ') + 9999', 10000) }} - 1
    else {{ whole_quotient(target_hundredths ~ ' * (' ~ denominator ~ ') + 9999', 10000) }}
end
{%- endmacro %}

{#- How many of the numerator are missing to the target, or too many for it; 0 where it is met. -#}
{% macro short_of_target(numerator, denominator, direction, target_hundredths) -%}
greatest(
    case
        when {{ direction }} = 'at_least'
            then {{ numerator_at_target(denominator, direction, target_hundredths) }} - {{ numerator }}
        else {{ numerator }} - ({{ numerator_at_target(denominator, direction, target_hundredths) }})
    end,
    0
)
{%- endmacro %}
