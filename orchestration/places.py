"""Where things are: the project's own folders, the drop zone RAW and the data folder DATA."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from orchestration.landing.drop_zone import Zone, drop_zone
from orchestration.publishing.readers import ReaderFolders

ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT = ROOT / "dbt_project"
SOURCES = ROOT / "raw" / "sources"
EXPECTATIONS = ROOT / "expectations"

# Asia/Ho_Chi_Minh has had no daylight saving since 1975: a fixed offset, so no time zone data is needed.
LOCAL_TIME = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
TIME_ZONE = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True)
class Places:
    """The two places of a run.

    Attributes:
        raw: the drop zone, `RAW/<source>/<YYYY-MM-DD>/`, a folder of this machine or a remote one; a night
            never writes it.
        data: everything the product writes.
    """

    raw: Zone
    data: Path

    @classmethod
    def from_environment(cls) -> Places:
        """CHISO_RAW and CHISO_DATA, or the sample and `data/` of the project."""
        return cls(
            raw=drop_zone(os.environ.get("CHISO_RAW", ROOT / "raw" / "sample")),
            data=Path(os.environ.get("CHISO_DATA", ROOT / "data")).resolve(),
        )

    @property
    def landed(self) -> Path:
        return self.data / "landed"

    @property
    def build(self) -> Path:
        return self.data / "build"

    @property
    def build_database(self) -> Path:
        return self.build / "build.duckdb"

    @property
    def dbt_target(self) -> Path:
        return self.build / "dbt"

    @property
    def releases(self) -> Path:
        return self.data / "releases"

    @property
    def published(self) -> Path:
        return self.data / "published"

    @property
    def ledger(self) -> Path:
        return self.data / "ledger"

    @property
    def readers(self) -> ReaderFolders:
        return ReaderFolders(self.releases, self.published, self.ledger, self.outcomes)

    @property
    def outcomes(self) -> Path:
        return self.data / "outcomes"

    @property
    def alerts(self) -> Path:
        return self.data / "alerts"

    @property
    def evidence(self) -> Path:
        return self.data / "evidence"

    @property
    def worklists(self) -> Path:
        return self.data / "worklists"

    @property
    def dagster_home(self) -> Path:
        return self.data / "dagster"


def releases_kept() -> int:
    """How many releases stay on the disk: CHISO_KEEP_RELEASES, or a month of nights.

    Raises:
        ValueError: it is no whole number above 0.
    """
    written = os.environ.get("CHISO_KEEP_RELEASES", "31")
    if not written.isdecimal() or int(written) < 1:
        raise ValueError(f"CHISO_KEEP_RELEASES is {written!r}; write how many releases shall stay, as 31.")
    return int(written)


def postgres_url() -> str | None:
    """Where releases are copied to, CHISO_POSTGRES_URL; None: nowhere."""
    return os.environ.get("CHISO_POSTGRES_URL") or None


def today() -> datetime:
    """Now, local: the only clock of the project; what is dated is dated in Asia/Ho_Chi_Minh."""
    return datetime.now(LOCAL_TIME)
