"""What becomes of nights: read from Dagster's event log, kept as a table, told to who is answerable."""
