"""Partitions: one per business date, local. A date's partition exists when the day is over."""

import dagster as dg

from orchestration.places import TIME_ZONE

business_dates = dg.DailyPartitionsDefinition(start_date="2025-01-01", timezone=TIME_ZONE)

# A backfill takes one date after the other: a run has one business date.
one_date_per_run = dg.BackfillPolicy.multi_run(max_partitions_per_run=1)
