-- The floor of benchmarks/build.py: what one DuckDB script written by hand, without dbt, layers, tests, kept
-- tables or another engine in mind, needs for the marts that are made of dossiers, from the same landed Parquet.
-- It runs on the finished build file (read-only) and writes into the attached database `bare`.
--
-- Taken as given, and so not in its time: what does not grow with dossiers (calendar, agencies, procedures,
-- periods, rule sets) and the counts of petitions and publication decisions.

-- Working time as seconds since the calendar began; `d` is the row of the calendar of t's date.
CREATE TEMP MACRO second_of_day(t) AS
    hour(t) * 3600 + minute(t) * 60 + CAST(extract(second FROM t) AS INTEGER);
CREATE TEMP MACRO worked(t, number, is_open, m1, m2, a1, a2) AS
    (number - is_open::INTEGER)::BIGINT * 28800
    + CASE WHEN is_open THEN least(greatest(second_of_day(t) - m1, 0), m2 - m1)
                             + least(greatest(second_of_day(t) - a1, 0), a2 - a1) ELSE 0 END;
CREATE TEMP MACRO procedure_key(code) AS
    CASE WHEN split_part(code, '.', 2) IN ('', '000') THEN upper(split_part(code, '.', 1))
         ELSE upper(split_part(code, '.', 1)) || '.' || upper(split_part(code, '.', 2)) END;
-- Half-up, in whole numbers.
CREATE TEMP MACRO rate(n, d) AS
    CASE WHEN d > 0 THEN (((2000000 * n + d) // (2 * d))::DECIMAL(15, 0) * 0.000001::DECIMAL(7, 6))::DECIMAL(12, 6) END;
CREATE TEMP MACRO points_of(n, d, most, full_at, when_empty) AS
    CASE WHEN d > 0 THEN least(most, (
             ((20000::BIGINT * most * n + d * full_at) // (2 * d * full_at))::DECIMAL(12, 0) * 0.01::DECIMAL(3, 2)
         )::DECIMAL(9, 2))
         WHEN when_empty = 'full' THEN most::DECIMAL(9, 2)
         WHEN when_empty = 'zero' THEN 0::DECIMAL(9, 2) END;

-- --- kept versions, with what their procedure code means ---

CREATE TABLE bare.copies AS
WITH both_sides AS (
    SELECT 'one_stop' AS basis, dossier_code, other_dossier_code, agency_code, procedure_key(procedure_code) AS key,
           channel_code, filed_at, received_at, due_at, ended_at, status_code, is_vneid_verified,
           online_payment_code, delivered_on, landed_row, first_on
    FROM landed.one_stop_dossiers
    JOIN (SELECT max(landed_row) AS landed_row, min(delivered_on) AS first_on FROM landed.one_stop_dossiers
          GROUP BY dossier_code) USING (landed_row)
    UNION ALL
    SELECT 'national', dossier_code, NULL, agency_code, procedure_key(procedure_code),
           channel_code, filed_at, received_at, due_at, ended_at, status_code, is_vneid_verified,
           online_payment_code, delivered_on, landed_row, first_on
    FROM landed.national_dossiers
    JOIN (SELECT max(landed_row) AS landed_row, min(delivered_on) AS first_on FROM landed.national_dossiers
          GROUP BY dossier_code) USING (landed_row)
)
SELECT c.* EXCLUDE (key), coalesce(a.procedure_code, c.key) AS procedure_code
FROM both_sides AS c
LEFT JOIN intermediate.int_procedure_aliases AS a
    ON c.key = a.alias_code
    AND (a.valid_from_on IS NULL OR c.received_at IS NULL OR c.received_at::DATE >= a.valid_from_on)
    AND (a.valid_to_on IS NULL OR c.received_at IS NULL OR c.received_at::DATE <= a.valid_to_on);

-- --- pairs (what the two sides disagree about has a floor of its own: reconciliation.sql) ---

CREATE TABLE bare.pairs AS
WITH national AS (SELECT * FROM bare.copies WHERE basis = 'national')
SELECT o.dossier_code AS one_stop_code, coalesce(own.dossier_code, alias.dossier_code) AS national_code
FROM bare.copies AS o
LEFT JOIN national AS own ON o.dossier_code = own.dossier_code
LEFT JOIN national AS alias ON o.other_dossier_code = alias.dossier_code
WHERE o.basis = 'one_stop';

-- --- what hangs on a dossier ---

CREATE TABLE bare.lists AS
SELECT basis, landed_row, sum(files) AS files, sum(reused) AS reused, sum(from_store) AS from_store,
       sum(results) AS results, sum(charged) AS charged, sum(linked) AS linked
FROM (
    SELECT 'one_stop' AS basis, landed_row, (has_file IS TRUE)::INTEGER AS files,
           coalesce(reuse_code IN ('1', '2'), false)::INTEGER AS reused,
           (is_from_store IS TRUE)::INTEGER AS from_store, 0 AS results, 0 AS charged, 0 AS linked
    FROM landed.one_stop_dossiers__components WHERE is_deleted IS NOT TRUE
    UNION ALL
    SELECT 'national', landed_row, (has_file IS TRUE)::INTEGER,
           coalesce(reuse_code IN ('1', '2'), false)::INTEGER, (is_from_store IS TRUE)::INTEGER, 0, 0, 0
    FROM landed.national_dossiers__components WHERE is_deleted IS NOT TRUE
    UNION ALL
    SELECT 'one_stop', landed_row, 0, 0, 0, (has_file IS TRUE)::INTEGER, 0, 0
    FROM landed.one_stop_dossiers__results
    UNION ALL
    SELECT 'national', landed_row, 0, 0, 0, (has_file IS TRUE)::INTEGER, 0, 0
    FROM landed.national_dossiers__results
    UNION ALL
    SELECT 'one_stop', landed_row, 0, 0, 0, 0, coalesce(amount > 0, false)::INTEGER, 0
    FROM landed.one_stop_dossiers__fees
    UNION ALL
    SELECT 'national', landed_row, 0, 0, 0, 0, coalesce(amount > 0, false)::INTEGER, 0
    FROM landed.national_dossiers__fees
    UNION ALL
    SELECT 'one_stop', landed_row, 0, 0, 0, 0, 0, (database_code IS NOT NULL)::INTEGER
    FROM landed.one_stop_dossiers__linked_databases
    UNION ALL
    SELECT 'national', landed_row, 0, 0, 0, 0, 0, (database_code IS NOT NULL)::INTEGER
    FROM landed.national_dossiers__linked_databases
)
GROUP BY ALL;

CREATE TABLE bare.supplements AS
WITH items AS (
    SELECT 'one_stop' AS basis, landed_row, requested_at, completed_at, new_due_at
    FROM landed.one_stop_dossiers__supplements
    UNION ALL
    SELECT 'national', landed_row, requested_at, completed_at, new_due_at
    FROM landed.national_dossiers__supplements
)
SELECT i.basis, i.landed_row, count(*) AS requests,
       CASE WHEN max(i.requested_at) FILTER (i.completed_at IS NULL)
                >= max(greatest(i.requested_at, coalesce(i.completed_at, i.requested_at)))
            THEN max(i.requested_at) FILTER (i.completed_at IS NULL) END AS open_request_at,
       max(i.new_due_at) AS new_due_at,
       sum(greatest(coalesce(
           worked(i.completed_at, c.working_day_number, c.is_working_day, c.morning_from_second,
                  c.morning_to_second, c.afternoon_from_second, c.afternoon_to_second)
           - worked(i.requested_at, r.working_day_number, r.is_working_day, r.morning_from_second,
                    r.morning_to_second, r.afternoon_from_second, r.afternoon_to_second), 0), 0))::BIGINT AS waited
FROM items AS i
LEFT JOIN intermediate.int_calendar AS r ON i.requested_at::DATE = r.calendar_on
LEFT JOIN intermediate.int_calendar AS c ON i.completed_at::DATE = c.calendar_on
GROUP BY i.basis, i.landed_row;

CREATE TABLE bare.steps AS
SELECT side AS basis, dossier_code,
       min(processed_at) FILTER (status_code = '9') AS processed_at,
       min(processed_at) FILTER (status_code = '10') AS returned_at,
       min(processed_at) FILTER (status_code IN ('3', '7', '8')) AS stopped_at,
       max(processed_at) FILTER (status_code <> '5') AS last_at
FROM landed.processing_steps GROUP BY ALL;

CREATE TABLE bare.pushed AS
SELECT DISTINCT dossier_code FROM landed.digitized_documents
JOIN (SELECT max(landed_row) AS landed_row FROM landed.digitized_documents GROUP BY document_code)
    USING (landed_row)
WHERE kind = 'result' AND is_pushed;

-- --- facts ---

CREATE TABLE bare.dossier_facts AS
WITH gathered AS (
    SELECT c.basis, c.dossier_code, a.agency_code, c.procedure_code, c.status_code, c.received_at, c.due_at,
           coalesce(s.is_received, true) AND c.received_at IS NOT NULL AS is_received,
           coalesce(c.channel_code = '2', false) AS is_online,
           coalesce(l.charged > 0, false) AS has_fee,
           coalesce(c.online_payment_code IN ('1', '2'), false) AS is_paid_online,
           coalesce(l.results > 0, false) AS has_result,
           coalesce(l.files > 0, false) AND (p.returns_paper IS NOT TRUE OR coalesce(l.results > 0, false))
               AS is_digitized,
           coalesce(l.reused > 0, false) AS is_reused,
           coalesce(l.from_store > 0, false) OR pushed.dossier_code IS NOT NULL AS is_shared,
           coalesce(c.is_vneid_verified, false) OR coalesce(l.linked > 0, false) AS uses_population_data,
           q.dossier_code IS NOT NULL AS has_petition,
           pairs.one_stop_code IS NOT NULL AS is_on_both_sides,
           coalesce(u.requests, 0) AS requests, u.new_due_at, coalesce(u.waited, 0) AS waited,
           p.time_limit_days, run.business_date AS as_of,
           CASE WHEN u.open_request_at::DATE <= run.business_date
                     AND (t.last_at IS NULL OR t.last_at <= u.open_request_at) THEN u.open_request_at END AS asked_at,
           u.open_request_at,
           coalesce(c.ended_at, t.processed_at, t.returned_at, t.stopped_at) AS said_end_at
    FROM bare.copies AS c
    CROSS JOIN control.run AS run
    LEFT JOIN seeds.dossier_statuses AS s ON c.status_code = s.status_code
    LEFT JOIN intermediate.int_agency_codes AS a ON c.agency_code = a.written_code
    LEFT JOIN staging.stg_catalogue__procedures AS p ON c.procedure_code = p.procedure_code
    LEFT JOIN bare.lists AS l ON c.basis = l.basis AND c.landed_row = l.landed_row
    LEFT JOIN bare.supplements AS u ON c.basis = u.basis AND c.landed_row = u.landed_row
    LEFT JOIN bare.steps AS t ON c.basis = t.basis AND c.dossier_code = t.dossier_code
    LEFT JOIN bare.pushed AS pushed ON c.dossier_code = pushed.dossier_code
    LEFT JOIN (SELECT DISTINCT dossier_code FROM landed.petitions) AS q ON c.dossier_code = q.dossier_code
    LEFT JOIN (SELECT 'one_stop' AS basis, one_stop_code FROM bare.pairs
               WHERE one_stop_code IS NOT NULL AND national_code IS NOT NULL) AS pairs
        ON c.basis = pairs.basis AND c.dossier_code = pairs.one_stop_code
),
ended AS (
    SELECT *, CASE WHEN said_end_at::DATE <= as_of THEN said_end_at ELSE asked_at END AS ended_at,
           CASE WHEN due_at IS NULL THEN (time_limit_days * 28800)::BIGINT ELSE 0 END
               + CASE WHEN requests = 1 THEN waited ELSE 0 END AS added
    FROM gathered
),
placed AS (
    SELECT e.*,
           worked(coalesce(e.due_at, e.received_at), f.working_day_number, f.is_working_day,
                  f.morning_from_second, f.morning_to_second, f.afternoon_from_second, f.afternoon_to_second)
               + e.added AS due_second,
           worked(e.received_at, r.working_day_number, r.is_working_day,
                  r.morning_from_second, r.morning_to_second, r.afternoon_from_second, r.afternoon_to_second)
               AS received_second
    FROM ended AS e
    LEFT JOIN intermediate.int_calendar AS f ON coalesce(e.due_at, e.received_at)::DATE = f.calendar_on
    LEFT JOIN intermediate.int_calendar AS r ON e.received_at::DATE = r.calendar_on
),
due AS (
    SELECT p.*, d.calendar_on, d.afternoon_from_second AS a1, d.morning_from_second AS m1,
           d.morning_to_second - d.morning_from_second AS morning, p.due_second % 28800 AS rest,
           -- the last second of a working day belongs to it, unless a maximum is to be exceeded
           (p.due_at IS NOT NULL AND p.due_second % 28800 = 0) AS at_close
    FROM placed AS p
    LEFT JOIN intermediate.int_calendar AS d
        ON d.is_working_day AND d.working_day_number = p.due_second // 28800
            + CASE WHEN p.due_at IS NOT NULL AND p.due_second % 28800 = 0 THEN 0 ELSE 1 END
),
counted AS (
    SELECT d.*,
           CASE WHEN requests = 1 AND new_due_at IS NOT NULL THEN new_due_at
                WHEN due_at IS NOT NULL AND added = 0 THEN due_at
                WHEN due_at IS NULL AND rest = morning THEN calendar_on + to_seconds(a1)
                WHEN at_close THEN coalesce(calendar_on + to_seconds(a1 + 28800 - morning), due_at)
                WHEN rest <= morning THEN coalesce(calendar_on + to_seconds(m1 + rest), due_at)
                ELSE coalesce(calendar_on + to_seconds(a1 + rest - morning), due_at) END AS counted_due_at
    FROM due AS d
)
SELECT c.basis, c.dossier_code, c.agency_code, c.procedure_code, c.status_code,
       c.received_at::DATE AS received_on, c.received_at, c.due_at, c.counted_due_at, c.ended_at,
       c.requests AS supplement_requests,
       CASE WHEN c.requests > 1 THEN false WHEN c.counted_due_at IS NULL THEN true
            WHEN c.ended_at IS NOT NULL THEN c.ended_at <= c.counted_due_at END AS is_on_time,
       CASE WHEN c.requests <= 1 AND c.ended_at IS NULL THEN c.counted_due_at::DATE END AS open_due_on,
       CASE WHEN c.ended_at IS NOT NULL THEN greatest(coalesce(
           worked(c.ended_at, e.working_day_number, e.is_working_day, e.morning_from_second,
                  e.morning_to_second, e.afternoon_from_second, e.afternoon_to_second)
           - c.received_second - c.waited, 0), 0) // 60 END::BIGINT AS worked_minutes,
       c.is_online, c.has_fee AS has_financial_obligation,
       c.has_fee AND c.is_paid_online AS is_obligation_paid_online,
       c.has_result AS has_electronic_result, c.is_digitized, c.is_reused AS has_reused_component, c.is_shared,
       c.uses_population_data, c.has_petition, c.is_on_both_sides
FROM counted AS c
LEFT JOIN intermediate.int_calendar AS e ON c.ended_at::DATE = e.calendar_on
WHERE c.is_received;

-- --- counts: by day, then by period and unit ---

CREATE TABLE bare.days AS
SELECT basis, received_on, coalesce(agency_code, 'unknown') AS agency_code,
       coalesce(procedure_code, 'unknown') AS procedure_code, open_due_on,
       count(*) AS received, count(*) FILTER (is_on_time) AS settled,
       count(*) FILTER (is_on_time AND NOT has_petition) AS settled_quiet,
       count(*) FILTER (NOT has_petition) AS quiet,
       count(*) FILTER (is_online) AS online, count(*) FILTER (has_financial_obligation) AS with_obligation,
       count(*) FILTER (is_obligation_paid_online) AS paid_online,
       count(*) FILTER (has_electronic_result) AS with_electronic_result,
       count(*) FILTER (is_digitized) AS digitized,
       count(*) FILTER (has_reused_component) AS with_reused_component, count(*) FILTER (is_shared) AS shared,
       count(*) FILTER (uses_population_data) AS with_population_data,
       count(*) FILTER (ended_at IS NOT NULL) AS ended, coalesce(sum(worked_minutes), 0) AS worked_minutes,
       count(*) FILTER (is_on_both_sides) AS on_both_sides
FROM bare.dossier_facts GROUP BY ALL;

CREATE TABLE bare.scopes AS
SELECT agency_code AS own_code, agency_code, agency_level FROM marts.dim_agency
UNION ALL
SELECT c.own_code, p.agency_code, p.agency_level
FROM (SELECT agency_code AS own_code FROM marts.dim_agency WHERE agency_level <> 'province'
      UNION ALL SELECT 'unknown') AS c
JOIN marts.dim_agency AS p ON p.agency_level = 'province';

-- What is still open on the day of judgement is on time while its due date lies ahead.
CREATE TEMP MACRO judged(open_due_on, judged_on, settled, undecided) AS
    CASE WHEN open_due_on IS NULL THEN settled WHEN open_due_on > judged_on THEN undecided ELSE 0 END;

CREATE TABLE bare.of_procedures AS
WITH months AS (
    SELECT basis, date_trunc('month', received_on)::DATE AS month_on, agency_code, procedure_code, open_due_on,
           sum(received) AS received, sum(settled) AS settled, sum(settled_quiet) AS settled_quiet,
           sum(quiet) AS quiet, sum(online) AS online, sum(with_obligation) AS with_obligation,
           sum(paid_online) AS paid_online, sum(with_electronic_result) AS with_electronic_result,
           sum(digitized) AS digitized, sum(with_reused_component) AS with_reused_component,
           sum(shared) AS shared, sum(with_population_data) AS with_population_data, sum(ended) AS ended,
           sum(worked_minutes) AS worked_minutes, sum(on_both_sides) AS on_both_sides
    FROM bare.days GROUP BY ALL
)
SELECT m.basis, p.period_type, p.period_start, p.period_end, s.agency_code, s.agency_level, m.procedure_code,
       sum(received)::BIGINT AS received,
       sum(judged(open_due_on, p.judged_on, settled, received))::BIGINT AS on_time,
       sum(judged(open_due_on, p.judged_on, settled_quiet, quiet))::BIGINT AS without_fault,
       sum(online)::BIGINT AS online, sum(with_obligation)::BIGINT AS with_obligation,
       sum(paid_online)::BIGINT AS paid_online, sum(with_electronic_result)::BIGINT AS with_electronic_result,
       sum(digitized)::BIGINT AS digitized, sum(with_reused_component)::BIGINT AS with_reused_component,
       sum(shared)::BIGINT AS shared, sum(with_population_data)::BIGINT AS with_population_data,
       sum(ended)::BIGINT AS ended, sum(worked_minutes)::BIGINT AS worked_minutes,
       sum(on_both_sides)::BIGINT AS on_both_sides
FROM months AS m
JOIN intermediate.int_periods AS p
    ON p.period_type <> 'day' AND m.month_on >= p.period_start AND m.month_on <= p.period_end
JOIN bare.scopes AS s ON m.agency_code = s.own_code
GROUP BY ALL;

CREATE TABLE bare.units AS
WITH active AS (
    SELECT DISTINCT r.received_on, s.agency_code
    FROM (SELECT DISTINCT received_on, agency_code FROM bare.days
          UNION SELECT received_on, agency_code FROM intermediate.int_petitions) AS r
    JOIN bare.scopes AS s ON r.agency_code = s.own_code
)
SELECT b.basis, p.period_type, p.period_start, p.period_end, p.judged_on, a.agency_code, a.agency_level
FROM intermediate.int_periods AS p
CROSS JOIN (VALUES ('national'), ('one_stop')) AS b (basis)
JOIN marts.dim_agency AS a
    ON (a.valid_from_on IS NULL OR p.period_end >= a.valid_from_on)
    AND (a.valid_to_on IS NULL OR p.period_start <= a.valid_to_on)
LEFT JOIN active AS t ON p.period_start = t.received_on AND a.agency_code = t.agency_code
WHERE p.period_type <> 'day' OR a.agency_level = 'province' OR t.agency_code IS NOT NULL;

CREATE TABLE bare.of_units AS
WITH by_day AS (
    SELECT d.basis, 'day' AS period_type, p.period_start, s.agency_code,
           sum(received) AS received, sum(judged(open_due_on, p.judged_on, settled, received)) AS on_time,
           sum(judged(open_due_on, p.judged_on, settled_quiet, quiet)) AS without_fault,
           sum(online) AS online, sum(with_obligation) AS with_obligation,
           sum(paid_online) AS paid_online, sum(with_electronic_result) AS with_electronic_result,
           sum(digitized) AS digitized, sum(with_reused_component) AS with_reused_component,
           sum(shared) AS shared, sum(with_population_data) AS with_population_data,
           sum(ended) AS ended, sum(worked_minutes) AS worked_minutes, sum(on_both_sides) AS on_both_sides
    FROM bare.days AS d
    JOIN intermediate.int_periods AS p ON p.period_type = 'day' AND d.received_on = p.period_start
    JOIN bare.scopes AS s ON d.agency_code = s.own_code
    GROUP BY ALL
),
by_period AS (
    SELECT basis, period_type, period_start, agency_code,
           sum(received), sum(on_time), sum(without_fault), sum(online), sum(with_obligation), sum(paid_online),
           sum(with_electronic_result), sum(digitized), sum(with_reused_component), sum(shared),
           sum(with_population_data), sum(ended), sum(worked_minutes), sum(on_both_sides)
    FROM bare.of_procedures GROUP BY ALL
)
SELECT u.*, coalesce(c.received, 0)::BIGINT AS received, coalesce(c.on_time, 0)::BIGINT AS on_time,
       coalesce(c.without_fault, 0)::BIGINT AS without_fault, coalesce(c.online, 0)::BIGINT AS online,
       coalesce(c.with_obligation, 0)::BIGINT AS with_obligation, coalesce(c.paid_online, 0)::BIGINT AS paid_online,
       coalesce(c.with_electronic_result, 0)::BIGINT AS with_electronic_result,
       coalesce(c.digitized, 0)::BIGINT AS digitized,
       coalesce(c.with_reused_component, 0)::BIGINT AS with_reused_component, coalesce(c.shared, 0)::BIGINT AS shared,
       coalesce(c.with_population_data, 0)::BIGINT AS with_population_data, coalesce(c.ended, 0)::BIGINT AS ended,
       coalesce(c.worked_minutes, 0)::BIGINT AS worked_minutes, coalesce(c.on_both_sides, 0)::BIGINT AS on_both_sides
FROM bare.units AS u
LEFT JOIN (FROM by_day UNION ALL FROM by_period) AS c USING (basis, period_type, period_start, agency_code);

CREATE TABLE bare.synchronization_bases AS
SELECT o.period_type, o.period_start, o.period_end, o.agency_code, o.agency_level, o.on_both_sides,
       o.received AS received_one_stop, n.received AS received_national,
       rate(o.on_both_sides, o.received) AS rate,
       rate(n.received, greatest(o.received, n.received)) AS rate_on_portal_base
FROM bare.of_units AS o
JOIN bare.of_units AS n USING (period_type, period_start, agency_code)
WHERE o.basis = 'one_stop' AND n.basis = 'national' AND o.period_type <> 'day';

-- --- indicators ---

CREATE TEMP MACRO of_dossiers(received, on_time, without_fault, online, with_obligation, paid_online,
                              with_electronic_result, digitized, with_reused_component, shared,
                              with_population_data, ended, worked_minutes) AS [
    {'code': '2.1', 'n': on_time, 'd': received}, {'code': '2.2', 'n': worked_minutes, 'd': ended},
    {'code': '3.3', 'n': online, 'd': received}, {'code': '3.6', 'n': paid_online, 'd': with_obligation},
    {'code': '4.1', 'n': with_electronic_result, 'd': received}, {'code': '4.2', 'n': digitized, 'd': received},
    {'code': '4.3', 'n': with_reused_component, 'd': received}, {'code': '4.4', 'n': shared, 'd': received},
    {'code': '4.5b', 'n': with_population_data, 'd': received}, {'code': '5.4', 'n': without_fault, 'd': received}];

-- What a unit's procedures add: of the province all, of a commune the communal ones, of a department those it
-- ever received a dossier of.
CREATE TABLE bare.authority_over AS
SELECT a.agency_code, p.procedure_code, p.service_level_code IN ('3', '4') AS is_online_service,
       coalesce(p.has_fee, false) AS has_fee, coalesce(p.is_for_citizens, false) AS is_for_citizens
FROM marts.dim_agency AS a
JOIN staging.stg_catalogue__procedures AS p
    ON a.agency_level = 'province' OR (a.agency_level = 'commune' AND p.level = 'communal')
    OR (a.agency_level = 'department' AND p.level = 'provincial'
        AND EXISTS (FROM bare.days AS d
                    WHERE d.agency_code = a.agency_code AND d.procedure_code = p.procedure_code));

CREATE TABLE bare.of_catalogue AS
WITH authority AS (
    SELECT agency_code, count(*) AS under_authority, count(*) FILTER (is_online_service) AS online_services,
           count(*) FILTER (has_fee) AS with_fee, count(*) FILTER (is_for_citizens) AS for_citizens
    FROM bare.authority_over GROUP BY ALL
),
counted AS (
    SELECT basis, period_type, period_start, agency_code, procedure_code, online, with_obligation, paid_online,
           with_population_data
    FROM bare.of_procedures
    UNION ALL
    SELECT d.basis, 'day', d.received_on, s.agency_code, d.procedure_code, sum(online), sum(with_obligation),
           sum(paid_online), sum(with_population_data)
    FROM bare.days AS d JOIN bare.scopes AS s ON d.agency_code = s.own_code GROUP BY ALL
),
used AS (
    SELECT c.basis, c.period_type, c.period_start, c.agency_code,
           count(*) FILTER (p.is_online_service AND c.online > 0) AS used_online,
           count(*) FILTER (p.has_fee AND c.with_obligation > 0) AS used_with_fee,
           count(*) FILTER (p.has_fee AND c.paid_online > 0) AS paid_online,
           count(*) FILTER (p.is_for_citizens AND c.with_population_data > 0) AS with_population_data
    FROM counted AS c JOIN bare.authority_over AS p USING (agency_code, procedure_code) GROUP BY ALL
)
SELECT u.*, coalesce(under_authority, 0) AS under_authority, coalesce(online_services, 0) AS online_services,
       coalesce(with_fee, 0) AS with_fee, coalesce(for_citizens, 0) AS for_citizens,
       coalesce(used_online, 0) AS used_online, coalesce(used_with_fee, 0) AS used_with_fee,
       coalesce(paid_online, 0) AS paid_online, coalesce(with_population_data, 0) AS with_population_data
FROM bare.units AS u
LEFT JOIN authority USING (agency_code)
LEFT JOIN used USING (basis, period_type, period_start, agency_code);

CREATE TABLE bare.counts AS
WITH of_dossiers AS (
    SELECT basis, period_type, period_start, period_end, agency_code, agency_level,
           unnest(of_dossiers(received, on_time, without_fault, online, with_obligation, paid_online,
                              with_electronic_result, digitized, with_reused_component, shared,
                              with_population_data, ended, worked_minutes), recursive := true)
    FROM bare.of_units
),
of_catalogue AS (
    SELECT basis, period_type, period_start, period_end, agency_code, agency_level,
           unnest([{'code': '3.1', 'n': online_services, 'd': under_authority},
                   {'code': '3.2', 'n': used_online, 'd': online_services},
                   {'code': '3.5', 'n': used_with_fee, 'd': with_fee},
                   {'code': '3.5b', 'n': paid_online, 'd': with_fee},
                   {'code': '4.5a', 'n': with_population_data, 'd': for_citizens},
                   {'code': '4.6', 'n': NULL, 'd': NULL}], recursive := true)
    FROM bare.of_catalogue
),
-- 1.4 is one comparison for both bases; where nothing was received, last year's share should have been
synchronized AS (
    SELECT u.*, CASE WHEN u.received > 0 OR u.period_type = 'day' THEN u.received
                     ELSE coalesce((2 * y.received + n.parts) // (2 * n.parts), 0) END AS expected
    FROM bare.of_units AS u
    LEFT JOIN (VALUES ('month', 12), ('quarter', 4), ('half_year', 2), ('year', 1)) AS n (period_type, parts)
        USING (period_type)
    LEFT JOIN (SELECT agency_code, year(period_start) + 1 AS next_year, received
               FROM bare.of_units WHERE basis = 'one_stop' AND period_type = 'year') AS y
        ON u.agency_code = y.agency_code AND year(u.period_start) = y.next_year
    WHERE u.basis = 'one_stop'
)
FROM of_dossiers UNION ALL FROM of_catalogue
UNION ALL
SELECT b.basis, s.period_type, s.period_start, s.period_end, s.agency_code, s.agency_level, '1.4',
       s.on_both_sides, s.expected
FROM synchronized AS s CROSS JOIN (VALUES ('national'), ('one_stop')) AS b (basis)
UNION ALL
SELECT basis, period_type, period_start, period_end, agency_code, agency_level, indicator_code, numerator, denominator
FROM (FROM marts.indicator_1_1 UNION ALL FROM marts.indicator_1_2 UNION ALL FROM marts.indicator_1_3
      UNION ALL FROM marts.indicator_5_1a UNION ALL FROM marts.indicator_5_1b
      UNION ALL FROM marts.indicator_5_2 UNION ALL FROM marts.indicator_5_3);

CREATE TABLE bare.indicator_counts AS
WITH delivered AS (SELECT DISTINCT source FROM control.deliveries)
SELECT c.basis, c.period_type, c.period_start, c.period_end, c.agency_code, c.code AS indicator_code,
       c.agency_level, CASE WHEN d.source IS NOT NULL THEN c.n END AS numerator,
       CASE WHEN d.source IS NOT NULL THEN c.d END AS denominator, d.source IS NULL AS is_source_missing
FROM bare.counts AS c
JOIN seeds.indicators AS i ON c.code = i.indicator_code
LEFT JOIN delivered AS d ON i.source = d.source;

-- --- scores ---

CREATE TABLE bare.indicator_results AS
WITH valued AS (
    SELECT r.ruleset, c.*, m.max_points, m.full_mark_percent, m.empty_policy, m.is_scored, r.is_provisional,
           m.scope = 'not_departments' AND c.agency_level = 'department' AS is_out_of_scope,
           CASE WHEN m.scope = 'as_province' THEN w.numerator
                WHEN m.scope = 'own' OR c.agency_level <> 'department' THEN c.numerator END AS n,
           CASE WHEN m.scope = 'as_province' THEN w.denominator
                WHEN m.scope = 'own' OR c.agency_level <> 'department' THEN c.denominator END AS d
    FROM bare.indicator_counts AS c
    JOIN marts.dim_period_rule_set AS r
        ON r.is_in_force AND c.period_type = r.period_type AND c.period_start = r.period_start
    JOIN marts.dim_indicator AS m ON r.ruleset = m.ruleset AND c.indicator_code = m.indicator_code
    LEFT JOIN bare.indicator_counts AS w
        ON w.agency_level = 'province' AND c.basis = w.basis AND c.period_type = w.period_type
        AND c.period_start = w.period_start AND c.indicator_code = w.indicator_code
)
SELECT ruleset, basis, period_type, period_start, period_end, agency_code, indicator_code, agency_level,
       n AS numerator, d AS denominator, rate(n, d) AS rate,
       CASE WHEN is_scored AND NOT is_out_of_scope AND NOT is_source_missing
            THEN points_of(n, d, max_points, full_mark_percent, empty_policy) END::DECIMAL(9, 2) AS points,
       max_points::DECIMAL(9, 2) AS max_points,
       CASE WHEN is_out_of_scope THEN 'not_applicable' WHEN is_source_missing THEN 'source_missing'
            WHEN d IS NULL THEN 'not_applicable' WHEN d = 0 THEN 'no_denominator' END AS empty_reason,
       is_provisional AS provisional
FROM valued;

CREATE TABLE bare.scorecards AS
SELECT r.ruleset, r.basis, r.period_type, r.period_start, r.period_end, r.agency_code, m.group_code, r.agency_level,
       sum(coalesce(r.points, 0))::DECIMAL(9, 2) AS points, sum(m.max_points)::DECIMAL(9, 2) AS max_points,
       count(*) FILTER (r.points IS NULL)::INTEGER AS components_missing
FROM bare.indicator_results AS r
JOIN marts.dim_indicator AS m ON r.ruleset = m.ruleset AND r.indicator_code = m.indicator_code AND m.is_scored
GROUP BY ALL;

CREATE TABLE bare.scorecard_totals AS
WITH totals AS (
    SELECT ruleset, basis, period_type, period_start, period_end, agency_code, agency_level,
           sum(points)::DECIMAL(9, 2) AS points, sum(max_points)::DECIMAL(9, 2) AS max_points
    FROM bare.scorecards GROUP BY ALL
),
whole AS (SELECT ruleset, bool_or(is_scored AND NOT is_computed) AS is_partial FROM marts.dim_indicator GROUP BY ALL),
ranked AS (
    SELECT t.*, w.is_partial,
           rank() OVER level_by_points AS rank_in_level, count(*) OVER (PARTITION BY ruleset, basis, period_type,
               period_start, agency_level) AS ranked_units,
           -- the nearest better points: of the first unit of the group before
           max(points) OVER (PARTITION BY ruleset, basis, period_type, period_start, agency_level
               ORDER BY points RANGE BETWEEN 0.01 FOLLOWING AND UNBOUNDED FOLLOWING) AS best,
           min(points) OVER (PARTITION BY ruleset, basis, period_type, period_start, agency_level
               ORDER BY points RANGE BETWEEN 0.01 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_better
    FROM totals AS t JOIN whole AS w USING (ruleset)
    WINDOW level_by_points AS (PARTITION BY ruleset, basis, period_type, period_start, agency_level
                               ORDER BY points DESC)
),
graded AS (
    SELECT r.*, p.is_provisional, p.previous_start, g.grade,
           h.grade AS next_grade, h.min_points AS next_from
    FROM ranked AS r
    JOIN marts.dim_period_rule_set AS p USING (ruleset, period_type, period_start)
    ASOF LEFT JOIN marts.dim_grade AS g ON r.ruleset = g.ruleset AND r.points >= g.min_points
    ASOF LEFT JOIN marts.dim_grade AS h ON r.ruleset = h.ruleset AND r.points < h.min_points
)
SELECT g.ruleset, g.basis, g.period_type, g.period_start, g.period_end, g.agency_code, g.agency_level,
       g.points, g.max_points, CASE WHEN NOT g.is_partial THEN g.grade END AS grade,
       CASE WHEN NOT g.is_partial THEN g.rank_in_level END AS rank_in_level, g.ranked_units,
       CASE WHEN NOT g.is_partial THEN g.next_grade END AS next_grade,
       CASE WHEN NOT g.is_partial THEN (g.next_from - g.points)::DECIMAL(9, 2) END AS points_to_next_grade,
       CASE WHEN NOT g.is_partial THEN (g.next_better - g.points)::DECIMAL(9, 2) END AS points_to_next_rank,
       CASE WHEN b.ruleset = g.ruleset THEN b.points END AS previous_points,
       CASE WHEN b.ruleset = g.ruleset THEN (g.points - b.points)::DECIMAL(9, 2) END AS points_change,
       CASE WHEN b.ruleset = g.ruleset AND NOT b.is_partial THEN b.rank_in_level END AS previous_rank_in_level,
       CASE WHEN b.ruleset IS NULL THEN 'no_previous_period'
            WHEN b.ruleset <> g.ruleset THEN 'other_rule_set' END AS change_missing_reason,
       g.is_provisional AS provisional, g.is_partial AS partial
FROM graded AS g
LEFT JOIN ranked AS b
    ON g.basis = b.basis AND g.period_type = b.period_type AND g.agency_code = b.agency_code
    AND g.previous_start = b.period_start;

-- --- on time under three definitions ---

-- From which day of judgement on it is late; NULL is never, 1900 settled.
CREATE TEMP MACRO late_from(compares, due, ended) AS
    CASE WHEN due IS NULL THEN NULL
         WHEN ended IS NULL THEN due::DATE + CASE
             WHEN compares = 'timestamp' OR (compares = 'half_day' AND hour(due) < 12) THEN 0 ELSE 1 END
         WHEN compares = 'timestamp' AND ended <= due THEN NULL
         WHEN compares = 'date' AND ended::DATE <= due::DATE THEN NULL
         WHEN compares = 'half_day' AND (ended::DATE < due::DATE OR (
             ended::DATE = due::DATE AND (hour(ended) < 12 OR hour(due) >= 12))) THEN NULL
         ELSE DATE '1900-01-01' END;

CREATE TEMP VIEW judged AS
SELECT *,
       CASE WHEN supplement_requests > 1 THEN DATE '1900-01-01'
            ELSE late_from('timestamp', counted_due_at, ended_at) END AS late_by_timestamp_on,
       late_from('date', coalesce(due_at, counted_due_at), ended_at) AS late_by_date_on,
       late_from('half_day', due_at, ended_at) AS late_by_half_day_on
FROM bare.dossier_facts;

CREATE TABLE bare.on_time_definitions AS
WITH days AS (
    SELECT 'by_timestamp_766' AS definition, basis, received_on, coalesce(agency_code, 'unknown') AS agency_code,
           late_by_timestamp_on AS late_from_on, count(*) AS dossiers
    FROM judged GROUP BY ALL
    UNION ALL
    SELECT 'by_date', basis, received_on, coalesce(agency_code, 'unknown'), late_by_date_on, count(*)
    FROM judged GROUP BY ALL
    UNION ALL
    SELECT 'half_day_session', basis, received_on, coalesce(agency_code, 'unknown'), late_by_half_day_on, count(*)
    FROM judged GROUP BY ALL
),
counted AS (
    SELECT d.basis, p.period_type, p.period_start, s.agency_code, d.definition,
           sum(dossiers) FILTER (d.late_from_on IS NULL OR d.late_from_on > p.judged_on) AS on_time,
           sum(dossiers) AS received
    FROM days AS d
    JOIN intermediate.int_period_days AS p ON d.received_on = p.calendar_on AND p.period_type <> 'day'
    JOIN bare.scopes AS s ON d.agency_code = s.own_code
    GROUP BY ALL
)
SELECT c.basis, c.period_type, c.period_start, u.period_end, c.agency_code, c.definition, u.agency_level,
       coalesce(c.on_time, 0)::BIGINT AS on_time, c.received::BIGINT AS received,
       rate(coalesce(c.on_time, 0)::BIGINT, c.received::BIGINT) AS rate,
       (coalesce(c.on_time, 0) - max(coalesce(c.on_time, 0)) FILTER (c.definition = 'by_timestamp_766') OVER (
           PARTITION BY c.basis, c.period_type, c.period_start, c.agency_code))::BIGINT AS more_than_766
FROM counted AS c
JOIN bare.units AS u USING (basis, period_type, period_start, agency_code);

-- --- table II.06 ---

CREATE TABLE bare.table_ii_06 AS
WITH months AS (
    SELECT basis, coalesce(f.agency_code, 'unknown') AS agency_code, coalesce(p.field_code, 'unknown') AS field_code,
           date_trunc('month', received_on)::DATE AS received_on,
           CASE WHEN ended_at IS NOT NULL
                THEN date_trunc('month', greatest(ended_at::DATE, received_on))::DATE END AS ended_on,
           CASE WHEN supplement_requests > 1 THEN date_trunc('month', received_on)::DATE
                WHEN ended_at IS NULL THEN counted_due_at::DATE
                ELSE date_trunc('month', counted_due_at)::DATE END AS late_on,
           is_online,
           CASE WHEN ended_at IS NULL THEN 'open' WHEN NOT is_on_time THEN 'overdue'
                WHEN ended_at < counted_due_at THEN 'early' ELSE 'on_time' END AS outcome,
           count(*) AS dossiers
    FROM bare.dossier_facts AS f LEFT JOIN staging.stg_catalogue__procedures AS p USING (procedure_code)
    GROUP BY ALL
),
at_hand AS (
    SELECT m.basis, p.period_type, p.period_start, s.agency_code, m.field_code,
           sum(dossiers) AS total,
           sum(dossiers) FILTER (m.received_on >= p.period_start AND is_online) AS online,
           sum(dossiers) FILTER (m.received_on >= p.period_start AND NOT is_online) AS direct,
           sum(dossiers) FILTER (m.received_on < p.period_start) AS carried,
           sum(dossiers) FILTER (m.ended_on <= p.period_end) AS resolved,
           sum(dossiers) FILTER (m.ended_on <= p.period_end AND outcome = 'early') AS early,
           sum(dossiers) FILTER (m.ended_on <= p.period_end AND outcome = 'on_time') AS on_time,
           sum(dossiers) FILTER (m.ended_on <= p.period_end AND outcome = 'overdue') AS overdue,
           sum(dossiers) FILTER ((m.ended_on <= p.period_end) IS NOT TRUE) AS in_progress,
           sum(dossiers) FILTER ((m.ended_on <= p.period_end) IS NOT TRUE
                                 AND (m.late_on <= p.judged_on) IS NOT TRUE) AS within,
           sum(dossiers) FILTER ((m.ended_on <= p.period_end) IS NOT TRUE
                                 AND m.late_on <= p.judged_on) AS beyond
    FROM months AS m
    JOIN intermediate.int_periods AS p
        ON p.period_type <> 'day' AND m.received_on <= p.period_end
        AND (m.ended_on IS NULL OR m.ended_on >= p.period_start)
    JOIN bare.scopes AS s ON m.agency_code = s.own_code
    GROUP BY ALL
),
lines AS (
    FROM at_hand
    UNION ALL
    SELECT u.basis, u.period_type, u.period_start, u.agency_code, 'all', sum(total), sum(online), sum(direct),
           sum(carried), sum(resolved), sum(early), sum(on_time), sum(overdue), sum(in_progress), sum(within),
           sum(beyond)
    FROM bare.units AS u LEFT JOIN at_hand AS h USING (basis, period_type, period_start, agency_code)
    WHERE u.period_type <> 'day' GROUP BY ALL
)
SELECT l.basis, l.period_type, l.period_start, u.period_end, l.agency_code, l.field_code, u.agency_level,
       f.field_name, u.judged_on,
       coalesce(l.total, 0)::BIGINT AS received_total,
       coalesce(l.online, 0)::BIGINT AS received_online,
       coalesce(l.direct, 0)::BIGINT AS received_direct_postal,
       coalesce(l.carried, 0)::BIGINT AS carried_over,
       coalesce(l.resolved, 0)::BIGINT AS resolved_total,
       coalesce(l.early, 0)::BIGINT AS resolved_early,
       coalesce(l.on_time, 0)::BIGINT AS resolved_on_time,
       coalesce(l.overdue, 0)::BIGINT AS resolved_overdue,
       coalesce(l.in_progress, 0)::BIGINT AS in_progress_total,
       coalesce(l.within, 0)::BIGINT AS in_progress_within,
       coalesce(l.beyond, 0)::BIGINT AS in_progress_overdue
FROM lines AS l
JOIN bare.units AS u USING (basis, period_type, period_start, agency_code)
LEFT JOIN (SELECT field_code, max(field_name) AS field_name FROM marts.dim_procedure GROUP BY ALL) AS f
    USING (field_code);

-- what the build leaves to the release: compared, not timed
CREATE TABLE bare.indicator_results_by_procedure AS
WITH long AS (
    SELECT basis, period_type, period_start, period_end, agency_code, agency_level, procedure_code,
           unnest(of_dossiers(received, on_time, without_fault, online, with_obligation, paid_online,
                              with_electronic_result, digitized, with_reused_component, shared,
                              with_population_data, ended, worked_minutes), recursive := true)
    FROM bare.of_procedures
    UNION ALL
    SELECT b.basis, o.period_type, o.period_start, o.period_end, o.agency_code, o.agency_level, o.procedure_code,
           '1.4', o.on_both_sides, o.received
    FROM bare.of_procedures AS o CROSS JOIN (VALUES ('national'), ('one_stop')) AS b (basis)
    WHERE o.basis = 'one_stop'
)
SELECT r.ruleset, l.basis, l.period_type, l.period_start, l.period_end, l.agency_code, l.code AS indicator_code,
       coalesce(p.field_code, 'unknown') AS field_code, l.procedure_code, l.agency_level,
       l.n AS numerator, l.d AS denominator, rate(l.n, l.d) AS rate,
       CASE WHEN l.code <> '2.2' THEN rate(l.d - l.n, (sum(l.d - l.n) OVER (
           PARTITION BY l.basis, l.period_type, l.period_start, l.agency_code, l.code))::BIGINT) END AS missed_share,
       CASE WHEN l.d = 0 THEN 'no_denominator' END AS empty_reason, r.is_provisional AS provisional
FROM long AS l
LEFT JOIN marts.dim_procedure AS p USING (procedure_code)
JOIN marts.dim_agency AS a
    ON l.agency_code = a.agency_code AND (a.valid_from_on IS NULL OR l.period_end >= a.valid_from_on)
    AND (a.valid_to_on IS NULL OR l.period_start <= a.valid_to_on)
JOIN marts.dim_period_rule_set AS r
    ON r.is_in_force AND l.period_type = r.period_type AND l.period_start = r.period_start
JOIN seeds.rule_set_components AS c ON r.ruleset = c.ruleset AND l.code = c.indicator_code;

CREATE TABLE bare.on_time_differences AS
WITH today AS (
    SELECT j.*, coalesce(late_by_timestamp_on > run.business_date, true) AS by_timestamp,
           coalesce(late_by_date_on > run.business_date, true) AS by_date,
           coalesce(late_by_half_day_on > run.business_date, true) AS by_half_day
    FROM judged AS j CROSS JOIN control.run AS run
)
SELECT basis, dossier_code,
       unnest([{'definition': 'by_timestamp_766', 'is_on_time': by_timestamp},
               {'definition': 'by_date', 'is_on_time': by_date},
               {'definition': 'half_day_session', 'is_on_time': by_half_day}], recursive := true),
       agency_code, procedure_code, received_at, due_at, counted_due_at, ended_at, supplement_requests
FROM today WHERE by_timestamp <> by_date OR by_date <> by_half_day;
