{{ config(materialized='view') }}
select
    basis,
    dossier_code,
    agency_code,
    procedure_code,
    status_code,
    received_on,
    received_at,
    due_at,
    counted_due_at,
    ended_at,
    supplement_requests,
    is_on_time,
    open_due_on,
    worked_minutes,
    is_online,
    has_financial_obligation,
    is_obligation_paid_online,
    has_electronic_result,
    is_digitized,
    has_reused_component,
    is_shared,
    uses_population_data,
    has_petition,
    is_on_both_sides
from {{ ref('int_dossiers') }}
where is_received
