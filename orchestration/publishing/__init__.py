"""From a finished build to a release that readers see. Pure: imports no Dagster (a lint rule says so)."""
