"""Rows that stand on the edge of a rule, for the newest delivery of a made-up province (2026-09-30).

The made-up province has most shapes of a dossier, but seldom at the very second that decides. Every dossier
here is written on both sides, with the same steps, and has an agency of its own unless it names one: no error
can hide behind another. Monday 02/03/2026 is the usual day of reception; 31/08, 01/09 and 02/09/2026 are days
off, Saturday 22/08/2026 is worked.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.oracle.edge import SHORT_LIMIT, Edge, Row, due
from tests.oracle.edge_contents import (
    CONTENTS,
    DIGITISATION,
    DOCUMENTS,
    OLD_DOCUMENTS,
    POPULATION_DATA,
    RECEPTION,
    SERVICES,
    STORE,
)
from tests.oracle.edge_petitions import OPINIONS, PETITIONS
from tests.oracle.edge_publication import PUBLICATION
from tests.oracle.edge_times import (
    DUE_DATES,
    DURATIONS,
    ENDS,
    FAR_DATES,
    OPEN_REQUESTS,
    THREE_HOURS,
    TIME_LIMITS,
)

DOSSIERS = [
    *(DUE_DATES + ENDS + OPEN_REQUESTS + TIME_LIMITS + FAR_DATES + RECEPTION + CONTENTS),
    *(DURATIONS + DIGITISATION + STORE + POPULATION_DATA + SERVICES),
    # mistyped by a century, and by four years
    due("due in 1900", "19000105170000", "20260310170000", requests=THREE_HOURS),
    due(
        "answered in 2030",
        "20260310170000",
        "20260910170000",
        requests=(("20260303080000", "20300303080000", ""),),
    ),
]

FAR_PETITIONS: list[tuple[str, ...]] = [
    ("", "", "05/01/1990", "05/01/2026", "", "06/01/2026", "", "gửi trả VPCP"),
    ("", "", "05/01/2030", "05/01/2026", "", "06/01/2026", "", "gửi trả VPCP"),
    ("", "", "05/01/2026", "05/01/2026", "", "06/01/2020", "", "đã công khai"),
]

PAIRS = [
    # one-stop code, its MaHoSoKhac
    ("H01.681-260302-9001", "H01.680-260302-12345"),
    ("H01.682-260302-9001", " h01.680-260302-12346"),
    ("H01.683-260302-9001", "H01.680-260302-12347"),
    ("H01.684-260302-9001", "H01.684-260302-9001"),
    ("H01.685-260302-9001", ""),
    ("H01.686-260302-9001", "H01.680-260302-12348"),
    ("H01.687-260302-9001", "H01.680-260302-12348"),
    # the portal holds it twice, under its own code and under the one it was pushed with
    ("H01.688-260302-9001", "H01.680-260302-12349"),
]
ON_NATIONAL_SIDE: list[Row] = [
    {"MaHoSo": "H01.680-260302-12345"},
    {"MaHoSo": "H01.680-260302-12346", "TrangThaiHoSo": "1"},
    {"MaHoSo": "H01.684-260302-9001"},
    {"MaHoSo": "H01.680-260302-12348", "NgayTiepNhan": ""},
    {"MaHoSo": "H01.688-260302-9001"},
    {"MaHoSo": "H01.680-260302-12349"},
    # a department that received a service on this side only
    {"MaHoSo": "H01.696-260302-9001", "MaTTHC": SHORT_LIMIT, "KenhThucHien": "2"},
]
# Received in 2025 and nothing since: 1.4 takes a share of six, and of five.
LAST_YEAR: list[Row] = [
    {"MaHoSo": f"{agency}-251201-{9000 + number}", "NgayTiepNhan": "20251201080000"}
    for agency, count in (("H01.694", 6), ("H01.695", 5))
    for number in range(count)
]


@dataclass(frozen=True)
class EdgeCases:
    """What is added to one province."""

    dossiers: list[Edge]
    petitions: list[tuple[str, ...]]
    pairs: list[tuple[str, str]]
    on_national_side: list[Row]
    on_one_stop_side: list[Row]
    publication: list[tuple[str, str, str, str, str, str, str, str]]
    opinions: list[tuple[str, str, str, str, str, str, str]]
    old_documents: list[tuple[str, str, str, str, str]]
    documents: list[tuple[str, str, str, str, str]]


EDGE_CASES = EdgeCases(
    DOSSIERS,
    PETITIONS + FAR_PETITIONS,
    PAIRS,
    ON_NATIONAL_SIDE,
    LAST_YEAR,
    PUBLICATION,
    OPINIONS,
    OLD_DOCUMENTS,
    DOCUMENTS,
)
