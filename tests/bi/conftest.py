"""A night on the sample, and a Superset that has the charts on it; `make test-bi` installs Superset."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orchestration.places import ROOT
from tests.bi.charts import CHARTS, Chart
from tests.bi.client import Client
from tests.bi.server import Superset
from tests.pipeline.conftest import chiso
from tests.services.servers import running

SCHEMA = "chiso.marts"  # as Superset calls it


@dataclass(frozen=True)
class Made:
    """A chart in Superset.

    Attributes:
        context: what its data are asked for with.
    """

    chart: Chart
    number: int
    context: dict[str, Any]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """DATA of a night on the sample."""
    folder = tmp_path_factory.mktemp("night") / "data"
    night = chiso("nightly", "--date", "2026-09-30", "--data", str(folder))
    assert night.returncode == 0, night.stdout + night.stderr
    return folder


@pytest.fixture(scope="session")
def superset() -> Iterator[Superset]:
    """A running Superset; a test fails, it never skips, when it cannot start."""
    yield from running(Superset())


@pytest.fixture(scope="session")
def client(superset: Superset) -> Client:
    """The administrator."""
    return Client(superset.url, superset.user, superset.password)


@pytest.fixture(scope="session")
def database(client: Client, data: Path) -> int:
    """The connection that docs/bi.md tells to make, to this DATA."""
    page = (ROOT / "docs" / "bi.md").read_text(encoding="utf-8")
    told = page.partition("## Superset")[2].partition("```json")[2].partition("```")[0]
    assert "/srv/chiso/" in told, "docs/bi.md has no connection to DATA /srv/chiso for Superset"
    made = client.post("database/", json.loads(told.replace("/srv/chiso/", f"{data}/")))
    return int(made["id"])


@pytest.fixture(scope="session")
def charts(client: Client, database: int) -> list[Made]:
    """Every chart of ours, saved, each over a dataset of its mart."""
    made = []
    for chart in CHARTS:
        table = {"database": database, "schema": SCHEMA, "table_name": chart.mart}
        dataset = int(client.post("dataset/", table)["id"])
        context = chart.context(dataset)
        saved = {
            "slice_name": chart.title,
            "viz_type": "table",
            "datasource_id": dataset,
            "datasource_type": "table",
            "params": json.dumps({"viz_type": "table", "datasource": f"{dataset}__table"}),
            "query_context": json.dumps(context),
        }
        made.append(Made(chart, int(client.post("chart/", saved)["id"]), context))
    return made
