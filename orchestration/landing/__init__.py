"""Extract files → typed Parquet, manifest, quarantine. Pure: imports no Dagster (a lint rule says so)."""
