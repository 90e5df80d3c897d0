{#-
    How tables and views are made (docs/decisions/0033): under their own names, in one statement. A build file
    belongs to one run and nobody reads it before that run ends, so nothing need be made beside the old one,
    moved, renamed and dropped. The commit is always there: a model's compilation may have begun a transaction.
-#}

{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
  {%- set relation = this.incorporate(type='table') -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- if existing is not none and (model['language'] == 'python' or not existing.is_table) -%}
    {%- do adapter.drop_relation(existing) -%}
  {%- endif -%}
  {%- if config.get('contract').enforced -%}{{ get_assert_columns_equivalent(compiled_code) }}{%- endif -%}
  {{ run_hooks(pre_hooks) }}
  {%- call statement('main', language=model['language']) -%}
    {%- if model['language'] == 'python' -%}
      {{ py_write_table(temporary=false, relation=relation, compiled_code=compiled_code) }}
    {%- else -%}
      create or replace table {{ relation }} as (
        {{ compiled_code }}
      )
    {%- endif -%}
  {%- endcall -%}
  {{ run_hooks(post_hooks) }}
  {%- do adapter.commit() -%}
  {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
  {%- set relation = this.incorporate(type='view') -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- if existing is not none and not existing.is_view -%}
    {%- do adapter.drop_relation(existing) -%}
  {%- endif -%}
  {%- if config.get('contract').enforced -%}{{ get_assert_columns_equivalent(compiled_code) }}{%- endif -%}
  {{ run_hooks(pre_hooks) }}
  {%- call statement('main') -%}
    create or replace view {{ relation }} as (
      {{ compiled_code }}
    )
  {%- endcall -%}
  {{ run_hooks(post_hooks) }}
  {%- do adapter.commit() -%}
  {{ return({'relations': [relation]}) }}
{% endmaterialization %}
