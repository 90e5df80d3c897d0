"""Where the table stands in a grid of cells, and which of its lines are rows.

For every form that is a grid: delimited text, sheets, HTML. A line is a list of cells, a cell is text and ""
where it is empty. The rules come from the forms in use (extract_formats §8): title lines above the header,
headers of several lines under group captions, a line of column numbers, a total and signatures at the end.
Nothing here needs more than the standard library: the process that opens workbooks loads it too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.landing import limits
from orchestration.landing.legacy_text import LEGACY, convert, fold_key

if TYPE_CHECKING:
    from orchestration.landing.contracts import Contract

Line = Sequence[str]

_HEADER_HEIGHT = 3  # caption over caption over name, as in form 06a
_TOTALS = frozenset(
    fold_key(words) for words in ("Tổng cộng", "Tổng số", "Tổng", "Cộng", "Tổng số hồ sơ", "Tổng cộng hồ sơ")
)
# 1 | (1) | A | (5)=(6)+(7)
_COLUMN_NUMBER = re.compile(r"[(\[]?\s*(\d{1,3}|[A-Za-z])\s*[)\]]?\s*(=[\d\s()+\-*/=%:.,]*)?")
_WORD = 40  # characters of the longest word of a header or total
_NOTE_CELLS = 2  # a signature line names at most two who sign
_NOTE_WIDTH = 5  # columns from which a line of two cells is told from a row


@dataclass(frozen=True)
class Wanted:
    """What headers are held against: plain data of a contract, so that another process can have it."""

    kept: dict[str, str]  # folded name → wire as the contract spells it
    personal: dict[str, str]
    keys: frozenset[str]  # wires of the key columns
    first: str  # the column to name when there is none


@dataclass(frozen=True)
class Table:
    """A header found in a grid. Positions count cells from 0."""

    first_line: int  # index of the line below the header
    columns: dict[str, int]  # kept wire → position; of two alike the first counts
    wires: frozenset[str]  # all names met, personal and unknown ones too
    guards: tuple[int, ...]  # positions of the key; of all kept columns where the key is missing
    heads: frozenset[tuple[str, ...]]  # lines of the header, folded, as a page break repeats them
    words: dict[int, frozenset[str]]  # guard → its cells in the header, as they stand there
    width: int
    encoding: str
    matches: int
    set_aside: Counter[str] = field(default_factory=Counter)

    def fold(self, cell: str) -> str:
        """A cell as the header's names are compared."""
        return _folded(cell, self.encoding)


def wanted_of(contract: Contract) -> Wanted:
    """The names a contract's table is found by."""
    return Wanted(
        kept={fold_key(w): w for w in reversed(contract.raw_schema)},
        personal={fold_key(p.wire): p.wire for p in contract.personal},
        keys=frozenset(w for c in contract.row_columns if c.name in contract.key for w in c.wires),
        first=next((c.wire for c in contract.row_columns if c.required), contract.row_columns[0].wire),
    )


def no_table(wanted: Wanted) -> str:
    """What to say of a part in which no table was found."""
    return (
        f"no line among the first {limits.HEADER_LINES} holds the columns of this source "
        f"(first missing: {wanted.first}): deliver the table with its header"
    )


def too_wide(width: int) -> str | None:
    """What to say of a table with too many columns."""
    if width <= limits.COLUMNS:
        return None
    return f"the table has more than {limits.COLUMNS:,} columns: deliver the columns of this source only"


def _folded(cell: str, encoding: str) -> str:
    if cell == "":
        return ""
    return fold_key(cell if encoding == "unicode" or cell.isascii() else convert(cell, encoding))


def find_table(grid: Sequence[Line], wanted: Wanted) -> Table | None:
    """The table whose header holds the most names of the contract; None if there is no such line.

    Args:
        grid: the first lines of the part, at most HEADER_LINES are looked at.
        wanted: the names.
    """
    lines = grid[: limits.HEADER_LINES]
    found = _find(lines, wanted, "unicode")
    # names that are not ASCII and not the contract's may be its names in an old encoding
    strange = found.wires - set(found.columns) if found else {cell for line in lines for cell in line}
    if not all(cell.isascii() for cell in strange):
        for encoding in LEGACY:
            table = _find(lines, wanted, encoding)
            if table is not None and (found is None or table.matches > found.matches):
                found = table
    return found


def _find(lines: Sequence[Line], wanted: Wanted, encoding: str) -> Table | None:
    folded = [[_folded(cell, encoding) for cell in line] for line in lines]
    names = wanted.personal | wanted.kept
    best: tuple[tuple[int, int], int, dict[int, str]] | None = None
    for start in range(len(folded)):
        for height in range(1, _HEADER_HEIGHT + 1):
            head = folded[start : start + height]
            if len(head) < height or (height > 1 and not _is_caption(head[-2], head[-1])):
                break
            matched = _matched(head, names)
            # of headers that hold as much, the lowest counts, then the first
            score = (len(set(matched.values())), -height)
            if best is None or score > best[0]:
                best = (score, start, matched)
    kept = set(wanted.kept.values())
    if best is None or kept.isdisjoint(best[2].values()):
        return None
    (_, height), start, matched = best
    return _table(lines, folded, start, -height, matched, wanted, encoding)


def _is_caption(upper: Line, lower: Line) -> bool:
    """Whether a line holds captions over groups of columns of the line below: merged cells are empty but for
    the first, or repeat it."""
    before = ""
    for position, name in enumerate(lower):
        caption = upper[position] if position < len(upper) else ""
        if name and (caption == "" or caption == before):
            return True
        before = caption
    return False


def _paths(head: Sequence[Line]) -> list[list[str]]:
    """Per column its captions from the top, its own name last."""
    paths: list[list[str]] = [[] for _ in range(max(len(line) for line in head))]
    for level, line in enumerate(head):
        caption = ""
        for position, path in enumerate(paths):
            cell = line[position] if position < len(line) else ""
            caption = cell or caption
            below = any(position < len(lower) and lower[position] for lower in head[level + 1 :])
            if text := caption if below else cell:
                path.append(text)
    return paths


def _matched(head: Sequence[Line], names: dict[str, str]) -> dict[int, str]:
    """Position → wire. A name is tried with all its captions, with fewer, alone, and as its caption."""
    matched = {}
    for position, path in enumerate(_paths(head)):
        tried = [" ".join(path[level:]) for level in range(len(path))] + path[:1]
        wire = next((names[name] for name in tried if name in names), None)
        if wire is not None:
            matched[position] = wire
    return matched


def _table(
    lines: Sequence[Line],
    folded: list[list[str]],
    start: int,
    height: int,
    matched: dict[int, str],
    wanted: Wanted,
    encoding: str,
) -> Table:
    below = start + height
    set_aside = Counter("title" if any(line) else "blank" for line in folded[:start])
    if below < len(folded) and _names_unmatched(folded[below - 1], folded[below], matched):
        below += 1
        height += 1
    set_aside["header"] = height
    heads = folded[start:below]
    if below < len(folded) and _is_column_numbers(folded[below], heads):
        heads = [*heads, folded[below]]
        set_aside["column numbers"] = 1
        below += 1
    kept = set(wanted.kept.values())
    columns: dict[str, int] = {}
    for position, wire in matched.items():
        if wire in kept:
            columns.setdefault(wire, position)
    keys = tuple(position for wire, position in columns.items() if wire in wanted.keys)
    guards = keys or tuple(columns.values())
    own = lines[start : start + height]
    unknown = {
        " ".join((cell if encoding == "unicode" else convert(cell, encoding)).split())
        for line in own
        for position, cell in enumerate(line)
        if position not in matched
    }
    return Table(
        first_line=below,
        columns=columns,
        wires=frozenset((unknown | set(matched.values())) - {""}),
        guards=guards,
        heads=frozenset(_cut(line) for line in heads),
        words={g: frozenset(line[g] for line in lines[start:below] if g < len(line)) for g in guards},
        width=max(len(line) for line in own),
        encoding=encoding,
        matches=len(set(matched.values())),
        set_aside=set_aside,
    )


def _names_unmatched(upper: Line, lower: Line, matched: dict[int, str]) -> bool:
    """Whether a line below the header names columns under a caption, none of which the contract has."""
    named = [position for position, cell in enumerate(lower) if cell]
    return (
        any(position >= len(upper) or upper[position] == "" for position in named)
        and matched.keys().isdisjoint(named)
        and not any(c.isdigit() for position in named for c in lower[position])
    )


def _is_column_numbers(line: Line, heads: Sequence[Line]) -> bool:
    """Whether a line numbers the columns: 1, 2, 3 …, maybe after A, B, one for each named column."""
    width = max(len(head) for head in heads)
    named = {p for p in range(width) if any(p < len(head) and head[p] for head in heads)}
    filled = {p for p, cell in enumerate(line) if cell}
    numbers = [_COLUMN_NUMBER.fullmatch(line[p]) for p in sorted(filled)]
    if len(filled) < 3 or filled != named or None in numbers:
        return False
    signs = [number[1] for number in numbers if number is not None]
    digits = [int(sign) for sign in signs if sign.isdigit()]
    letters = [ord(sign) - ord("a") for sign in signs if not sign.isdigit()]
    return digits == list(range(1, len(digits) + 1)) and letters == list(range(len(letters)))


def _cut(line: Iterable[str]) -> tuple[str, ...]:
    """A line without the empty cells at its end."""
    cells = list(line)
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


# --- lines that are no rows ---


def is_doubtful(cells: Line, table: Table) -> bool:
    """Whether a line may be no row: its key is empty, a word of a header or total, or a note's sentence.

    Cheap, and says yes rather than no.
    """
    for position in table.guards:
        key = cells[position] if position < len(cells) else ""
        # readers ask the same in the terms of their engines before they come here
        if key >= "!" and " " not in key and "ng" not in key.lower() and key not in table.words[position]:
            return False
    keys = [cells[position].strip() for position in table.guards if position < len(cells)]
    if all(key == "" or (len(key) <= _WORD and _is_word(table.fold(key), table)) for key in keys):
        return True
    return any(" " in key for key in keys) and sum(cell.strip() != "" for cell in cells) <= _NOTE_CELLS


def _is_word(folded: str, table: Table) -> bool:
    return _total_words(folded) or any(folded in head for head in table.heads)


def _total_words(folded: str) -> bool:
    return re.sub(r"[\s:.]*(\(\D*\))?[\s:.]*$", "", folded) in _TOTALS


def lines_set_aside(doubtful: Iterable[tuple[int, Line]], table: Table, last: int) -> dict[int, str]:
    """Which lines are no rows: number of the line → what it is.

    A line with an empty key is a row unless it is blank, a total, the header once more, or stands at the
    end of the table with hardly any cell filled, as notes and signatures do. Those may also stand where the
    key does, if a total is above them.

    Args:
        doubtful: number and cells of the lines for which `is_doubtful` holds, in order.
        table: their table.
        last: number of the last line of the table.
    """
    kinds: dict[int, str] = {}
    notes: dict[int, bool] = {}  # lines that may be notes → whether that shows without a total above
    for number, cells in doubtful:
        folded = [table.fold(cell) for cell in cells]
        filled = [cell for cell in folded if cell]
        if not filled:
            kinds[number] = "blank"
        elif _cut(folded) in table.heads:
            kinds[number] = "repeated header"
        elif _is_total(folded, filled, table):
            kinds[number] = "total"
        elif len(filled) <= _NOTE_CELLS:
            in_words = table.width >= _NOTE_WIDTH and all(re.search(r"[^\W\d_]", c) for c in filled)
            if not _key_filled(folded, table):
                notes[number] = in_words
            elif in_words:
                notes[number] = False
    first = last + 1
    while first - 1 in kinds or first - 1 in notes:
        first -= 1
    total = next((n for n in range(first, last + 1) if kinds.get(n) == "total"), last + 1)
    for number in range(last, first - 1, -1):
        if number in notes:
            if number < total and not notes[number]:
                break
            kinds[number] = "footer"
    return kinds


def _key_filled(folded: Line, table: Table) -> bool:
    return any(position < len(folded) and folded[position] for position in table.guards)


def _is_total(folded: Line, filled: Line, table: Table) -> bool:
    keys = [folded[position] for position in table.guards if position < len(folded)]
    return _total_words(filled[0]) and all(key == "" or _total_words(key) for key in keys)
