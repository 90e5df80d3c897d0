"""One night at a time on DATA, and which run it is: a run that was killed cannot say so itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

_LOCK = ".night.lock"
_RUN = ".night.run"


class AnotherNightError(Exception):
    """A night is running on DATA; the message says what to do."""


@contextlib.contextmanager
def only_one_on(data: Path, wait_seconds: float = 0) -> Iterator[None]:
    """Keep every other night off DATA meanwhile; the lock goes with the process that holds it.

    Args:
        data: the folder DATA; it is there.
        wait_seconds: how long to wait for another night to end.

    Raises:
        AnotherNightError: one is running, or was still running after that time.
    """
    lock = FileLock(data / _LOCK, timeout=wait_seconds)
    try:
        lock.acquire()
    except Timeout as error:
        raise AnotherNightError(f"Another night is running on {data}; wait for it to end.") from error
    try:
        yield
    finally:
        lock.release()


def note_run(data: Path, run_id: str) -> None:
    """Note which run holds the lock."""
    (data / _RUN).write_text(f"{run_id}\n", encoding="utf-8")


def noted_run(data: Path) -> str | None:
    """The run that held the lock last and did not get to say that it ends; None when every run did."""
    note = data / _RUN
    return note.read_text(encoding="utf-8").strip() if note.exists() else None


def forget_run(data: Path) -> None:
    """Note that the run has come to its end."""
    (data / _RUN).unlink(missing_ok=True)
