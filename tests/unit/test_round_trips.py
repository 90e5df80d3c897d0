"""What was written in any form lands equal: trimmed, composed (NFC), empty as no value."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.unit.helpers import contract, land, put
from tests.unit.writing import WRITERS, packed

COLUMNS = [
    {"name": "paper_text", "wire": "Mã giấy", "type": "text", "required": True},
    {"name": "first_text", "wire": "Chữ một", "type": "text"},
    {"name": "second_text", "wire": "Chữ hai", "type": "text"},
]
HEADER = ["Mã giấy", "Chữ một", "Chữ hai"]
# ASCII, and letters that no old encoding has: what those make of é or Ô is judged by the words around it
SIGNS = st.sampled_from(
    [
        *map(chr, range(0x20, 0x7F)),
        *"\n\t",
        *"đĐơƯệẶở",
        "e\u0302\u0323",
        "漢",
        "😀",
        "ước",
        "tổ",
        "''",
        '""',
    ]
)
TEXTS = st.lists(SIGNS, max_size=12).map("".join)
ROWS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=6)
ODD = [
    ("NULL", "null", "None"),
    ("Tổng cộng", "\\N", "nan"),
    ("=1+1", "+1", "-1"),
    ("@SUM(A1)", "#N/A", "TRUE"),
    ("0001", "1e5", "1.0"),
    ("2026-03-31", "31/03/2026", "46112"),
    ("<b>&amp;</b>", "&#65;", "]]>"),
    ('"', "'", '",;|\t"'),
    ("a\nb", "\n", " "),
]


def landed_text(text: str, form: str) -> str | None:
    """A text as it must land."""
    if form == "HTML":  # as a browser shows it
        text = re.sub("[ \t\n]+", " ", text)
    return normalize("NFC", text).strip(" \t\n\v\f\r\u00a0\u3000") or None


@pytest.mark.parametrize("form", ["CSV", "TSV", "UTF-16", "JSON", "NDJSON", "XLSX", "HTML", "Parquet"])
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@example(rows=ODD, wrapper="plain")
@given(rows=ROWS, wrapper=st.sampled_from(["plain", "gz", "zip"]))
def test_any_table_of_text_lands_equal(form: str, rows: list[tuple[str, str, str]], wrapper: str) -> None:
    # the key is always filled, and no word of a total
    table = [(f"K{n} {key}", one, two) for n, (key, one, two) in enumerate(rows)]
    ending, write = WRITERS[form]
    name, content = packed(wrapper, ending, write([HEADER, *table]))
    with tempfile.TemporaryDirectory() as folder:
        put(Path(folder) / "raw", name, content)
        landed = land(Path(folder), contract(columns=COLUMNS, key=["paper_text"], personal=[]))
        assert landed.rows("paper_text, first_text, second_text") == [
            tuple(landed_text(cell, form) for cell in row) for row in table
        ]
        assert landed.numbers(name) == (len(table), len(table), 0)
        assert landed.accounts[0].problems == []
        assert landed.accounts[0].conversions == []
