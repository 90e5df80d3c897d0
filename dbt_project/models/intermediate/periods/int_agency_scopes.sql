{{ agency_scopes() }}
