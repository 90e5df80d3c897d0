"""Old Vietnamese encodings: found or left alone, never guessed wrong; converted letter by letter; keys.

Expected bytes come from iconv and a table by hand (`tests/data/legacy`), not from the code under test.
"""

from __future__ import annotations

import csv
import random
import subprocess
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.landing.legacy_text import (
    LEGACY,
    Encoding,
    convert,
    decode_bytewise,
    detect,
    encode_bytewise,
    fold_key,
)

quickly = settings(deadline=None, derandomize=True, max_examples=300)

FILES = Path(__file__).parents[1] / "data" / "legacy"
ICONV = {"tcvn3": "TCVN5712-1", "viscii": "VISCII", "windows-1258": "CP1258"}

with (FILES / "letters.csv").open(encoding="utf-8", newline="") as lines:
    LETTERS = list(csv.DictReader(lines))
BYTES = {e: {row["letter"]: bytes.fromhex(row[e]) for row in LETTERS if row[e]} for e in LEGACY}
# ABC fonts keep the other capitals in a font of their own, at the places of the small letters
BYTES["tcvn3"] |= {c.upper(): b for c, b in BYTES["tcvn3"].items() if c.upper() not in BYTES["tcvn3"]}


def texts(data: bytes) -> list[str]:
    """The column `text` of a file, one character per byte."""
    return [row["text"] for row in csv.DictReader(decode_bytewise(data).split("\n"))]


def encoded(text: str, encoding: str) -> str:
    """How a text of that encoding looks in a file that is read one byte = one character."""
    if encoding == "unicode":
        return text
    data = b"".join(BYTES[encoding].get(c) or c.encode("cp1252") for c in text)  # type: ignore[index]
    return decode_bytewise(data)


def all_encoded(values: list[str], encoding: str) -> list[str]:
    return [encoded(v, encoding) for v in values]


def converted(values: list[str], encoding: str) -> list[str]:
    return [convert(v, encoding) for v in values]


with (FILES / "sentences.utf-8.csv").open(encoding="utf-8", newline="") as lines:
    SENTENCES = [row["text"] for row in csv.DictReader(lines)]


# --- bytes and characters ---


def test_every_byte_is_a_character_and_comes_back() -> None:
    every = bytes(range(256))
    text = decode_bytewise(every)
    assert len(text) == len(set(text)) == 256
    assert encode_bytewise(text) == every
    assert decode_bytewise(b"\x80\x81\x96\xad\xe9") == "€\x81–\xadé"
    assert encode_bytewise("\x80\x81\x96") == b"\x80\x81\x96"  # C1 controls for windows-1252 characters


def test_letters_without_a_byte_are_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        encode_bytewise("Việt")


# --- converting ---


@pytest.mark.parametrize("encoding", LEGACY)
def test_every_letter_is_converted(encoding: str) -> None:
    letters = [row["letter"] for row in LETTERS if row[encoding]]
    assert len(letters) == (74 if encoding == "tcvn3" else 134)
    for letter in letters:
        assert convert(encoded(letter, encoding), encoding) == letter


@pytest.mark.parametrize("encoding", LEGACY)
def test_files_made_by_other_programs(encoding: str) -> None:
    values = texts((FILES / f"sentences.{encoding}.csv").read_bytes())
    assert detect(values).encoding == encoding
    assert converted(values, encoding) == SENTENCES


@pytest.mark.parametrize("encoding", ICONV)
def test_the_committed_bytes_are_those_of_iconv(encoding: str) -> None:
    def iconv(text: str) -> bytes:
        # comes with glibc and with macOS; where it is missing, this is a failure (FileNotFoundError), no skip
        command = ["iconv", "-f", "UTF-8", "-t", ICONV[encoding]]
        return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout

    for row in LETTERS:
        if row[encoding]:
            assert iconv(row["letter"]).hex() == row[encoding]
    text = (FILES / "sentences.utf-8.csv").read_text(encoding="utf-8")
    if encoding == "tcvn3":
        own = {row["letter"] for row in LETTERS if row["tcvn3"]}
        text = "".join(c.lower() if not c.isascii() and c not in own else c for c in text)
    assert iconv(text) == (FILES / f"sentences.{encoding}.csv").read_bytes()


@pytest.mark.parametrize("encoding", LEGACY)
def test_c1_controls_count_as_windows_characters(encoding: str) -> None:
    values = [encode_bytewise(v).decode("latin-1") for v in all_encoded(SENTENCES, encoding)]
    assert detect(values).encoding == encoding
    assert converted(values, encoding) == SENTENCES


@pytest.mark.parametrize("encoding", LEGACY)
def test_decomposed_bytes_too(encoding: str) -> None:
    values = [normalize("NFD", v) for v in all_encoded(SENTENCES, encoding)]
    assert detect(values).encoding == encoding
    assert converted(values, encoding) == SENTENCES


@pytest.mark.parametrize(
    ("encoding", "wire", "text"),
    [
        ("tcvn3", "ViÖt Nam", "Việt Nam"),
        ("tcvn3", "Uû ban nh©n d©n ph\xad\xeang §«ng S¬n", "Uỷ ban nhân dân phường Đông Sơn"),
        ("vni", "Uyû ban nhaân daân TP. Hoà Chí Minh", "Uỷ ban nhân dân TP. Hồ Chí Minh"),
        ("vni", "TRÖÔØNG ÑAÏI HOÏC", "TRƯỜNG ĐẠI HỌC"),
        ("vni", "Ñöôøng Nguyeãn Aùnh", "Đường Nguyễn Ánh"),  # a capital with a small mark
        ("viscii", "Cµng hòa xã hµi", "Cộng hòa xã hội"),
        ("windows-1258", "Viêòt Nam", "Việt Nam"),
        ("unicode", "Vie\u0323\u0302t", "Việt"),
        ("tcvn3", "giữ nguyên", "giữ nguyên"),  # letters that no byte stands for: Unicode already
        ("tcvn3", "“12 – 15”…", "“12 – 15”…"),
    ],
)
def test_converted(encoding: str, wire: str, text: str) -> None:
    assert convert(wire, encoding) == text


@pytest.mark.parametrize(
    ("wire", "text"),
    [
        ("UBND TØNH", "UBND TỈNH"),
        ("UBND TØNH Hµ NAM", "UBND TỈNH HÀ NAM"),
        ("UBND TØNH Hµ Nam", "UBND TỈNH Hà Nam"),
        ("NHµ ë CñA D¢N", "NHÀ Ở CỦA DÂN"),
        ("Së KH&§T", "Sở KH&ĐT"),  # abbreviations do not say that the text is in capitals
        ("Së TµI CHÝNH", "SỞ TÀI CHÍNH"),
        ("Hµ Néi", "Hà Nội"),
        ("Vò V¨n A", "Vũ Văn A"),
        ("LÖ PHÝ", "LỆ PHÍ"),
    ],
)
def test_capitals_of_abc_fonts(wire: str, text: str) -> None:
    assert convert(wire, "tcvn3") == text


@pytest.mark.parametrize("encoding", ["ambiguous", "utf-8"])
def test_only_known_encodings_are_converted(encoding: str) -> None:
    with pytest.raises(ValueError, match=encoding):
        convert("a", encoding)


# --- detecting ---

MORE = [
    "Ủy ban nhân dân xã Ấp Bắc – bộ phận một cửa",
    "Công dân đề nghị “giải quyết sớm”, chờ ý kiến…",
    "Ông Ví Dụ ở Đắk Lắk, Krông Pắc",
    "Quyết định số 12/QĐ-UBND",
]


@pytest.mark.parametrize("encoding", LEGACY)
def test_a_column_is_found_and_comes_back(encoding: Encoding) -> None:
    # typographic signs have no byte in VISCII
    signs = str.maketrans("–“”…", '-"".')
    values = SENTENCES + [v.translate(signs) if encoding == "viscii" else v for v in MORE]
    wire = all_encoded(values, encoding)
    found = detect(wire)
    assert (found.encoding, found.score) == (encoding, Decimal(1))
    assert found.runner_up_score < Decimal("0.5")
    back = converted(wire, encoding)
    if encoding == "tcvn3":  # Ủ, Ấ and Ở at the head of a word have no byte
        assert [v.casefold() for v in back] == [v.casefold() for v in values]
    else:
        assert back == values


@pytest.mark.parametrize(
    ("encoding", "values"),
    [
        ("tcvn3", ["Hµ Néi"]),
        ("tcvn3", ["UBND x·", "UBND ph\xad\xeang"]),
        ("tcvn3", ["§¾k L¾k"]),
        ("vni", ["Haø Noäi"]),
        ("vni", ["Ñaõ traû", "Chöa"]),
        ("viscii", ["Vi®t Nam", "Hà Nµi", "Hu\xaa"]),
        ("windows-1258", ["Viêòt Nam", "Ðaì Nãìng"]),
    ],
)
def test_few_words_are_enough(encoding: str, values: list[str]) -> None:
    assert detect(values).encoding == encoding


@pytest.mark.parametrize("column", ["all", "one by one"])
def test_unicode_stays(column: str) -> None:
    for form in ("NFC", "NFD"):
        values = [normalize(form, v) for v in SENTENCES + MORE]
        for part in [values] if column == "all" else [[v] for v in values]:
            assert detect(part).encoding == "unicode"


@pytest.mark.parametrize(
    "values",
    [
        [],
        ["", "  "],
        ["UBND", "H38.01.02", "Nguyen Van A"],
        ["Có", "Không"],
        ["Có"],
        ["Xã", "Phường"],
        ["Hoà Bình"],
        ["là", "và", "có", "xã", "bà", "ông"],
        ["Công ty Nestlé Việt Nam", "Müller", "Đường Alexandre de Rhodes"],
        ["René Descartes", "Société Générale", "Noël", "Hélène", "ÉCOLE"],
        ["Müller", "Jürgen Weiß", "Straße"],
        ["Søren Kierkegaard", "Malmö", "TROMSØ"],
        ["José García", "Raúl Ibáñez", "ESPAÑA", "Núñez"],
        ["São Paulo", "João", "Conceição"],
        ["Città", "Niccolò", "perché", "può"],
        ["Łódź", "Dvořák", "İstanbul", "Ünal"],
        ["120 m²", "5 km²", "25 °C", "½", "Nº 5", "5 µg", "±3", "1º"],
        ["2010–2020", "“abc”", "…", "• A", "A – B", "Vinamilk®", "£5", "€10", "© 2026"],
        ["Иван", "河内", "Ελλάδα"],
        ["Ðường Láng", "Ðà Nẵng", "Thành phố Hồ Chí Minh"],  # Icelandic Ð for Đ, a common slip
    ],
)
def test_sensible_unicode_stays(values: list[str]) -> None:
    assert detect(values).encoding == "unicode"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (SENTENCES[:10] + all_encoded(SENTENCES[10:20], "tcvn3"), "mixed"),
        (SENTENCES[:20] + all_encoded(SENTENCES[20:22], "vni"), "mixed"),
        (all_encoded(SENTENCES[:40], "tcvn3") + all_encoded(SENTENCES[40:45], "vni"), "mixed"),
        (all_encoded(SENTENCES[:40], "vni") + SENTENCES[40:41], "mixed"),
        (all_encoded(SENTENCES[:20], "viscii") + all_encoded(SENTENCES[20:], "windows-1258"), "mixed"),
        ([decode_bytewise(v.encode()) for v in SENTENCES], "no encoding"),  # UTF-8 read as windows-1252
        (["Ïðèâåò", "Ðîññèÿ", "Ãîðîä Ìîñêâà"], "no encoding"),  # so Russian in windows-1251
        (["mét"], "tcvn3 and Unicode"),  # metre, or một
        (["Loïc"], "foreign"),  # or Lọc in VNI
        (["Hña"], "equal sense"),  # Hủa in TCVN3, Hựa in VISCII
        (["Nam ¸"], "equal sense"),  # Nam á, Nam ị
    ],
)
def test_what_is_neither_or_both_is_ambiguous(values: list[str], why: str) -> None:
    found = detect(values)
    assert found.encoding == "ambiguous"
    assert why in found.reason


def test_capitals_of_tcvn_5712_are_not_half_converted() -> None:
    """VN1, which iconv writes, has capitals where TCVN3 has none; ABC files never have them."""
    first = {"Ủ": b"\x9e", "Ấ": b"\xc4", "Ở": b"\x99", "Ứ": b"\x11"}
    wire = [
        decode_bytewise(b"".join(first.get(c) or BYTES["tcvn3"].get(c) or c.encode() for c in v))
        for v in [*SENTENCES, "Ủy ban", "Ấp Bắc", "Ở xa", "Ủng hộ"]
    ]
    assert detect(wire).encoding == "ambiguous"


def test_readings_that_give_the_same_text_do_not_compete() -> None:
    # à, â, ê, é, í are the same in VISCII, windows-1258 and Unicode
    found = detect(["hành", "bình", "tân"])
    assert (found.encoding, found.score) == ("unicode", Decimal(1))
    # Đ, á are at the same place in VISCII and windows-1258
    assert detect(["Ðông", "Ðình"]).encoding in ("viscii", "windows-1258")


def test_the_reason_tells_figures_but_no_text() -> None:
    found = detect(all_encoded(SENTENCES, "vni"))
    assert "100.0% are Vietnamese syllables read as vni" in found.reason
    for values in ([*SENTENCES], all_encoded(SENTENCES, "vni"), SENTENCES + all_encoded(SENTENCES, "vni")):
        accented = {w for v in values for w in v.split() if not w.isascii()}
        assert not accented & set(detect(values).reason.split())


def test_only_the_first_values_are_looked_at() -> None:
    assert detect([*SENTENCES, *all_encoded(SENTENCES, "vni")], limit=len(SENTENCES)).encoding == "unicode"


# --- how sure it is ---


@quickly
@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=12, unique=True),
    st.sampled_from(["unicode", *LEGACY]),
)
def test_a_column_is_never_taken_for_another_encoding(values: list[str], encoding: str) -> None:
    wire = all_encoded(values, encoding)
    found = detect(wire).encoding
    assert found == "ambiguous" or converted(wire, found) == converted(wire, encoding)


@pytest.mark.parametrize(("size", "most"), [(1, Decimal("0.05")), (2, Decimal(0)), (5, Decimal(0))])
def test_how_often_a_column_stays_ambiguous(size: int, most: Decimal) -> None:
    choice = random.Random(766)
    seen: Counter[str] = Counter()
    for _ in range(200):
        values = choice.sample(SENTENCES, size)
        for encoding in ("unicode", *LEGACY):
            wire = all_encoded(values, encoding)
            found = detect(wire).encoding
            if found != "ambiguous":
                assert converted(wire, found) == converted(wire, encoding)
            seen[found] += 1
    assert Decimal(seen["ambiguous"]) / seen.total() <= most


SIGNS = [chr(c) for c in range(0xA1, 0x100)] + list("abcdefghijklmnopqrstuvwxyz")


@quickly
@given(st.lists(st.text(SIGNS, min_size=4, max_size=9), min_size=5, max_size=40, unique=True))
def test_garbage_is_never_converted(values: list[str]) -> None:
    assert detect(values).encoding in ("unicode", "ambiguous")


@given(st.lists(st.text()))
def test_any_text_can_be_judged(values: list[str]) -> None:
    found = detect(values)
    assert 0 <= found.score <= 1
    assert 0 <= found.runner_up_score <= 1
    for encoding in ("unicode", *LEGACY):
        converted(values, encoding)


@pytest.mark.parametrize("encoding", ["unicode", *LEGACY])
def test_large_columns_are_judged_quickly(encoding: str) -> None:
    choice = random.Random(766)
    words = sorted({word for value in SENTENCES for word in value.split()})
    values = [encoded(" ".join(choice.choices(words, k=8)), encoding) + f" {i}" for i in range(5_000)]
    started = time.perf_counter()
    assert detect(values).encoding == encoding
    assert time.perf_counter() - started < 2  # about 0.05 s when nothing else runs


# --- keys ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("Thuý", "Thúy"),
        ("khoẻ", "khỏe"),
        ("loá", "lóa"),
        ("UỶ BAN", "ủy ban"),
        ("Khánh  Hoà ", "khánh\u00a0hòa"),
        (normalize("NFD", "Hoà Bình"), "Hòa Bình"),
        ("hoàn toàn", "hòan tòan"),
        ("quý", "qúy"),
    ],
)
def test_one_key_for_two_spellings(one: str, other: str) -> None:
    assert fold_key(one) == fold_key(other)


def test_different_words_keep_different_keys() -> None:
    words = [*("hoa", "hoá", "hoà", "hoả", "hoã", "hoạ", "thuy", "thuỷ", "thuý", "tui", "túi", "tuý")]
    words += [*("da", "dá", "đa", "đá", "ma", "mã", "mạ", "mả", "an", "ăn", "ân", "óc", "ốc")]
    assert len({fold_key(w) for w in words}) == len(words)


@quickly
@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert fold_key(fold_key(text)) == fold_key(text)
