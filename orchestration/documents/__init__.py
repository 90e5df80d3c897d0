"""What people get to read or to fill in: workbooks made from a release. Imports no Dagster."""
