"""Unpacking: what is in a .gz or .zip, within limits, and never a byte outside the scratch folder."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from pathlib import Path

import pytest

from orchestration.landing import limits
from orchestration.landing.forms import NotReadable
from orchestration.landing.unpack import Unpacked, unpack

CSV = "Mã giấy\nG1\n".encode()


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch" / "0"
    folder.mkdir(parents=True)
    return folder


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return content.getvalue()


def found_in(content: bytes, name: str, scratch: Path) -> list[Unpacked] | NotReadable:
    """Unpack one file, and see that nothing was written but into the scratch folder."""
    packed = scratch.parents[1] / "delivered"
    packed.write_bytes(content)
    before = everything(scratch)
    found = unpack(packed, name, scratch)
    assert packed.read_bytes() == content
    assert everything(scratch) == before
    return found


def everything(scratch: Path) -> set[Path]:
    return {p for p in scratch.parents[1].rglob("*") if not p.is_relative_to(scratch)}


def why(found: list[Unpacked] | NotReadable) -> str:
    assert isinstance(found, NotReadable), found
    return found.why


def contents(found: list[Unpacked] | NotReadable) -> list[tuple[str, str, bytes]]:
    assert not isinstance(found, NotReadable), found
    return [(f.name, f.inner_name, f.path.read_bytes()) for f in found]


# --- what is taken ---


@pytest.mark.parametrize("name", ["s/2026-03-31/a.csv", "s/2026-03-31/a", "s/2026-03-31/a.xlsx"])
def test_what_is_not_packed_is_itself(scratch: Path, name: str) -> None:
    assert contents(found_in(CSV, name, scratch)) == [(name, name, CSV)]
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("name", ["s/d/a.csv.gz", "s/d/A.CSV.GZ"])
def test_gz_holds_a_file_named_without_its_ending(scratch: Path, name: str) -> None:
    inner = name.rsplit("/", 1)[1][:-3]
    assert contents(found_in(gzip.compress(CSV, mtime=0), name, scratch)) == [(name, inner, CSV)]


def test_gz_of_several_streams_is_one_file(scratch: Path) -> None:
    found = found_in(gzip.compress(CSV, mtime=0) + gzip.compress(b"G2\n"), "a.csv.gz", scratch)
    assert contents(found) == [("a.csv.gz", "a.csv", CSV + b"G2\n")]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_of_a_zip_in_their_order(scratch: Path, method: int) -> None:
    content = zipped(("b.csv", CSV), ("sub/Hồ sơ.xlsx", b"2"), ("c.JSON", b"3"), method=method)
    assert contents(found_in(content, "s/d/a.zip", scratch)) == [
        ("s/d/a.zip!b.csv", "b.csv", CSV),
        ("s/d/a.zip!sub/Hồ sơ.xlsx", "sub/Hồ sơ.xlsx", b"2"),
        ("s/d/a.zip!c.JSON", "c.JSON", b"3"),
    ]


def test_folders_hidden_files_and_marks_of_the_mac_are_no_members(scratch: Path) -> None:
    content = zipped(
        *(("sub/", b""), ("__MACOSX/._a.csv", b"x"), (".DS_Store", b"x"), ("sub/.hidden.csv", b"x")),
        *(("_COMPLETE", b""), ("sub\\._b.csv", b"x"), ("sub/a.csv", CSV)),
    )
    assert contents(found_in(content, "a.zip", scratch)) == [("a.zip!sub/a.csv", "sub/a.csv", CSV)]


def test_two_members_of_one_name_are_two_files(scratch: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = zipped(("a.csv", CSV), ("a.csv", b"2"))
    assert [data for _, _, data in contents(found_in(content, "a.zip", scratch))] == [CSV, b"2"]


@pytest.mark.parametrize(
    "name", ["a" * 200 + ".csv", "a." + "b" * 300, "a\n.csv", "a.c\\sv", "CON.csv", " .csv", "."]
)
def test_odd_names_are_only_names(scratch: Path, name: str) -> None:
    assert [data for _, _, data in contents(found_in(zipped((name, CSV)), "a.zip", scratch))] == [CSV]


# --- what leads out, is locked or is another archive ---


@pytest.mark.parametrize(
    "name",
    [
        *("../a.csv", "x/../../a.csv", "..\\a.csv", "x\\..\\..\\a.csv", ".."),
        *("/etc/a.csv", "//server/a.csv", "\\\\server\\a.csv", "C:\\a.csv", "c:a.csv", "C:/a.csv"),
    ],
)
def test_names_that_lead_out_are_refused(scratch: Path, name: str) -> None:
    found = found_in(zipped(("good.csv", CSV), (name, b"evil")), "a.zip", scratch)
    assert "leads out of it" in why(found)
    assert list(scratch.iterdir()) == []


def test_a_link_is_unpacked_as_the_text_it_is(scratch: Path) -> None:
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = 0o120777 << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert contents(found_in(content.getvalue(), "a.zip", scratch))[0][2] == b"/etc/passwd"
    assert not any(p.is_symlink() for p in scratch.iterdir())


def test_a_password_is_refused(scratch: Path) -> None:
    content = bytearray(zipped(("a.csv", CSV)))
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + place] |= 1
    assert "locked with a password" in why(found_in(bytes(content), "a.zip", scratch))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_unpacks_in_one_go_is_refused(scratch: Path, method: int) -> None:
    # 13 kB of bzip2 may hold gigabytes
    found = found_in(zipped(("a.csv", CSV), method=method), "a.zip", scratch)
    assert "pack it anew as plain ZIP" in why(found)


def test_a_member_without_a_name_is_only_a_name(scratch: Path) -> None:
    content = bytearray(zipped(("a", CSV)))
    for magic, place, length in ((b"PK\x03\x04", 26, 30), (b"PK\x01\x02", 28, 46)):
        start = content.index(magic)
        content[start + place] = 0
        del content[start + length]
    end = content.index(b"PK\x05\x06")
    for place in (12, 16):  # the directory is a byte shorter, and begins a byte earlier
        content[end + place] -= 1
    assert contents(found_in(bytes(content), "a.zip", scratch)) == [("a.zip!", "", CSV)]


@pytest.mark.parametrize("name", ["b.zip", "sub/b.ZIP", "b.csv.gz"])
def test_an_archive_in_an_archive_is_refused(scratch: Path, name: str) -> None:
    content = zipped(("a.csv", CSV), (name, b"PK"))
    assert "holds another archive: deliver each on its own" in why(found_in(content, "a.zip", scratch))


@pytest.mark.parametrize("name", ["a.zip.gz", "a.csv.gz.gz"])
def test_an_archive_in_a_gz_is_refused(scratch: Path, name: str) -> None:
    found = found_in(gzip.compress(zipped(("a.csv", CSV))), name, scratch)
    assert "an archive inside a packed file" in why(found)


# --- what is damaged ---


@pytest.mark.parametrize("name", ["a.zip", "a.csv.gz", "a.csv", "a.json"])
def test_no_bytes_at_all(scratch: Path, name: str) -> None:
    assert why(found_in(b"", name, scratch)).startswith("the file is empty (0 bytes)")


@pytest.mark.parametrize("content", [CSV, b"{", b"PK", zipped(("a.csv", CSV))])
def test_gz_that_is_none(scratch: Path, content: bytes) -> None:
    found = found_in(content, "a.csv.gz", scratch)
    assert why(found) == (
        "the name ends in .gz but the content is not gzip: deliver it under its right ending"
    )


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_cut_or_spoiled_anywhere_is_named_and_raises_nothing(scratch: Path, method: int) -> None:
    whole = zipped(("a.csv", CSV * 20), ("b.csv", b"G3\n"), method=method)
    for place in range(len(whole)):
        cut = found_in(whole[:place], "a.zip", scratch)
        assert "empty" in why(cut) or "damaged" in why(cut), place
        for bit in (0x01, 0x80, 0xFF):
            spoiled = bytearray(whole)
            spoiled[place] ^= bit
            found_in(bytes(spoiled), "a.zip", scratch)


@pytest.mark.parametrize("content", [CSV, gzip.compress(CSV, mtime=0), b"PK\x03\x04", b"Rar!\x1a\x07\x00"])
def test_zip_that_is_none(scratch: Path, content: bytes) -> None:
    assert "is no ZIP file" in why(found_in(content, "a.zip", scratch))


@pytest.mark.parametrize("content", [zipped(), zipped(("sub/", b"")), zipped(("__MACOSX/._a.csv", b"x"))])
def test_a_zip_without_a_file(scratch: Path, content: bytes) -> None:
    assert why(found_in(content, "a.zip", scratch)).startswith("the archive holds no file")


def test_a_cut_gz_gives_what_stands_before_the_cut_of_json_only(scratch: Path) -> None:
    whole = b'{"data": [' + b", ".join(b'{"n": %d}' % n for n in range(9000)) + b"]}"
    packed = gzip.compress(whole, mtime=0)
    (part,) = found_in(packed[: len(packed) // 2], "a.json.gz", scratch)  # type: ignore[misc]
    assert part.damage == "the packed file breaks off or is damaged: ask for it to be delivered again"
    assert whole.startswith(part.path.read_bytes())
    assert len(part.path.read_bytes()) > 1000
    found = found_in(packed[: len(packed) // 2], "a.csv.gz", scratch)
    assert "breaks off or is damaged" in why(found)


def test_a_gz_cut_or_spoiled_anywhere_raises_nothing(scratch: Path) -> None:
    whole = gzip.compress(CSV * 20, mtime=0)
    for place in range(2, len(whole)):
        assert "breaks off or is damaged" in why(found_in(whole[:place], "a.csv.gz", scratch)), place
        for bit in (0x01, 0x80, 0xFF):
            spoiled = bytearray(whole)
            spoiled[place] ^= bit
            found_in(bytes(spoiled), "a.csv.gz", scratch)


# --- what is too much ---


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 2 * limits.MEBIBYTE)
    monkeypatch.setattr(limits, "UNPACKED_FREE", limits.MEBIBYTE)
    monkeypatch.setattr(limits, "ARCHIVE_MEMBERS", 5)


NOISE = b"".join(struct.pack("<Q", n * 0x9E3779B97F4A7C15 % 2**64) for n in range(300_000))  # 2.4 MB


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv.gz", gzip.compress(bytes(1_500_000))),
        ("a.zip", zipped(("a.csv", bytes(1_500_000)))),
        ("a.zip", zipped(*((f"{n}.csv", bytes(400_000)) for n in range(4)))),
        ("a.csv.gz", gzip.compress(NOISE, mtime=0)),
        ("a.zip", zipped(("a.csv", NOISE), method=zipfile.ZIP_STORED)),
        ("a.zip", zipped(*((f"{n}.csv", NOISE[n * 600_000 : (n + 1) * 600_000]) for n in range(4)))),
    ],
    ids=["gz ratio", "zip ratio", "zip ratio of all", "gz size", "zip size", "zip size of all"],
)
def test_more_than_the_limits_is_refused(scratch: Path, name: str, content: bytes) -> None:
    assert "refused, deliver smaller files" in why(found_in(content, name, scratch))
    assert sum(p.stat().st_size for p in scratch.iterdir()) <= 2 * limits.MEBIBYTE


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("says", [0, 10, 0xFFFFFFF0])
def test_headers_that_lie_about_the_size_help_nobody(scratch: Path, says: int) -> None:
    content = bytearray(zipped(("a.csv", bytes(1_500_000))))
    for magic, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(magic) + place
        content[start : start + 4] = struct.pack("<I", says)
    found = found_in(bytes(content), "a.zip", scratch)
    assert "refused" in why(found) or "damaged" in why(found)
    assert sum(p.stat().st_size for p in scratch.iterdir()) <= 2 * limits.MEBIBYTE


@pytest.mark.usefixtures("small_limits")
def test_within_the_limits_much_is_taken(scratch: Path) -> None:
    content = zipped(("a.csv", bytes(1_000_000)), ("b.csv", NOISE[:1000]))
    assert [len(data) for _, _, data in contents(found_in(content, "a.zip", scratch))] == [1_000_000, 1000]
    assert len(contents(found_in(zipped(*((f"{n}.csv", CSV) for n in range(5))), "a.zip", scratch))) == 5


@pytest.mark.usefixtures("small_limits")
def test_too_many_members(scratch: Path) -> None:
    content = zipped(*((f"{n}.csv", CSV) for n in range(6)))
    assert "more than 5 files" in why(found_in(content, "a.zip", scratch))
    assert list(scratch.iterdir()) == []
