select
    file_name,
    source,
    delivered_on,
    file_sha,
    bytes,
    reader,
    rows_in,
    rows_landed,
    rows_quarantined,
    unknown_columns_dropped,
    same_content_as
from {{ source('control', 'files') }}
