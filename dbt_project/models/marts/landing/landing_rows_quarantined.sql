select
    file_name,
    table_name,
    row_number,
    -- the place in its list; 0 for the row itself
    coalesce(position, 0) as position,
    source,
    delivered_on,
    column_name,
    shown_value,
    reason
from {{ source('control', 'quarantined_rows') }}
