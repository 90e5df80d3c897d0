"""The raw extracts up to a business date: RAW/<source>/<YYYY-MM-DD>/<files>."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

Row = dict[str, Any]

LOCAL = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
TABLE_TIMES = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")


def as_code(value: object) -> str:
    """A code as it is compared: without blanks around it, in capitals."""
    return str(value or "").strip().upper()


def is_true(value: object) -> bool:
    """The flags of messages and tables: True, true, 1."""
    return as_code(value) in ("TRUE", "1")


def is_filled(value: object) -> bool:
    """Whether a text is there at all."""
    return bool(str(value or "").strip())


def as_time(value: object, *formats: str) -> datetime | None:
    """A local time in one of the formats of the source; nothing when the text is empty."""
    text = str(value or "").strip()
    if not text:
        return None
    for form in formats:
        try:
            return datetime.strptime(text, form).replace(tzinfo=LOCAL)
        except ValueError:
            continue
    raise ValueError(f"{text!r} is a time in none of the formats {formats}")


def as_day(value: object, *formats: str) -> date | None:
    """The day of a local time."""
    moment = as_time(value, *formats)
    return moment.date() if moment is not None else None


def folders_up_to(raw: Path, source: str, business_date: date) -> list[Path]:
    """Date folders of a source that may be seen, oldest first."""
    folders = [f for f in (raw / source).iterdir() if date.fromisoformat(f.name) <= business_date]
    return sorted(folders, key=lambda folder: folder.name)


def files_in(folder: Path, kind: str) -> list[Path]:
    """Files of a kind (json, csv), packed or not, in the order of their names."""
    endings = (f".{kind}", f".{kind}.gz")
    return sorted((f for f in folder.iterdir() if f.name.endswith(endings)), key=lambda file: file.name)


def text_of(file: Path) -> str:
    """The text of a file; a byte order mark is no part of it."""
    content = file.read_bytes()
    if file.name.endswith(".gz"):
        content = gzip.decompress(content)
    return content.decode("utf-8-sig")


def messages(raw: Path, source: str, business_date: date) -> Iterator[Row]:
    """Messages of a JSON source, oldest first."""
    for folder in folders_up_to(raw, source, business_date):
        for file in files_in(folder, "json"):
            yield json.loads(text_of(file))


def table_rows(folder: Path) -> Iterator[Row]:
    """Rows of the CSV files of one folder."""
    for file in files_in(folder, "csv"):
        yield from csv.DictReader(io.StringIO(text_of(file), newline=""))


def latest_dossiers(raw: Path, source: str, business_date: date) -> dict[str, Row]:
    """Each dossier as the newest row that names it has it, by code."""
    latest: dict[str, Row] = {}
    for message in messages(raw, source, business_date):
        for row in message["data"]:
            latest[as_code(row["MaHoSo"])] = row
    return latest


def latest_steps(raw: Path, business_date: date) -> dict[tuple[str, str, str], Row]:
    """Each step as the newest row has it, by side (MC, DVCQG), dossier code and time."""
    latest: dict[tuple[str, str, str], Row] = {}
    for message in messages(raw, "processing_steps", business_date):
        for row in message["data"]:
            side = as_code(message["NguonDuLieu"])
            latest[side, as_code(row["MaHoSo"]), row["ThoiDiemXuLy"].strip()] = row
    return latest


def latest_rows(raw: Path, source: str, business_date: date, *key: str) -> list[Row]:
    """Each row of a table as the newest one of its key has it."""
    latest: dict[tuple[str, ...], Row] = {}
    for folder in folders_up_to(raw, source, business_date):
        for row in table_rows(folder):
            latest[tuple(as_code(row[column]) for column in key)] = row
    return list(latest.values())


def newest_list(raw: Path, source: str, business_date: date) -> list[Row]:
    """Rows of a list that is always delivered whole: only the newest folder counts."""
    return list(table_rows(folders_up_to(raw, source, business_date)[-1]))
