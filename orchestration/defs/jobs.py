"""Jobs: `nightly`, everything from files to the release, for one business date."""

import dagster as dg

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    description="Land every extract dated up to the business date, build and test all models, publish.",
)
