"""Resources: the places of a run, as assets take them."""

import contextlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dagster as dg

from orchestration.landing.contracts import Contract, load_contracts
from orchestration.landing.deliveries import Delivery, HashCache, Intake, take_in
from orchestration.landing.drop_zone import drop_zone
from orchestration.landing.link_key import link_key_file, load_link_key
from orchestration.landing.seen import read_seen, write_seen
from orchestration.landing.store import LandedStore
from orchestration.night_lock import AnotherNightError, only_one_on
from orchestration.operations.closing import holding
from orchestration.places import SOURCES, Places, today
from orchestration.publishing.readers import ClockError, check_clock


class Workspace(dg.ConfigurableResource[None]):
    """RAW and DATA of the runs of this code location.

    With `only_complete` a run leaves delivery folders that are still arriving for the next night: nobody
    is there to judge whether half a delivery will do.
    """

    raw: str
    data: str
    only_complete: bool = True

    @property
    def places(self) -> Places:
        return Places(raw=drop_zone(self.raw), data=Path(self.data))

    @property
    def store(self) -> LandedStore:
        return LandedStore(self.places.landed, load_link_key(link_key_file()))

    def take_in(self, contract: Contract, business_date: date) -> Intake:
        """Look into the drop zone for a source; what is taken is what later steps of the run see.

        Raises:
            DropZoneError: a remote drop zone cannot be read.
        """
        hashes = HashCache(self.places.landed / contract.source / "hashes.json")
        try:
            intake = take_in(
                self.places.raw, contract.source, business_date, hashes, only_complete=self.only_complete
            )
        finally:
            hashes.save()  # also when a remote zone goes away half-way: what was read need not be again
        write_seen(self._seen(contract), business_date, intake.deliveries)
        return intake

    def deliveries(self, contract: Contract, business_date: date) -> list[Delivery]:
        """Files of a source that landing saw for `business_date`, by name and digest."""
        seen = read_seen(self._seen(contract), contract.source, business_date)
        return self.take_in(contract, business_date).deliveries if seen is None else seen

    def _seen(self, contract: Contract) -> Path:
        return self.places.landed / contract.source / "seen"

    def all_deliveries(
        self, business_date: date, sources: set[str] | None = None
    ) -> tuple[dict[str, Contract], dict[str, list[Delivery]]]:
        """Contracts of all (or the named) sources, and per source the files a run sees."""
        contracts = {s: c for s, c in load_contracts(SOURCES).items() if sources is None or s in sources}
        return contracts, {s: self.deliveries(c, business_date) for s, c in contracts.items()}


class NightLock(dg.ConfigurableResource["NightLock"]):
    """DATA, for one run at a time: from its first step to its last, whoever else starts a night waits.

    `chiso nightly` holds the lock before Dagster is there, and says so by `is_held`.
    """

    data: str
    is_held: bool = False
    wait_seconds: float = 6 * 3600

    @contextlib.contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["NightLock"]:
        """Hold the lock as long as the run lasts.

        Raises:
            dagster.Failure: another night did not end in time, or the clock was set back.
        """
        if self.is_held:
            yield self
            return
        places = Places(raw=Path(), data=Path(self.data))  # nothing is read from a drop zone
        places.data.mkdir(parents=True, exist_ok=True)
        try:
            with only_one_on(places.data, self.wait_seconds):
                check_clock(places.readers, today())
                assert context.instance is not None and context.run is not None
                with holding(context.instance, places, context.run.run_id):
                    yield self
        except (AnotherNightError, ClockError) as error:
            raise dg.Failure(str(error), allow_retries=False) from None


def workspace_from_environment() -> Workspace:
    """The folders that CHISO_RAW and CHISO_DATA name."""
    places = Places.from_environment()
    return Workspace(raw=str(places.raw), data=str(places.data))


def night_lock_from_environment() -> NightLock:
    """The lock on the folder that CHISO_DATA names."""
    return NightLock(data=str(Places.from_environment().data))
