{{ latest_version(
    source('landed', 'ministry_dossiers'), ['dossier_code'],
    ['dossier_code', procedure_key('procedure_code') ~ ' as procedure_code',
     'procedure_code as procedure_wire_code', 'service_code', 'owner_type',
     'receiving_agency_code', 'filed_at', 'received_at', 'status_code', 'zone_unknown_columns']
) }}
