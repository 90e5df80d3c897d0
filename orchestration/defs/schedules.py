"""Schedules: the night at 01:00 local time, for the day before."""

import dagster as dg

from orchestration.defs.jobs import nightly

nightly_schedule = dg.build_schedule_from_partitioned_job(
    nightly,
    name="nightly_at_one",
    hour_of_day=1,
    minute_of_hour=0,
    description="01:00 Asia/Ho_Chi_Minh, for the business date that has just ended.",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
