-- A rule that has something to say about dossiers that stand on both sides and say the same says here which
-- (or in int_odd_headers, int_odd_steps, int_odd_papers): rules read only these.
select dossier_code from {{ ref('int_odd_headers') }}
union
select dossier_code from {{ ref('int_odd_steps') }}
union
select dossier_code from {{ ref('int_odd_papers') }}
union
select dossier_code from {{ ref('int_pair_reuse') }}
union
select one_stop_code as dossier_code from {{ ref('int_ministry_pairs') }}
where one_stop_status_code is distinct from ministry_status_code
union
-- the other half of a pair, and whoever else that code belongs to
select national_code as dossier_code from {{ ref('int_dossier_rematches') }}
