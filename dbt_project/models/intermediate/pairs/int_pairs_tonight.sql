-- A dossier is paired under its own code; only where the portal does not hold that, under another one
-- (int_dossier_rematches). Where the portal holds both, the second copy stands alone. Whatever no rule looks
-- at (int_dossiers_looked_at) is a pair under one code.
{% set is_pair = "paired.pairing in ('exact', 'alias', 'code_form') and not paired.is_deleted" -%}
with one_stop as (
    select
        dossiers.*,
        rematches.pairing,
        coalesce(rematches.national_code, dossiers.dossier_code) as pair_code
    from {{ ref('stg_one_stop__dossiers') }} as dossiers
    inner join {{ ref('int_dossiers_looked_at') }} as looked_at
        on dossiers.dossier_code = looked_at.dossier_code
    left join {{ ref('int_dossier_rematches') }} as rematches
        on dossiers.dossier_code = rematches.one_stop_code
),

national as (
    select dossiers.*
    from {{ ref('stg_national__dossiers') }} as dossiers
    inner join {{ ref('int_dossiers_looked_at') }} as looked_at
        on dossiers.dossier_code = looked_at.dossier_code
),

paired as (
    select
        coalesce(one_stop.dossier_code, national.dossier_code) as dossier_code,
        one_stop.dossier_code as one_stop_code,
        national.dossier_code as national_code,
        one_stop.landed_row as one_stop_landed_row,
        national.landed_row as national_landed_row,
        case
            when national.dossier_code is null then 'one_stop_only'
            when one_stop.dossier_code is null then 'national_only'
            else coalesce(one_stop.pairing, 'exact')
        end as pairing,
        coalesce(one_stop.is_deleted, false) as is_deleted,
        one_stop.other_dossier_code,
        coalesce(one_stop.agency_code, national.agency_code) as agency_written_code,
        national.agency_code as national_agency_written_code,
        coalesce(one_stop.procedure_code, national.procedure_code) as procedure_key,
        coalesce(one_stop.procedure_wire_code, national.procedure_wire_code) as procedure_wire_code,
        coalesce(one_stop.received_at, national.received_at) as received_at,
        coalesce(
            one_stop.received_at, one_stop.filed_at, national.received_at, national.filed_at
        ) as known_since_at,
        coalesce(one_stop.owner_link, national.owner_link) as owner_link,
        coalesce(one_stop.owner_type_code, national.owner_type_code) as owner_type_code,
        {% for column in compared_columns() -%}
        one_stop.{{ column }} as one_stop_{{ column }},
        national.{{ column }} as national_{{ column }},
        {% endfor -%}
        national.ever_due_at as national_ever_due_at,
        one_stop.sync_flag_code,
        one_stop.sync_queue_code,
        coalesce(one_stop.has_sync_reply, false) as has_sync_reply,
        one_stop.modified_at,
        one_stop.synced_at as one_stop_synced_at,
        national.synced_at as national_synced_at,
        coalesce(national.has_placeholder, false) as has_placeholder,
        -- since when this pair of copies has stood: the younger copy's delivery, or the only one's first
        case
            when national.dossier_code is null then one_stop.first_delivered_on
            when one_stop.dossier_code is null then national.first_delivered_on
            else greatest(one_stop.delivered_on, national.delivered_on)
        end as seen_since_on
    from one_stop
    full outer join national
        on one_stop.pair_code = national.dossier_code
)

select
    paired.*,
    agencies.agency_code,
    coalesce(aliases.procedure_code, paired.procedure_key) as procedure_code,
    aliases.kind as procedure_alias_kind,
    {{ is_pair }} as is_paired,
    -- asked here once, and not by each of the rules on what differs
    {{ is_pair }} and (
        1 = 0
        {% for column in compared_columns() -%}
        or paired.one_stop_{{ column }} is distinct from paired.national_{{ column }}
        {% endfor %}
    ) as differs
from paired
left join {{ ref('int_agency_codes') }} as agencies
    on paired.agency_written_code = agencies.written_code
{{ join_procedure_aliases('paired', 'aliases', 'procedure_key') }}
