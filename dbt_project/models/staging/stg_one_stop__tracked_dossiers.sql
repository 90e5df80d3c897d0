with listed as (
    {{ latest_version(
        source('landed', 'tracked_dossiers'), ['dossier_code'],
        ['dossier_code', 'agency_code', 'agency_name', 'procedure_name', 'status_label',
         'filed_at', 'received_at', 'due_at', 'ended_at']
    ) }}
)

select
    listed.dossier_code,
    listed.agency_code,
    listed.agency_name,
    listed.procedure_name,
    listed.status_label,
    statuses.status_code,
    listed.filed_at,
    listed.received_at,
    listed.due_at,
    listed.ended_at,
    listed.file_sha,
    listed.file_name,
    listed.row_number,
    listed.delivered_on,
    listed.first_delivered_on
from listed
left join {{ ref('dossier_statuses') }} as statuses
    on lower(listed.status_label) = lower(statuses.status_name_vi)
