"""Resources: the folders of a run, as assets take them."""

from datetime import date
from pathlib import Path

import dagster as dg

from orchestration.landing.contracts import Contract, load_contracts
from orchestration.landing.deliveries import Delivery, HashCache, find_deliveries
from orchestration.landing.store import LandedStore
from orchestration.places import SOURCES, Places


class Workspace(dg.ConfigurableResource[None]):
    """RAW and DATA of the runs of this code location."""

    raw: str
    data: str

    @property
    def places(self) -> Places:
        return Places(raw=Path(self.raw), data=Path(self.data))

    @property
    def store(self) -> LandedStore:
        return LandedStore(self.places.landed)

    def deliveries(self, contract: Contract, business_date: date) -> list[Delivery]:
        """Files of a source that a run for `business_date` sees."""
        hashes = HashCache(self.places.landed / contract.source / "hashes.json")
        found = find_deliveries(self.places.raw, contract.source, business_date, hashes)
        hashes.save()
        return found

    def all_deliveries(
        self, business_date: date, sources: set[str] | None = None
    ) -> tuple[dict[str, Contract], dict[str, list[Delivery]]]:
        """Contracts of all (or the named) sources, and per source the files a run sees."""
        contracts = {s: c for s, c in load_contracts(SOURCES).items() if sources is None or s in sources}
        return contracts, {s: self.deliveries(c, business_date) for s, c in contracts.items()}


def workspace_from_environment() -> Workspace:
    """The folders that CHISO_RAW and CHISO_DATA name."""
    places = Places.from_environment()
    return Workspace(raw=str(places.raw), data=str(places.data))
