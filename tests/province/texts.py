"""Building many short texts at once, as Arrow string arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tests.province.clock import Ints

_SEQUENCE_DIGITS = 8
_LEAST_SEQUENCE_DIGITS = 4


def _digits(values: Ints, width: int) -> npt.NDArray[np.uint8]:
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (values[:, None] // powers % 10 + ord("0")).astype(np.uint8)


def dossier_codes(agency_codes: list[str], unit: Ints, yymmdd: Ints, sequence: Ints) -> pa.StringArray:
    """Texts `agency-yymmdd-sequence`; the sequence has four digits or more."""
    width = max(len(code) for code in agency_codes)
    table = np.zeros((len(agency_codes), width), dtype=np.uint8)
    for i, code in enumerate(agency_codes):
        table[i, : len(code)] = np.frombuffer(code.encode(), dtype=np.uint8)
    dash = np.full((len(unit), 1), ord("-"), dtype=np.uint8)
    running = _digits(sequence, _SEQUENCE_DIGITS)
    for place in range(_SEQUENCE_DIGITS - _LEAST_SEQUENCE_DIGITS):
        running[sequence < 10 ** (_SEQUENCE_DIGITS - 1 - place), place] = 0
    matrix = np.hstack((table[unit], dash, _digits(yymmdd, 6), dash, running))
    kept = matrix != 0
    ends = np.concatenate(([0], np.cumsum(kept.sum(axis=1)))).astype(np.int32)
    return pa.StringArray.from_buffers(len(unit), pa.py_buffer(ends), pa.py_buffer(matrix[kept].tobytes()))


def digit_texts(digits: Ints) -> list[str]:
    """Numbers as texts, 0 as the empty text."""
    numbers = pa.array(digits, mask=digits == 0)
    texts: list[str] = numbers.cast(pa.string()).fill_null("").to_pylist()
    return texts
