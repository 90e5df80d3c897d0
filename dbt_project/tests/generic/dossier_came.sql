{#- Fails with the rows whose dossier neither side ever sent; `because` says what such a row would mean. -#}
{% test dossier_came(model, column_name, because) %}
with named as (
    select * from {{ model }}
),

dossiers as (
    select dossier_code
    from {{ ref('int_dossiers') }}
    union all
    -- what the one-stop system has deleted, and other codes
    select dossier_code
    from {{ ref('int_dossier_pairs') }}
    union all
    select other_dossier_code as dossier_code
    from {{ ref('int_dossier_pairs') }}
    where other_dossier_code is not null
    union all
    select national_code as dossier_code
    from {{ ref('int_dossier_pairs') }}
    where national_code is not null
)

select named.*
from named
left join dossiers
    on named.{{ column_name }} = dossiers.dossier_code
where named.{{ column_name }} is not null and dossiers.dossier_code is null
{% endtest %}
