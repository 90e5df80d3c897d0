-- Of a dossier that changed both groups: the one it was in and the one it is in now. In a whole night every
-- group is counted, and there are none here.
{{ touched_groups() }}
-- depends_on: {{ ref('int_dossiers') }}, {{ ref('int_dossiers_replaced') }}
-- depends_on: {{ ref('int_dossiers_tonight') }}
