"""The most memory this process has held.

`ru_maxrss` answers another question: a process inherits it from the one that started it, and it never falls,
so that after a large test a small one could take any amount unseen. Linux keeps the peak of the process alone
and forgets it on request.
"""

import multiprocessing
import resource
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_STATUS = Path("/proc/self/status")
_FORGET = Path("/proc/self/clear_refs")
_PEAK_ONLY = "5"


def peak_memory() -> int:
    """Bytes at the highest, since the process began or since `growing` was entered."""
    if _STATUS.exists():
        return _peak_in(_STATUS)
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def peak_of_children(command: str) -> int:
    """The same of the running children whose command line holds these words; 0 where Linux shows none."""
    children = [pid for t in Path("/proc/self/task").glob("*/children") for pid in t.read_text().split()]
    processes = [Path("/proc", pid) for pid in children]
    named = [p for p in processes if command.encode() in (p / "cmdline").read_bytes()]
    return max((_peak_in(process / "status") for process in named), default=0)


def _peak_in(status: Path) -> int:
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


@contextmanager
def growing() -> Iterator[Callable[[], int]]:
    """A function that says by how many bytes the peak has passed what the process held on entering."""
    if _FORGET.exists():
        _FORGET.write_text(_PEAK_ONLY)
    before = peak_memory()
    yield lambda: peak_memory() - before


def apart(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> tuple[T, int]:
    """What a function returns in a process of its own, and the most bytes of memory which that held."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        result = process.submit(work, *arguments, **named).result()
        return result, process.submit(peak_memory).result()
