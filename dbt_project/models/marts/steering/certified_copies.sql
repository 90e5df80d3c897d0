select
    periods.period_type,
    periods.period_start,
    periods.period_end,
    scopes.agency_code,
    scopes.agency_level,
    cast(sum(copies.requests) as bigint) as requests,
    cast(sum(copies.electronic_requests) as bigint) as electronic_requests,
    -- what no day tells is not known, not zero
    cast(sum(copies.electronic_copies) as bigint) as electronic_copies,
    {{ exact_rate(
        'cast(sum(copies.electronic_requests) as bigint)', 'cast(sum(copies.requests) as bigint)'
    ) }} as electronic_rate,
    max(copies.certified_on) as last_certified_on
from {{ ref('stg_justice__certified_copies') }} as copies
cross join {{ source('control', 'run') }} as run
left join {{ ref('int_agency_codes') }} as codes
    on copies.agency_code = codes.written_code
inner join {{ ref('int_agency_scopes') }} as scopes
    on coalesce(codes.agency_code, 'unknown') = scopes.own_agency_code
inner join {{ ref('int_period_days') }} as periods
    on copies.certified_on = periods.calendar_on
where copies.certified_on <= run.business_date
group by
    periods.period_type, periods.period_start, periods.period_end, scopes.agency_code, scopes.agency_level
