"""What a release is made of: the inputs a run saw, the rule sets, the code. It decides what "same" means."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

from orchestration.dbt_runs import code_version
from orchestration.history import History
from orchestration.landing.deliveries import Delivery
from orchestration.places import DBT_PROJECT

_RULE_SETS = DBT_PROJECT / "seeds" / "rule_sets" / "rule_sets.csv"


def release_facts(
    business_date: date, deliveries: dict[str, list[Delivery]], history: History | None
) -> dict[str, Any]:
    """Inputs, rule sets and code version of a run, without any time.

    Inputs are files (source, business date, name, SHA-256) and what an earlier release published.
    """
    with _RULE_SETS.open(encoding="utf-8", newline="") as stream:
        rulesets = sorted(row["ruleset"] for row in csv.DictReader(stream))
    return {
        "as_of": f"{business_date.isoformat()}T23:59:59+07:00",
        "rulesets": rulesets,
        "code_version": code_version(),
        "inputs": [
            {
                "source": d.source,
                "delivered_on": d.delivered_on.isoformat(),
                "file": d.file_name,
                "sha256": d.file_sha,
            }
            for source in sorted(deliveries)
            for d in sorted(deliveries[source])
        ],
        "history": None if history is None else history.facts,
    }
