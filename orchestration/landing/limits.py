"""What landing takes at most. A file beyond a limit is refused with one message; memory stays bounded.

Chosen well above what a province delivers (2 million dossiers a year, messages of 1,000 dossiers) and well
below what harms the machine that reads it.
"""

from __future__ import annotations

MEBIBYTE = 1024 * 1024

UNPACKED_BYTES = 8192 * MEBIBYTE  # of one delivered file, all members together
UNPACKED_RATIO = 200  # unpacked bytes for one packed byte, once more than UNPACKED_FREE bytes came out
UNPACKED_FREE = 64 * MEBIBYTE
ARCHIVE_MEMBERS = 10_000
LINE_BYTES = 16 * MEBIBYTE  # one line of a delimited table
MESSAGE_BYTES = 256 * MEBIBYTE  # one JSON message
JSON_DEPTH = 1_000  # levels of objects and lists in each other
HTML_BYTES = 256 * MEBIBYTE  # one page
WORKBOOK_BYTES = 256 * MEBIBYTE  # one workbook, packed
WORKBOOK_MEMORY = 2048 * MEBIBYTE  # of the process that opens a workbook, however large the workbook
WORKBOOK_MEMORY_FREE = 512 * MEBIBYTE  # of it for any workbook, and for each unpacked byte
WORKBOOK_MEMORY_RATIO = 32  # bytes more
WORKBOOK_SECONDS = 300
COLUMNS = 1_000  # of one table
ROWS = 50_000_000  # of one Parquet file, whose size need not grow with them
HEADER_LINES = 40  # among which a table's header is looked for
