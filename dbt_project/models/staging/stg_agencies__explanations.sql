-- Every answer is kept: only the same one sent again is no other.
{% set answer = [
    'dossier_code', 'rule_code', 'finding_id', 'agency_code', 'cause_code', 'explanation_length', 'remedy_length',
    'responsible_agency_code', 'explained_on', 'remedied_on'
] -%}
{{ latest_version(source('landed', 'explanations'), answer, answer) }}
