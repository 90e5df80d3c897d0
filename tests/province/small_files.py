"""The files of the small sources, one folder per source and business date."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter

from tests.province.agencies import PROVINCE_CODE
from tests.province.goals import Goals
from tests.province.ministry import ministry_dossiers, wire_rows
from tests.province.outages import system_outages
from tests.province.par_index import par_index
from tests.province.people import People
from tests.province.publication import publication_decisions, working_calendar
from tests.province.small import Known, Maker, Table, delivered, slashed
from tests.province.steering import explanations, plan_tasks, reported_figures, targets
from tests.province.surveys import certified_copies, satisfaction_surveys
from tests.province.time_limit_cuts import time_limit_cuts
from tests.province.wire import Folder, cells
from tests.province.world import World

TABLES: dict[str, Maker] = {
    "certified_copies": certified_copies,
    "explanations": explanations,
    "par_index": par_index,
    "plan_tasks": plan_tasks,
    "publication_decisions": publication_decisions,
    "reported_figures": reported_figures,
    "satisfaction_surveys": satisfaction_surveys,
    "system_outages": system_outages,
    "targets": targets,
    "time_limit_cuts": time_limit_cuts,
    "working_calendar": working_calendar,
}
# What offices fill in comes as they fill it in: a title, a line of column numbers, a running number.
WORKBOOKS = {
    "certified_copies": "TỔNG HỢP CHỨNG THỰC BẢN SAO ĐIỆN TỬ",
    "explanations": "GIẢI TRÌNH HỒ SƠ QUÁ HẠN, HỒ SƠ CHÊNH LỆCH",
    "targets": "CHỈ TIÊU GIAO CHO CÁC CƠ QUAN, ĐƠN VỊ",
}
SMALL_SOURCES = (*TABLES, "ministry_dossiers")
_PER_MESSAGE = 200


def write_small_sources(world: World, out: Path, officers: People, explained: list[tuple[str, str]]) -> None:
    """Write every small source for every business date."""
    known = Known(world, officers, explained)
    packed = world.arguments.gzip
    dossiers = ministry_dossiers(known)
    for day in world.arguments.business_dates:
        Folder(out, "ministry_dossiers", day, packed).write_messages(
            "ministry", '{"code":200,"message":""', wire_rows(known, dossiers, day), _PER_MESSAGE
        )
    for source, make in TABLES.items():
        table = make(known)
        for day in world.arguments.business_dates:
            folder = Folder(out, source, day, packed)
            if source in WORKBOOKS:
                write_workbook(folder.path / f"{source}.xlsx", WORKBOOKS[source], table, day)
            else:
                folder.write_table(source, table.header, [cells(line) for line in delivered(table, day)])
    if world.arguments.goals is not None:
        _write_portal_scores(world, out, world.arguments.goals)


def write_workbook(path: Path, title: str, table: Table, day: date) -> None:
    """One sheet of text cells, the same bytes for the same rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": datetime(day.year, day.month, day.day, tzinfo=UTC)})
    sheet = book.add_worksheet("Biểu")
    width = len(table.header)
    sheet.merge_range(0, 0, 0, width, title, book.add_format({"bold": True, "align": "center"}))
    sheet.merge_range(1, 0, 1, width, f"(Số liệu đến ngày {slashed(day)})")
    rows = [("STT", *table.header), tuple(f"({n})" for n in range(1, width + 2))]
    rows += [(str(n), *line) for n, line in enumerate(delivered(table, day), start=1)]
    for number, row in enumerate(rows, start=3):
        for place, value in enumerate(row):
            if value:
                sheet.write_string(number, place, value)
    book.close()


def mark_small_complete(world: World, out: Path) -> None:
    """Set the markers of all folders, when everything is written."""
    for day in world.arguments.business_dates:
        for source in SMALL_SOURCES:
            Folder(out, source, day, False).complete()


def _write_portal_scores(world: World, out: Path, goals: Goals) -> None:
    """What the portal published of the province, in the form of the portal's API until 2025."""
    score, day = goals.score, world.arguments.last_day
    reply = {
        "capture": {
            "provinceCode": PROVINCE_CODE,
            "periodLabel": str(world.arguments.year),
            "capturedOn": day.isoformat(),
            "source": f"{goals.document_number}, published 766 row",
        },
        "rows": [
            {
                "TEN_COQUAN": score.agency_name,
                "MA_COQUAN": score.agency_code,
                **{group: str(points) for group, points in score.points},
                "TONG_SCORE": str(score.total),
            }
        ],
    }
    folder = Folder(out, "portal_scores", day, world.arguments.gzip)
    folder.write("scores.json", (json.dumps(reply, ensure_ascii=False, indent=1) + "\n").encode())
    folder.complete()
