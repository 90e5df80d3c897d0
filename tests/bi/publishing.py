"""Releases one after the other, as nights publish them: `python -m tests.bi.publishing DATA 5`.

Each changes every row of the marts that charts are made of, figures and Vietnamese texts, in the build of the
last night, and publishes all marts of it as the release of the next day.
"""

from __future__ import annotations

import argparse
import hashlib
from datetime import timedelta
from pathlib import Path

import duckdb

from orchestration.dbt_runs import released_marts, unreleased_models
from orchestration.places import Places, today
from orchestration.publishing.readers import forget_releases, let_readers_see
from orchestration.publishing.release import publish
from orchestration.publishing.releases import business_date_of, find_release, read_manifest

_KEEP = 3
_CHANGES = """
UPDATE marts.scorecard_totals SET points = points - 0.01;
UPDATE marts.indicator_results SET numerator = coalesce(numerator, 0) + 1;
UPDATE marts.dim_agency
SET agency_name = regexp_replace(agency_name, ' · đợt \\d+$', '') || ' · đợt {number}';
UPDATE marts.overdue_explanations
SET remedy_vi = regexp_replace(remedy_vi, ' · đợt \\d+$', '') || ' · đợt {number}';
"""


def publish_again(data: Path, number: int) -> Path:
    """Publish the last night once more with other figures and texts; returns the release's folder.

    Args:
        data: DATA of a night.
        number: how often this was done, with this time.
    """
    places = Places(raw=data, data=data)  # no drop zone is read
    with duckdb.connect(str(places.build_database)) as con:
        con.execute(_CHANGES.format(number=number))
    last = find_release(places.releases, None)
    manifest = read_manifest(last)
    day = business_date_of(last) + timedelta(days=1)
    delivered = {
        "source": "agencies",
        "delivered_on": day.isoformat(),
        "file": f"agencies/{day}/agencies-0001.csv.gz",
        "sha256": hashlib.sha256(str(number).encode()).hexdigest(),
    }
    facts = {key: manifest[key] for key in ("rulesets", "code_version", "history")} | {
        "as_of": f"{day}T23:59:59+07:00",
        "inputs": [*manifest["inputs"], delivered],
    }
    models = places.dbt_target / "manifest.json"
    now = today().isoformat(timespec="seconds")
    release = publish(
        places.releases,
        places.build_database,
        day,
        released_marts(models),
        facts,
        {"run_id": f"again-{number}", "published_at": now},
        unreleased_models(models),
    ).folder
    let_readers_see(places.readers, release, now)
    forget_releases(places.readers, _KEEP)
    return release


def published(data: Path) -> list[Path]:
    """The releases of this process, in their order; a name stands there once readers are shown it."""
    log = data / "published.log"
    return [Path(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []


def main() -> None:
    """Publish so many releases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("publications", type=int)
    arguments = parser.parse_args()
    for number in range(1, arguments.publications + 1):
        release = publish_again(arguments.data, number)
        with (arguments.data / "published.log").open("a", encoding="utf-8") as log:
            log.write(f"{release}\n")


if __name__ == "__main__":
    main()
