"""Which releases there are: `DATA/releases/<D>/<n>`, listed, found by name, withdrawn."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.publishing.files import CURRENT, MANIFEST, sync

_WITHDRAWN = Path("ops", "withdrawn.json")
_FORGOTTEN = "forgotten.json"
_SHOWN = 5


class NoReleaseError(Exception):
    """There is no such release; the message says which there are."""


@dataclass(frozen=True)
class Listed:
    """A release, as a list of releases shows it.

    Attributes:
        name: `<business date>/<number>`.
        published_at: when the run wrote it, local time, as text.
    """

    name: str
    folder: Path
    published_at: str
    rows: int
    inputs: int
    rulesets: tuple[str, ...]
    is_current: bool
    is_withdrawn: bool


def name_of(release: Path) -> str:
    """`<business date>/<number>`."""
    return f"{release.parent.name}/{release.name}"


def business_date_of(release: Path) -> date:
    """What a release is for."""
    return date.fromisoformat(release.parent.name)


def whole_releases(releases: Path) -> list[Path]:
    """The folders of all releases, the newest business date and highest number last."""
    there = (path.parent for path in releases.glob(f"*-*-*/*/{MANIFEST}") if path.parent.name.isdigit())
    return sorted(there, key=lambda folder: (folder.parent.name, int(folder.name)))


def current_release(releases: Path) -> Path | None:
    """The release that readers see; None before the first."""
    link = releases / CURRENT
    return link.resolve() if link.exists() else None


def last_release_of(releases: Path, business_date: date) -> Path | None:
    """The release of a business date with the highest number; None where there is none."""
    own = [p for p in whole_releases(releases) if business_date_of(p) == business_date]
    return own[-1] if own else None


def last_number(releases: Path, business_date: date) -> int:
    """The highest number that a release of a date ever had, forgotten ones too; 0 before the first."""
    last = last_release_of(releases, business_date)
    there = 0 if last is None else int(last.name)
    return max(there, _forgotten(releases).get(business_date.isoformat(), 0))


def note_forgotten(release: Path) -> None:
    """Note that a release goes: the ledger names it for ever, so that no other may get its name."""
    day, number = release.parent.name, int(release.name)
    forgotten = _forgotten(release.parent.parent)
    forgotten[day] = max(number, forgotten.get(day, 0))
    note = release.parent.parent / _FORGOTTEN
    draft = note.with_name(f".{_FORGOTTEN}")
    draft.write_text(json.dumps(forgotten, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    sync(draft)
    draft.replace(note)


def _forgotten(releases: Path) -> dict[str, int]:
    """Business date → the highest number of a release that is no longer there."""
    note = releases / _FORGOTTEN
    return dict(json.loads(note.read_text(encoding="utf-8"))) if note.exists() else {}


def last_release_before(releases: Path, business_date: date) -> Path | None:
    """The last release of the newest business date before the given one that was not withdrawn."""
    earlier = [
        p for p in whole_releases(releases) if business_date_of(p) < business_date and not is_withdrawn(p)
    ]
    return earlier[-1] if earlier else None


def find_release(releases: Path, name: str | None) -> Path:
    """The folder of a release.

    Args:
        releases: the folder of all releases.
        name: `<business date>/<number>`, or a business date for its last release; None for the current one.

    Raises:
        NoReleaseError: there is no such release.
    """
    if name is None:
        folder = current_release(releases)
        if folder is None:
            raise NoReleaseError(f"There is no release in {releases} yet; `chiso nightly` makes one.")
        return folder
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:/(\d+))?", name.strip().strip("/"))
    there = whole_releases(releases)
    if found:
        of_that_name = [
            folder for folder in there if folder.parent.name == found[1] and found[2] in (None, folder.name)
        ]
        if of_that_name:
            return of_that_name[-1]
    names = [name_of(folder) for folder in there[-_SHOWN:]]
    raise NoReleaseError(
        f"There is no release {name} in {releases}. "
        + (f"The last ones are: {', '.join(names)}." if names else "There is none at all.")
    )


def list_releases(releases: Path) -> list[Listed]:
    """Every release, the newest first."""
    current = current_release(releases)
    listed = []
    for folder in reversed(whole_releases(releases)):
        manifest = read_manifest(folder)
        run = json.loads((folder / "ops" / "run.json").read_text(encoding="utf-8"))
        listed.append(
            Listed(
                name_of(folder),
                folder,
                str(run["published_at"]),
                sum(int(mart["rows"]) for mart in manifest["marts"].values()),
                len(manifest["inputs"]),
                tuple(manifest["rulesets"]),
                folder.resolve() == current,
                is_withdrawn(folder),
            )
        )
    return listed


def read_manifest(release: Path) -> dict[str, Any]:
    """manifest.json of a release."""
    manifest: dict[str, Any] = json.loads((release / MANIFEST).read_text(encoding="utf-8"))
    return manifest


def is_withdrawn(release: Path) -> bool:
    """Whether readers were taken back from it: no later night goes on from what it says."""
    return (release / _WITHDRAWN).exists()


def withdraw(release: Path, target: Path, at: str) -> None:
    """Note that readers were taken back from it to another release."""
    text = json.dumps({"at": at, "for": name_of(target)})
    (release / _WITHDRAWN).write_text(text + "\n", encoding="utf-8")


def unwithdraw(release: Path) -> None:
    """Take a release for good again: a night was run once more and came to the same."""
    (release / _WITHDRAWN).unlink(missing_ok=True)
