"""Landing given thousands of spoiled files: `python -m benchmarks.fuzz_landing --files 2000 --seed 1`.

Real files of every form are spoiled at random (bits, blocks, cuts, quotes, numbers beyond measure, members of
archives, packing, endings), each is landed alone in a fresh store in a worker process. A violation is: an
exception or a crash, more than 10 seconds or 1 GiB, a row that is neither landed nor quarantined or is both,
anything left in the temporary folder. The process that opens workbooks has its own limit of memory. Exits
with 1 if there is any; `--only N` lands one file again.
"""

from __future__ import annotations

import argparse
import gzip
import io
import multiprocessing
import random
import resource
import shutil
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb

from orchestration.landing import limits
from orchestration.landing.deliveries import HashCache, find_deliveries
from orchestration.landing.land import land_source
from orchestration.landing.link_key import LinkKey
from orchestration.landing.store import LandedStore
from orchestration.places import ROOT
from tests.peak_memory import peak_memory
from tests.unit.helpers import contract
from tests.unit.writing import GRID_FORMS, WRITERS

SECONDS = 10
MEBIBYTES = 1024  # that landing one file may take
_START_SECONDS = 60  # for a worker to load its libraries
_DAY = "2026-03-31"

CONTRACT = contract(
    date_formats=["%d/%m/%Y %H:%M:%S", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "iso", "iso_zone"],
    envelope=[{"name": "side", "wire": "Nguon", "type": "code"}],
    columns=[
        {
            "name": "paper_code",
            "wire": "MaGiay",
            "aliases": ["Mã hồ sơ"],
            "type": "code",
            "required": True,
        },
        {"name": "amount", "wire": "Số tiền", "aliases": ["Lệ phí"], "type": "decimal"},
        {"name": "made_at", "wire": "Ngày lập", "aliases": ["Nhận hồ sơ"], "type": "timestamp"},
        {"name": "is_paid", "wire": "Đã nộp", "type": "boolean"},
        {"name": "note_text", "wire": "GhiChu", "aliases": ["Tên TTHC"], "type": "text"},
        {"name": "owner_link", "wire": "CCCD", "type": "link"},
    ],
    lists=[
        {
            "name": "fees",
            "wire": "Phi",
            "columns": [
                {"name": "fee_code", "wire": "MaPhi", "type": "code"},
                {"name": "price", "wire": "Gia", "type": "decimal"},
            ],
        }
    ],
    personal=[{"wire": "Chủ sở hữu", "class": "name"}, {"wire": "CCCD", "class": "identity"}],
)


# --- real files ---


@dataclass(frozen=True)
class File:
    """A file as delivered, and what was done to it."""

    name: str
    content: bytes
    form: str
    done: tuple[str, ...] = ()


@cache
def real_files() -> tuple[File, ...]:
    """Files of every form: small ones, books with titles and totals, text in an old encoding."""
    header = ["STT", "MaGiay", "Số tiền", "Ngày lập", "Đã nộp", "GhiChu", "Chủ sở hữu", "CCCD"]
    lines = [
        [
            str(n),
            f"H38.{n % 7}-260331-{n:04}",
            f"{n * 37 % 1000}.5",
            f"{n % 28 + 1:02}/03/2026 08:09:10",
            ("1", "0", "có", "")[n % 4],
            ("Sở Tư pháp", "xã Hòa Bình, tổ 2", 'Công ty "Mẫu"', "hai\ndòng", "")[n % 5],
            "Nguyễn Văn Mẫu",
            f"0012345{n:05}",
        ]
        for n in range(1, 41)
    ]
    titled = [["DANH SÁCH GIẤY TỜ"], ["Tháng 3"], header, [str(n) for n in range(1, 9)], *lines[:12]]
    titled.append(["Tổng cộng", "", "500", "", "", "", "", ""])
    files = []
    for form, (ending, write) in WRITERS.items():
        files.append(File(f"a{ending}", write([header, *lines]), form))
        if form in GRID_FORMS:
            files.append(File(f"a{ending}", write(titled), form))
    fees = '"Phi": [{"MaPhi": "p1", "Gia": "5000"}, {"MaPhi": "p2", "Gia": 7.5}]'
    messages = [
        '{"session": "x", "Nguon": "MC", "data": ['
        + ", ".join(
            f'{{"MaGiay": "G{n}", "Số tiền": {n}.25, "Đã nộp": true, {fees}}}'
            for n in range(start, start + 6)
        )
        + "]}"
        for start in (1, 7)
    ]
    files.append(File("a.json", messages[0].encode(), "message"))
    files.append(File("a.json", ("\ufeff[" + ",\n".join(messages) + "]").encode(), "messages"))
    files.append(File("a.ndjson", "\n".join(messages).encode(), "messages"))
    legacy = ROOT / "tests" / "data" / "legacy"
    for path in sorted(legacy.glob("sentences.*.csv")):
        files.append(File("a.csv", path.read_bytes().replace(b"kind,text", b"MaGiay,GhiChu"), "old letters"))
    for path in sorted((ROOT / "tests" / "data" / "workbooks").glob("register*")):
        files.append(File(f"a{path.suffix}", path.read_bytes(), f"register {path.suffix}"))
    return tuple(files)


# --- spoiling ---

Spoil = Callable[[bytearray, random.Random], None]
_HARMFUL = [
    *(
        b"\x00",
        b"\x00" * 50,
        b'"',
        b"'",
        b'""',
        b"\r",
        b"\n",
        b"\t",
        b",",
        b";",
        b"|",
        b"\\",
        b"\xff",
        b"\xfe\xff",
    ),
    *(
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        "\u202e".encode(),
        b"\x1a",
    ),
    *(b"9" * 400, b"9" * 5000, b"1e999", b"-1e-999", b"NaN", b"Infinity", b"-0", b"0x1F", b"1" + b"0" * 100),
    *(b"{", b"}", b"[", b"]", b":", b"[" * 300, b'{"a":' * 300, b"null", b"true", b"\\ud800", b"\\u0000"),
    *(
        b"<table>",
        b"</table>",
        b"</tr>",
        b"<td colspan=99999999>",
        b"<td rowspan=99999999>",
        b"<!--",
        b"&#0;",
    ),
    *(b"<![CDATA[", b"<script>", b"&amp;" * 20, b"<td>" * 2000, b"<table>" * 300, b"PK\x03\x04", b"PAR1"),
    *(
        b"x" * 70_000,
        b"a," * 3000,
        b"'; DROP TABLE raw_rows; --",
        b"=cmd|' /C calc'!A0",
        b"../../../etc/passwd",
    ),
]


def _flip_bits(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _cut_beginning(data: bytearray, chance: random.Random) -> None:
    del data[: chance.randrange(len(data))]


def _block(data: bytearray, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.choice([1, 2, 7, 60, 500, 4096]))


def _remove_block(data: bytearray, chance: random.Random) -> None:
    start, end = _block(data, chance)
    del data[start:end]


def _double_block(data: bytearray, chance: random.Random) -> None:
    start, end = _block(data, chance)
    data[end:end] = data[start:end] * chance.choice([1, 1, 3, 50])


def _move_block(data: bytearray, chance: random.Random) -> None:
    start, end = _block(data, chance)
    block = data[start:end]
    del data[start:end]
    place = chance.randrange(len(data) + 1)
    data[place:place] = block


def _swap_bytes(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 4)):
        one, two = chance.randrange(len(data)), chance.randrange(len(data))
        data[one], data[two] = data[two], data[one]


def _insert(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(data) + 1)
        data[place:place] = chance.choice(_HARMFUL)


def _overwrite(data: bytearray, chance: random.Random) -> None:
    start, end = _block(data, chance)
    data[start:end] = chance.choice([b"\x00", b"\xff", b" "]) * (end - start)


def _noise(data: bytearray, chance: random.Random) -> None:
    start, end = _block(data, chance)
    data[start:end] = chance.randbytes(end - start)


SPOILS: dict[str, Spoil] = {
    "bits": _flip_bits,
    "cut": _cut,
    "cut beginning": _cut_beginning,
    "block removed": _remove_block,
    "block doubled": _double_block,
    "block moved": _move_block,
    "bytes swapped": _swap_bytes,
    "inserted": _insert,
    "overwritten": _overwrite,
    "noise": _noise,
}
_ENDINGS = (
    ".json",
    ".csv",
    ".tsv",
    ".xlsx",
    ".xls",
    ".xlsb",
    ".ods",
    ".parquet",
    ".html",
    ".txt",
    ".gz",
    ".zip",
    "",
)


def spoiled(seed: int, number: int) -> File:
    """The file of that number: always the same for the same seed."""
    chance = random.Random(f"{seed}/{number}")
    file = chance.choice(real_files())
    content, done = file.content, []
    if zipfile.is_zipfile(io.BytesIO(content)) and chance.random() < 0.6:
        content, how = _spoil_member(content, chance)
        done.append(how)
    if not done or chance.random() < 0.3:
        content = _spoil(content, chance, done)
    name = file.name
    if chance.random() < 0.08:
        name = "a" + chance.choice(_ENDINGS)
        done.append(f"named {name}")
    wrapper = chance.random()
    if wrapper < 0.12:
        name, content = f"{name}.gz", gzip.compress(content, mtime=0)
        done.append("in gz")
    elif wrapper < 0.27:
        content, members = _zipped(name, content, chance)
        name = "a.zip"
        done.append(f"in zip of {members}")
    if wrapper < 0.27 and chance.random() < 0.4:
        content = _spoil(content, chance, done)
    return File(name, content, file.form, tuple(done))


def _spoil(content: bytes, chance: random.Random, done: list[str]) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 3])):
        if data:
            how = chance.choice(list(SPOILS))
            SPOILS[how](data, chance)
            done.append(how)
    return bytes(data)


def _spoil_member(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Spoil a part inside a workbook and pack it anew, so that its sums are right."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        members = {m.filename: book.read(m) for m in book.infolist()}
    chosen = chance.choice(sorted(members))
    done: list[str] = []
    members[chosen] = _spoil(members[chosen], chance, done)
    if chance.random() < 0.05:
        del members[chosen]
        done.append("removed")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in members.items():
            book.writestr(name, data)
    return packed.getvalue(), f"{chosen}: {', '.join(done)}"


def _zipped(name: str, content: bytes, chance: random.Random) -> tuple[bytes, int]:
    packed = io.BytesIO()
    count = chance.choice([1, 1, 2, 5])
    folder = chance.choice(["", "", "Hồ sơ/", "../", "__MACOSX/", "a/b/c/"])
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{folder}{name}", content)
        for number in range(1, count):
            other = chance.choice(real_files())
            archive.writestr(f"{number}-{other.name}", other.content)
    return packed.getvalue(), count


# --- landing one ---


@dataclass
class Result:
    """What became of one file."""

    seconds: float = 0
    mebibytes: int = 0
    workbook_mebibytes: int = 0
    rows_in: int = 0
    landed: int = 0
    quarantined: int = 0
    problems: int = 0
    violations: list[str] = field(default_factory=list)


def land_one(file: File, folder: Path) -> Result:
    """Land a file alone into `folder`, and hold the account against what was written."""
    result = Result()
    temporary = folder / "tmp"
    delivered = folder / "raw" / CONTRACT.source / _DAY / file.name
    for made in (temporary, delivered.parent):
        made.mkdir(parents=True)
    delivered.write_bytes(file.content)
    before, tempfile.tempdir = tempfile.tempdir, str(temporary)
    started = time.monotonic()
    try:
        found = find_deliveries(
            folder / "raw", CONTRACT.source, date.fromisoformat(_DAY), HashCache(folder / "h")
        )
        (account,) = land_source(CONTRACT, found, LandedStore(folder / "landed", LinkKey(bytes(32))))
    except Exception:  # noqa: BLE001 - any exception is what is looked for
        result.violations.append(f"raised\n{traceback.format_exc()}")
        return result
    finally:
        tempfile.tempdir = before
        result.seconds = time.monotonic() - started
    result.rows_in, result.problems = account.rows_in, len(account.problems)
    landed, quarantined = _row_numbers(folder / "landed")
    result.landed, result.quarantined = len(landed), len(quarantined)
    if sorted(landed + quarantined) != list(range(1, account.rows_in + 1)):
        result.violations.append(
            f"not accounted: {account.rows_in} in, but landed {landed[:9]} and quarantined {quarantined[:9]}"
        )
    if (len(landed), len(quarantined)) != (account.rows_landed, account.rows_quarantined):
        result.violations.append(f"the account says {account.rows_landed} + {account.rows_quarantined}")
    if left := sorted(p.name for p in temporary.iterdir()):
        result.violations.append(f"left in the temporary folder: {', '.join(left)}")
    if delivered.read_bytes() != file.content:
        result.violations.append("the delivered file was changed")
    return result


def _row_numbers(landed: Path) -> tuple[list[int], list[int]]:
    """Numbers of the rows in the landed table, and of those in quarantine."""
    with duckdb.connect(":memory:") as con:
        rows = con.execute(
            "SELECT row_number FROM read_parquet($1)", [str(landed / "*/*/*/papers.parquet")]
        ).fetchall()
        bad = con.execute(
            'SELECT row_number FROM read_parquet($1) WHERE "table" = $2',
            [str(landed / "*/*/*/quarantine.parquet"), CONTRACT.source],
        ).fetchall()
    return [n for (n,) in rows], [n for (n,) in bad]


# --- many, in processes that may be lost ---


def _work(connection: Connection, seed: int) -> None:
    land_one(File("a.csv", b"MaGiay\nG1\n", "CSV"), Path(tempfile.mkdtemp(prefix="chiso-fuzz-")))
    connection.send(None)
    while True:
        number = connection.recv()
        if number is None:
            return
        folder = Path(tempfile.mkdtemp(prefix="chiso-fuzz-"))
        try:
            result = land_one(spoiled(seed, number), folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        result.mebibytes = peak_memory() // limits.MEBIBYTE
        result.workbook_mebibytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        connection.send(result)


class Worker:
    """A process that lands one file after another; started anew when it is lost."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, other = context.Pipe()
        self._process = context.Process(target=_work, args=(other, self._seed), daemon=False)
        self._process.start()
        other.close()
        if not self._connection.poll(_START_SECONDS):
            raise RuntimeError("the worker does not start")
        self._connection.recv()

    def land(self, number: int) -> Result:
        """Land the file of that number."""
        self._connection.send(number)
        started = time.monotonic()
        if not self._connection.poll(3 * SECONDS):
            self._lose()
            return Result(3 * SECONDS, violations=[f"hangs: not done after {3 * SECONDS} seconds"])
        try:
            result: Result = self._connection.recv()
        except EOFError:
            self._process.join()
            code = self._process.exitcode
            self._lose()
            return Result(time.monotonic() - started, violations=[f"crashed the process ({code})"])
        if result.seconds > SECONDS:
            result.violations.append(f"took {result.seconds:.1f} seconds")
        if max(result.mebibytes, result.workbook_mebibytes) > MEBIBYTES:
            result.violations.append(
                f"took {result.mebibytes} MiB, {result.workbook_mebibytes} for workbooks"
            )
            self._lose()  # the peak would be counted against the files after it
        return result

    def _lose(self) -> None:
        self._process.kill()
        self._process.join()
        self._connection.close()
        self._start()

    def end(self) -> None:
        """Let the process go."""
        self._connection.send(None)
        self._process.join()
        self._connection.close()


def fuzz(seed: int, numbers: range) -> Iterator[tuple[int, Result]]:
    """Land the files of those numbers, one after the other."""
    worker = Worker(seed)
    for number in numbers:
        yield number, worker.land(number)
    worker.end()


def main() -> int:
    """Print a summary and every violation; 1 if there is any."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="land the file of this number, and nothing else")
    parser.add_argument("--keep", type=Path, help="a folder for the files that violate something")
    arguments = parser.parse_args()
    numbers = range(arguments.files) if arguments.only is None else range(arguments.only, arguments.only + 1)
    total, forms, slowest = Result(), Counter[str](), (0.0, 0)
    violations = 0
    started = time.monotonic()
    for number, result in fuzz(arguments.seed, numbers):
        file = spoiled(arguments.seed, number)
        forms[file.form] += 1
        total.rows_in += result.rows_in
        total.landed += result.landed
        total.quarantined += result.quarantined
        total.problems += result.problems > 0
        total.mebibytes = max(total.mebibytes, result.mebibytes)
        total.workbook_mebibytes = max(total.workbook_mebibytes, result.workbook_mebibytes)
        slowest = max(slowest, (result.seconds, number))
        for violation in result.violations:
            violations += 1
            print(f"#{number} {file.form} {file.name} ({'; '.join(file.done)}): {violation}", flush=True)
        if result.violations and arguments.keep is not None:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            (arguments.keep / f"{number}-{file.name}").write_bytes(file.content)
    print(
        f"{len(numbers)} files, seed {arguments.seed}: "
        + ", ".join(f"{f} {n}" for f, n in forms.most_common())
    )
    print(
        f"{total.rows_in} rows in = {total.landed} landed + {total.quarantined} quarantined; "
        f"{total.problems} files with a problem"
    )
    print(
        f"{time.monotonic() - started:.0f} s; slowest {slowest[0]:.1f} s (#{slowest[1]}); "
        f"peak memory {total.mebibytes} MiB, {total.workbook_mebibytes} for books; {violations} violations"
    )
    return 1 if violations else 0


if __name__ == "__main__":
    raise SystemExit(main())
