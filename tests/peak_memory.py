"""The most memory this process has held.

`ru_maxrss` answers another question: a process inherits it from the one that started it, and it never falls,
so that after a large test a small one could take any amount unseen. Linux keeps the peak of the process alone
and forgets it on request.
"""

import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_STATUS = Path("/proc/self/status")
_FORGET = Path("/proc/self/clear_refs")
_PEAK_ONLY = "5"


def peak_memory() -> int:
    """Bytes at the highest, since the process began or since `growing` was entered."""
    if _STATUS.exists():
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


@contextmanager
def growing() -> Iterator[Callable[[], int]]:
    """A function that says by how many bytes the peak has passed what the process held on entering."""
    if _FORGET.exists():
        _FORGET.write_text(_PEAK_ONLY)
    before = peak_memory()
    yield lambda: peak_memory() - before
