-- The floor of the reconciliation rules, on the same staging tables: one full outer join per kind of thing, with the
-- same comparisons, that keeps what differs. Each statement is timed by itself.

-- dossiers
CREATE TABLE bare.dossiers AS
SELECT coalesce(a.dossier_code, b.dossier_code) AS dossier_code,
       a.dossier_code IS NULL AS missing_on_one_stop, b.dossier_code IS NULL AS missing_on_national,
       a.procedure_code IS DISTINCT FROM b.procedure_code AS procedure_code,
       a.field_code IS DISTINCT FROM b.field_code AS field_code,
       a.channel_code IS DISTINCT FROM b.channel_code AS channel_code,
       a.owner_type_code IS DISTINCT FROM b.owner_type_code AS owner_type_code,
       a.filed_at IS DISTINCT FROM b.filed_at AS filed_at,
       a.received_at IS DISTINCT FROM b.received_at AS received_at,
       a.due_at IS DISTINCT FROM b.due_at AS due_at,
       a.ended_at IS DISTINCT FROM b.ended_at AS ended_at,
       a.status_code IS DISTINCT FROM b.status_code AS status_code,
       a.processing_unit_name IS DISTINCT FROM b.processing_unit_name AS processing_unit_name,
       a.online_payment_code IS DISTINCT FROM b.online_payment_code AS online_payment_code,
       a.has_procedure_name IS DISTINCT FROM b.has_procedure_name AS has_procedure_name,
       b.due_at IS NULL AND b.ever_due_at IS NOT NULL AS due_emptied,
       a.modified_at > coalesce(a.synced_at, b.synced_at) AS stale
FROM staging.stg_one_stop__dossiers AS a
FULL OUTER JOIN staging.stg_national__dossiers AS b ON a.dossier_code = b.dossier_code
WHERE a.dossier_code IS NULL OR b.dossier_code IS NULL
   OR a.procedure_code IS DISTINCT FROM b.procedure_code
   OR a.field_code IS DISTINCT FROM b.field_code
   OR a.channel_code IS DISTINCT FROM b.channel_code
   OR a.owner_type_code IS DISTINCT FROM b.owner_type_code
   OR a.filed_at IS DISTINCT FROM b.filed_at
   OR a.received_at IS DISTINCT FROM b.received_at
   OR a.due_at IS DISTINCT FROM b.due_at
   OR a.ended_at IS DISTINCT FROM b.ended_at
   OR a.status_code IS DISTINCT FROM b.status_code
   OR a.processing_unit_name IS DISTINCT FROM b.processing_unit_name
   OR a.online_payment_code IS DISTINCT FROM b.online_payment_code
   OR a.has_procedure_name IS DISTINCT FROM b.has_procedure_name
   OR a.modified_at > coalesce(a.synced_at, b.synced_at);

-- steps
CREATE TABLE bare.steps AS
SELECT coalesce(a.dossier_code, b.dossier_code) AS dossier_code,
       coalesce(a.status_code, b.status_code) AS status_code,
       coalesce(a.processed_at, b.processed_at) AS processed_at
FROM (SELECT * FROM staging.stg_both_sides__steps WHERE side = 'one_stop') AS a
FULL OUTER JOIN (SELECT * FROM staging.stg_both_sides__steps WHERE side = 'national') AS b
  ON a.dossier_code = b.dossier_code AND a.status_code = b.status_code AND a.processed_at = b.processed_at
WHERE a.dossier_code IS NULL OR b.dossier_code IS NULL;

-- papers
CREATE TABLE bare.components AS
SELECT coalesce(a.dossier_code, b.dossier_code) AS dossier_code
FROM staging.stg_one_stop__components AS a
FULL OUTER JOIN staging.stg_national__components AS b
  ON a.dossier_code = b.dossier_code AND a.position = b.position
WHERE a.has_file IS DISTINCT FROM b.has_file OR a.is_digitized IS DISTINCT FROM b.is_digitized
   OR a.reuse_code IS DISTINCT FROM b.reuse_code OR b.file_link_class IN ('internal', 'expiring');
CREATE TABLE bare.results AS
SELECT coalesce(a.dossier_code, b.dossier_code) AS dossier_code
FROM staging.stg_one_stop__results AS a
FULL OUTER JOIN staging.stg_national__results AS b
  ON a.dossier_code = b.dossier_code AND a.position = b.position
WHERE a.has_file IS DISTINCT FROM b.has_file OR b.file_link_class IN ('internal', 'expiring');
CREATE TABLE bare.fees AS
SELECT coalesce(a.dossier_code, b.dossier_code) AS dossier_code
FROM staging.stg_one_stop__fees AS a
FULL OUTER JOIN staging.stg_national__fees AS b ON a.dossier_code = b.dossier_code AND a.position = b.position
WHERE a.amount IS DISTINCT FROM b.amount;
