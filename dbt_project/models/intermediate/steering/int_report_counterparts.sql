{{ config(materialized='view') }}
-- The figures of reports in our own tables, for the same agency and period: which figure is which is data
-- (report_counterparts, resolution_definitions, dim_measure). Shares in per cent with two places, half-up.
{% set of_unit = ['basis', 'period_type', 'period_start', 'agency_code'] -%}
{% set marts = {
    'table_ii_06': {
        'columns': [
            'received_total', 'received_online', 'received_direct_postal', 'carried_over', 'resolved_total',
            'resolved_early', 'resolved_on_time', 'resolved_overdue', 'in_progress_total',
            'in_progress_within', 'in_progress_overdue'
        ],
        'same': of_unit, 'where': "own.field_code = 'all'"
    },
    'petition_lifecycle': {
        'columns': [
            'received', 'resolved', 'published', 'in_progress', 'transferred', 'refused', 'supplement_asked'
        ],
        'same': of_unit[1:], 'where': "own.kind = 'all' and own.as_of = 'period_end'"
    },
    'savings': {
        'columns': ['procedures', 'days_cut', 'hours_cut', 'hourly_cost', 'cost_saved_rounded'],
        'same': ['period_start'],
        'where': "own.grouping_kind = 'all' and asked.is_province and asked.period_type = 'year'"
    },
    'catalogue_figures': {
        'value': 'own.procedures', 'item': "concat(own.figure_code, ' ', own.level)", 'where': 'asked.is_province'
    },
    'scorecard_totals': {'columns': ['points'], 'same': of_unit},
    'scorecards': {'value': 'own.points', 'item': 'own.group_code', 'same': of_unit},
    'measure_results': {
        'value': 'case when own.denominator > 0 then ' ~ hundredths(whole_quotient(
            '20000 * own.numerator + own.denominator', '2 * own.denominator'
        )) ~ ' end',
        'item': 'own.measure_code', 'same': of_unit
    },
    'units': {
        'value': 'own.units', 'item': 'own.item', 'same': of_unit[:3], 'where': 'asked.is_province'
    }
} -%}
with periods as (
    select
        period_type,
        period_start,
        concat(
            substring(cast(period_start as {{ dbt.type_string() }}), 1, 4),
            case period_type
                when 'year' then ''
                when 'month' then substring(cast(period_start as {{ dbt.type_string() }}), 5, 3)
                when 'half_year'
                    then case when extract(month from period_start) = 1 then '-H1' else '-H2' end
                else case extract(month from period_start)
                    when 1 then '-Q1'
                    when 4 then '-Q2'
                    when 7 then '-Q3'
                    else '-Q4'
                end
            end
        ) as period_label
    from {{ ref('int_periods') }}
    where period_type <> 'day'
),

declared as (
    select
        figure_code,
        mart,
        item,
        basis,
        title_vi
    from {{ ref('report_counterparts') }}

    union all

    {% for basis in ['one_stop', 'national'] -%}
    select
        measure_code as figure_code,
        'measure_results' as mart,
        measure_code as item,
        '{{ basis }}' as basis,
        measure_name_vi as title_vi
    from {{ ref('dim_measure') }}

    union all

    {% endfor -%}
    select
        target_code as figure_code,
        'measure_results' as mart,
        measure_code as item,
        basis,
        definition_vi as title_vi
    from {{ ref('resolution_definitions') }}
    where measure_code is not null
),

asked as (
    select
        figures.document_number,
        figures.agency_code as written_agency_code,
        figures.period_label,
        declared.figure_code,
        declared.basis,
        declared.title_vi,
        declared.mart,
        declared.item,
        coalesce(codes.agency_code, figures.agency_code) as agency_code,
        coalesce(agencies.agency_level = 'province', false) as is_province,
        periods.period_type,
        periods.period_start
    from {{ ref('stg_reports__figures') }} as figures
    inner join declared
        on figures.indicator_code = declared.figure_code
        -- a count and a share may go by one code
        and (declared.mart = 'measure_results') = (coalesce(figures.unit, '') = '%')
    inner join periods
        on figures.period_label = periods.period_label
    left join {{ ref('int_agency_codes') }} as codes
        on figures.agency_code = codes.written_code
    left join {{ ref('dim_agency') }} as agencies
        on coalesce(codes.agency_code, figures.agency_code) = agencies.agency_code
),

-- none is a count too
units as (
    select
        totals.basis,
        totals.period_type,
        totals.period_start,
        declared.item,
        count(
            case
                when declared.item in (totals.agency_level, concat(totals.agency_level, ' ', totals.grade))
                    then 1
            end
        ) as units
    from {{ ref('scorecard_totals') }} as totals
    inner join declared
        on totals.basis = declared.basis and declared.mart = 'units'
    where totals.period_type <> 'day'
    group by totals.basis, totals.period_type, totals.period_start, declared.item
),

valued as (
    {% for mart, of in marts.items() -%}
    select
        asked.*,
        {% if of.columns -%}
        case asked.item
            {% for column in of.columns -%}
            when '{{ column }}' then cast(own.{{ column }} as decimal(24, 3))
            {% endfor -%}
        end as own_value
        {%- else -%}
        cast({{ of.value }} as decimal(24, 3)) as own_value
        {%- endif %}
    from asked
    inner join {{ mart if mart == 'units' else ref(mart) }} as own
        on asked.mart = '{{ mart }}'
        {% for column in of.same -%}
        and asked.{{ column }} = own.{{ column }}
        {% endfor -%}
        {% if of.item -%}
        and asked.item = {{ of.item }}
        {% endif -%}
        {% if of.where -%}
        and {{ of.where }}
        {% endif -%}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
)

select
    document_number,
    written_agency_code as agency_code,
    period_label,
    figure_code,
    basis,
    max(title_vi) as title_vi,
    cast(sum(own_value) as decimal(24, 3)) as own_value
from valued
group by document_number, written_agency_code, period_label, figure_code, basis
having count(*) = count(own_value)
