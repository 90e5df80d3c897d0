-- The portal names a unit and a period in words. A name is compared as it stands, then without UBND before it
-- and the province behind it, then also without the kind of unit. It means the one agency of that time that
-- has the name, in a form in which only one has it.
{% set year = "cast(extract(year from period_start) as " ~ dbt.type_string() ~ ")" -%}
{% set month = "cast(extract(month from period_start) as " ~ dbt.type_string() ~ ")" -%}
{% set two_digits = "lpad(" ~ month ~ ", 2, '0')" -%}
{% set quarter = "cast(extract(quarter from period_start) as " ~ dbt.type_string() ~ ")" -%}
{% set half = "case when extract(month from period_start) = 1 then '1' else '2' end" -%}
{% set half_word = "case when extract(month from period_start) = 1 then 'đầu' else 'cuối' end" -%}
{% set labels = [
    ('year', year),
    ('year', "'năm ' || " ~ year),
    ('half_year', year ~ " || '-h' || " ~ half),
    ('half_year', "'6 tháng ' || " ~ half_word ~ " || ' năm ' || " ~ year),
    ('quarter', year ~ " || '-q' || " ~ quarter),
    ('quarter', "'quý ' || " ~ quarter ~ " || '/' || " ~ year),
    ('quarter', "'quý ' || " ~ quarter ~ " || ' năm ' || " ~ year),
    ('month', year ~ " || '-' || " ~ two_digits),
    ('month', two_digits ~ " || '/' || " ~ year),
    ('month', "'tháng ' || " ~ two_digits ~ " || '/' || " ~ year),
    ('month', "'tháng ' || " ~ month ~ " || '/' || " ~ year),
    ('month', "'tháng ' || " ~ two_digits ~ " || ' năm ' || " ~ year),
    ('month', "'tháng ' || " ~ month ~ " || ' năm ' || " ~ year)
] -%}
{% set forms = [unit_name_as_written, unit_name_without_surroundings, unit_name_alone] -%}
with periods as (
    {% for period_type, label in labels -%}
    select
        period_type,
        period_start,
        period_end,
        judged_on,
        {{ label }} as label
    from {{ ref('int_periods') }}
    where period_type = '{{ period_type }}'
    {% if not loop.last %}
    union

    {% endif -%}
    {% endfor %}
),

captured as (
    select distinct
        province_code,
        unit_name,
        period_label,
        split_part(province_code, '.', -1) as own_province_code,
        -- in brackets stands when it was captured; before the period stands what else a file is named after
        trim(split_part(split_part(lower(period_label), '(', 1), '_', -1)) as label
    from {{ ref('stg_portal__scores') }}
),

named as (
    select
        captured.province_code,
        captured.unit_name,
        captured.period_label,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        periods.judged_on,
        province.agency_code as province_agency_code
    from captured
    left join periods
        on captured.label = periods.label
    left join {{ ref('dim_agency') }} as province
        on captured.own_province_code = province.agency_code and province.agency_level = 'province'
),

agency_names as (
    {% for form in forms -%}
    select
        agency_code,
        valid_from_on,
        valid_to_on,
        {{ loop.index }} as form,
        {{ form('agency_name') }} as name
    from {{ ref('dim_agency') }}

    union all

    {% endfor -%}
    -- the province itself is often only called so
    select
        agencies.agency_code,
        agencies.valid_from_on,
        agencies.valid_to_on,
        1 as form,
        words.name
    from {{ ref('dim_agency') }} as agencies
    cross join (
        select 'tỉnh' as name
        union all
        select 'thành phố' as name
        union all
        select 'toàn tỉnh' as name
    ) as words
    where agencies.agency_level = 'province'
),

unit_names as (
    {% for form in forms -%}
    select
        *,
        {{ loop.index }} as form,
        {{ form('unit_name') }} as name
    from named
    where province_agency_code is not null
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
),

matches as (
    select
        unit_names.province_code,
        unit_names.unit_name,
        unit_names.period_label,
        unit_names.form,
        min(agency_names.agency_code) as agency_code
    from unit_names
    inner join agency_names
        on unit_names.form = agency_names.form
        and unit_names.name = agency_names.name
        and (
            agency_names.valid_from_on is null
            or unit_names.period_end is null
            or unit_names.period_end >= agency_names.valid_from_on
        )
        and (
            agency_names.valid_to_on is null
            or unit_names.period_start is null
            or unit_names.period_start <= agency_names.valid_to_on
        )
    group by unit_names.province_code, unit_names.unit_name, unit_names.period_label, unit_names.form
    having count(*) = 1
),

-- who has a name alone in one form has it in every later form too, alone or with others
found as (
    select
        province_code,
        unit_name,
        period_label,
        min(agency_code) as agency_code
    from matches
    group by province_code, unit_name, period_label
)

select
    named.province_code,
    named.unit_name,
    named.period_label,
    found.agency_code,
    named.period_type,
    named.period_start,
    named.period_end,
    named.judged_on,
    case
        when named.province_agency_code is null then 'other_province'
        when found.agency_code is null then 'no_such_unit'
        when named.period_start is null then 'no_such_period'
    end as missing_reason
from named
left join found
    on named.province_code = found.province_code
    and named.unit_name = found.unit_name
    and named.period_label = found.period_label
