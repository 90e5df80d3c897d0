select
    petition_code,
    agency_code,
    kind,
    received_on,
    is_handled,
    outcome,
    handled_on,
    published_on,
    handle_by_on,
    publish_by_on,
    is_on_time,
    open_due_on,
    is_disliked,
    is_repeat,
    repeated_on
from {{ ref('int_petitions') }}
