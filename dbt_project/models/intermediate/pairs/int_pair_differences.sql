{{ config(materialized='view') }}
-- A view: each rule reads two or three of its columns, and to write down all of them took longer than to find
-- what differs.
select
    dossier_code,
    agency_code,
    procedure_code,
    known_since_at,
    coalesce(modified_at, known_since_at) as modified_at,
    seen_since_on,
    {% for column in compared_columns() -%}
    one_stop_{{ column }},
    national_{{ column }},
    {% endfor -%}
    national_ever_due_at
from {{ ref('int_pairs_tonight') }}
where differs
