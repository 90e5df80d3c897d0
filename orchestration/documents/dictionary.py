"""The data dictionary in Vietnamese and English: `python -m orchestration.documents.dictionary` writes it.

Marts, keys, columns and types come from the ymls of the marts (through dbt's manifest), those of tables
kept beside the releases from a yml of their own. What a column is called in Vietnamese, in which unit it is
and what it means wherever it stands comes from one list, `dbt_project/dictionary/columns.csv`. A test fails
when the written files are not what follows from these.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from orchestration.dbt_runs import prepare_manifest
from orchestration.marts import Column, KeptTable, Mart, read_kept_tables, read_marts
from orchestration.places import DBT_PROJECT, ROOT

WORDS = DBT_PROJECT / "dictionary" / "columns.csv"
EVIDENCE = "evidence"

_UNITS = {
    "bytes": ("bytes", "byte"),
    "days": ("days", "ngày"),
    "dong": ("đồng", "đồng"),
    "dong_per_hour": ("đồng an hour", "đồng/giờ"),
    "dossiers": ("dossiers", "hồ sơ"),
    "findings": ("findings", "phát hiện"),
    "hours": ("working hours", "giờ làm việc"),
    "minutes": ("working minutes", "phút làm việc"),
    "papers": ("papers", "giấy tờ"),
    "percent": ("%", "%"),
    "petitions": ("petitions", "PAKN"),
    "points": ("points", "điểm"),
    "procedures": ("procedures", "TTHC"),
    "requests": ("requests", "yêu cầu"),
    "rows": ("rows", "dòng"),
    "seconds": ("seconds", "giây"),
    "share": ("share of 1", "tỷ lệ (0-1)"),
    "sheets": ("sheets", "phiếu"),
    "units": ("units", "đơn vị"),
    "working_days": ("working days", "ngày làm việc"),
    "": ("", ""),
}


@dataclass(frozen=True)
class Word:
    """What people call a column.

    Attributes:
        mart: the only one that it is called so in; empty where it is so in all others.
        unit: a name of `_UNITS`, or empty.
        meaning_vi: empty where the label says all.
        meaning_en: empty where the ymls of all its marts say it.
    """

    column: str
    mart: str
    unit: str
    label_vi: str
    meaning_vi: str
    meaning_en: str


class Words:
    """The list of columns: each column's own word in a mart, else the one that it has everywhere."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._words = {(word.column, word.mart): word for word in words}

    def of(self, column: str, *marts: str) -> Word:
        """The word of a column in the first of these marts that has one of its own, else the common one.

        Raises:
            KeyError: the list does not have it.
        """
        own = (self._words[column, mart] for mart in marts if (column, mart) in self._words)
        return next(own, None) or self._words[column, ""]

    def label(self, column: str, *marts: str) -> str:
        """What people call a column; its own name where the list is younger than the release it is of."""
        known = (column, "") in self._words or any((column, mart) in self._words for mart in marts)
        return self.of(column, *marts).label_vi if known else column

    def all(self) -> list[Word]:
        """Every row of the list."""
        return list(self._words.values())


def read_words(path: Path = WORDS) -> Words:
    """The list of columns, as it stands in the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return Words(Word(**row) for row in csv.DictReader(file))


class _Language(NamedTuple):
    """What differs between the two dictionaries: fixed words, and what is said of a column."""

    title: str
    about: str
    header: list[str]
    key: str
    version: str
    view: str
    goes: str
    evidence: str
    question: Callable[[Mart | KeptTable], str]
    where: Callable[[KeptTable], str]
    said: Callable[[Word, str], list[str]]


_ENGLISH = _Language(
    title="# Data dictionary",
    about=(
        "Written by `make dictionary`; do not edit. What each mart of a release holds, column by column; "
        "the same in Vietnamese: [dictionary.vi.md](dictionary.vi.md). How to open them: [bi.md](bi.md). "
        "Dates are local (Asia/Ho_Chi_Minh); both ends of a period belong to it. A column that goes is "
        "announced here first: [decision 0031](decisions/0031-contracts-for-readers.md)."
    ),
    header=["column", "type", "unit", "meaning"],
    key="Key",
    version="Version",
    view="A view, in `chiso.duckdb` only.",
    goes="**There until {until}** (announced {since}); instead: {instead}",
    evidence=(
        "Views in `chiso.duckdb`, one per indicator but 4.6: each dossier, petition or procedure behind a "
        "figure. Beside columns of `dossier_facts`, `petition_facts`, `publication_facts` and "
        "`unit_procedures`:"
    ),
    question=lambda mart: mart.description,
    where=lambda table: table.where_en,
    said=lambda word, description: [_UNITS[word.unit][0], description or word.meaning_en],
)
_VIETNAMESE = _Language(
    title="# Từ điển dữ liệu",
    about=(
        "Tệp này do `make dictionary` viết ra, không sửa tay. Mỗi bảng của một bản phát hành có những cột "
        "nào, nghĩa là gì; bản tiếng Anh: [dictionary.en.md](dictionary.en.md). Cách mở bảng: "
        "[bi.md](bi.md). Ngày, giờ theo giờ Việt Nam; một kỳ gồm cả ngày đầu và ngày cuối. Cột sắp bỏ được "
        "thông báo trước tại đây: [quyết định 0031](decisions/0031-contracts-for-readers.md)."
    ),
    header=["cột", "kiểu", "tên", "đơn vị", "ý nghĩa"],
    key="Khóa",
    version="Phiên bản",
    view="Khung nhìn, chỉ có trong `chiso.duckdb`.",
    goes="**Còn đến hết ngày {until:%d/%m/%Y}** (thông báo ngày {since:%d/%m/%Y}); thay bằng: {instead}",
    evidence=(
        "Khung nhìn trong `chiso.duckdb`, mỗi chỉ số một khung nhìn (trừ 4.6): từng hồ sơ, PAKN hoặc thủ "
        "tục làm nên số liệu. Ngoài các cột của `dossier_facts`, `petition_facts`, `publication_facts`, "
        "`unit_procedures`:"
    ),
    question=lambda mart: mart.title_vi,
    where=lambda table: table.where_vi,
    said=lambda word, _: [word.label_vi, _UNITS[word.unit][1], word.meaning_vi],
)


def dictionary_files(marts: list[Mart], kept: list[KeptTable], words: Words) -> dict[Path, str]:
    """Path → content of both dictionaries."""
    return {
        ROOT / "docs" / "dictionary.en.md": _written(_ENGLISH, marts, kept, words),
        ROOT / "docs" / "dictionary.vi.md": _written(_VIETNAMESE, marts, kept, words),
    }


def _written(language: _Language, marts: list[Mart], kept: list[KeptTable], words: Words) -> str:
    evidence = [w for w in words.all() if w.mart == EVIDENCE]
    column, _, *about = language.header
    parts = [
        language.title,
        language.about,
        *(part for mart in marts for part in _section(language, mart, words)),
        "## evidence_…",
        language.evidence,
        _table([column, *about], [[f"`{w.column}`", *language.said(w, "")] for w in evidence]),
        *(part for table in kept for part in _section(language, table, words)),
    ]
    return "\n\n".join(parts) + "\n"


def _section(language: _Language, mart: Mart | KeptTable, words: Words) -> list[str]:
    rows = [_row(language, column, words.of(column.name, mart.name)) for column in mart.columns]
    return [
        f"## {mart.name}",
        _text(language.question(mart)),
        language.where(mart) if isinstance(mart, KeptTable) else _facts(language, mart),
        _table(language.header, rows),
    ]


def _facts(language: _Language, mart: Mart) -> str:
    return " ".join(
        [
            *([f"{language.key}: {', '.join(f'`{c}`' for c in mart.key)}."] if mart.key else []),
            f"{language.version} {mart.version}.",
            *([] if mart.is_file else [language.view]),
        ]
    )


def _row(language: _Language, column: Column, word: Word) -> list[str]:
    *said, meaning = language.said(word, column.description)
    if column.deprecated:
        meaning = f"{meaning} {language.goes.format(**asdict(column.deprecated))}".strip()
    return [f"`{column.name}`", column.data_type, *said, meaning]


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *([_text(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(words: str) -> str:
    """Words as Markdown shows them, in a table too."""
    return words.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")


def main() -> None:
    """Write both dictionaries, and say where they are."""
    files = dictionary_files(read_marts(prepare_manifest()), read_kept_tables(), read_words())
    for path, content in files.items():
        path.write_text(content, encoding="utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
