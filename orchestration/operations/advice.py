"""What to do where a machine let a night down: the words that come from below say neither what nor why."""

from __future__ import annotations

import re

_READERS = "Then run the night again; what readers see did not change."
# how operating systems, DuckDB and SQLite say it → what it means, and what helps
_KNOWN = {
    r"No space left on device|File too large|[Qq]uota exceeded|disk is full": "A file of the night could not "
    "grow: the disk is full, or a quota or a limit on the size of files is reached. Free space "
    f"(CHISO_KEEP_RELEASES keeps fewer releases). {_READERS}",
    r"Read-only file system|Permission denied": "A file of the night could not be written: the folder is "
    f"read-only, or belongs to somebody else. Let the user of the night write below DATA. {_READERS}",
    r"Out of Memory Error|MemoryError|Cannot allocate memory": "The night needed more memory than there is. "
    f"Give it more, or let nothing else run beside it. {_READERS}",
}


def with_advice(message: str) -> str:
    """An error's own words, and before them what to do about it where that is known."""
    for pattern, advice in _KNOWN.items():
        if re.search(pattern, message):
            return f"{advice}\n{message}"
    return message
