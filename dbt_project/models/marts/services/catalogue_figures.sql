-- What the catalogue says of itself, and of which procedures nobody asked for. The window of three years is
-- shorter where there are no dossiers to look at; since_on says from when.
{% set figures = {
    'procedures': ('Thủ tục hành chính trong danh mục', '1 = 1'),
    'services_online': ('Dịch vụ công trực tuyến', "service_level_code in ('3', '4')"),
    'services_full': ('Dịch vụ công trực tuyến toàn trình', "service_level_code = '4'"),
    'services_partial': ('Dịch vụ công trực tuyến một phần', "service_level_code = '3'"),
    'procedures_business': ('TTHC liên quan doanh nghiệp', 'is_for_business'),
    'business_online': (
        'TTHC liên quan doanh nghiệp thực hiện trực tuyến',
        "is_for_business and service_level_code in ('3', '4')"
    ),
    'services_zero_fee': (
        'Dịch vụ công trực tuyến không thu phí, lệ phí', "service_level_code in ('3', '4') and not has_fee"
    ),
    'procedures_place_free': ('TTHC thực hiện không phụ thuộc địa giới hành chính', 'is_place_free'),
    'procedures_unused': ('TTHC không phát sinh hồ sơ', 'last_received_on is null'),
} -%}
with window_of as (
    select
        greatest(
            cast({{ dbt.dateadd('year', -3, 'run.business_date') }} as date), min(days.received_on)
        ) as since_on
    from {{ source('control', 'run') }} as run
    left join {{ ref('int_dossier_days') }} as days
        on days.basis = 'one_stop'
    group by run.business_date
),

used as (
    select
        days.procedure_code,
        max(days.received_on) as last_received_on
    from {{ ref('int_dossier_days') }} as days
    inner join window_of
        on days.received_on >= window_of.since_on
    where days.basis = 'one_stop'
    group by days.procedure_code
),

catalogue as (
    select
        procedures.*,
        used.last_received_on
    from {{ ref('stg_catalogue__procedures') }} as procedures
    left join used
        on procedures.procedure_code = used.procedure_code
),

levels as (
    select
        catalogue.*,
        catalogue.level as shown_level
    from catalogue
    union all
    select
        catalogue.*,
        'all' as shown_level
    from catalogue
),

counted as (
    {% for code, figure in figures.items() -%}
    select
        '{{ code }}' as figure_code,
        shown_level as level,
        '{{ figure[0] }}' as figure_vi,
        -- what the catalogue says of no procedure is not known, not zero
        case
            when count({{ figure[1] }}) > 0
                then cast(sum(case when {{ figure[1] }} then 1 else 0 end) as bigint)
        end as procedures
    from levels
    group by shown_level
    {% if not loop.last %}union all
    {% endif -%}
    {% endfor %}
)

select
    counted.figure_code,
    counted.level,
    counted.figure_vi,
    counted.procedures,
    case when counted.figure_code = 'procedures_unused' then window_of.since_on end as since_on
from counted
cross join window_of
