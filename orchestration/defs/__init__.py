"""Dagster only, one file per concept. What is worth testing without Dagster lives outside this package."""
