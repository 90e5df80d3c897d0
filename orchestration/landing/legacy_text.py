"""Text in the Vietnamese encodings from before Unicode: which one a column is in, and the same in Unicode.

Everything works on text whose characters stand for one byte each: bytes as `decode_bytewise` gives them, or
cells of an Excel, HTML or UTF-8 file that were filled from such bytes (`ViÖt` for Việt). Convert before
trimming: what looks like a blank or a soft hyphen can be a letter (Õ in VISCII, ư in TCVN3).

Where the tables come from: VISCII (RFC 1456) and TCVN3 as glibc's iconv has them (VISCII, TCVN5712-1; TCVN3
without the accented capitals, which ABC fonts do not have); windows-1258 is Python's; VNI-Windows as UniKey,
xvnkb and the Vietnamese Unicode project publish it, which agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Literal, get_args
from unicodedata import normalize

Encoding = Literal["unicode", "tcvn3", "vni", "viscii", "windows-1258", "ambiguous"]
Legacy = Literal["tcvn3", "vni", "viscii", "windows-1258"]
LEGACY: tuple[Legacy, ...] = get_args(Legacy)
READINGS: tuple[Encoding, ...] = ("unicode", *LEGACY)

# --- bytes and characters ---

_C1 = {b: bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(0x80, 0xA0)}
_FROM_WINDOWS = {ord(c): b for b, c in _C1.items()}


def decode_bytewise(data: bytes) -> str:
    """One character per byte: windows-1252, and latin-1 for the five bytes which that lacks."""
    return data.decode("latin-1").translate(_C1)


def encode_bytewise(text: str) -> bytes:
    """The bytes back; a C1 control counts as its windows-1252 character. UnicodeEncodeError for others."""
    return text.translate(_FROM_WINDOWS).encode("latin-1")


_BYTES = decode_bytewise(bytes(range(256)))


# --- the encodings ---


def _table(runs: dict[int, str]) -> dict[int, str]:
    """Character → letter, for `str.translate`, from runs of letters by their first byte."""
    return {ord(_BYTES[start + i]): c for start, letters in runs.items() for i, c in enumerate(letters)}


_TCVN3 = _table(
    {0xA1: "ĂÂÊÔƠƯĐăâêôơưđ", 0xB5: "àảãáạ", 0xBB: "ằẳẵắ", 0xC6: "ặầẩẫấậè", 0xCE: "ẻẽéẹềểễếệìỉ"}
    | {0xDC: "ĩíịò", 0xE1: "ỏõóọồổỗốộờởỡớợù", 0xF1: "ủũúụừửữứựỳỷỹýỵ"}
)
_VISCII = _table(
    {0x02: "Ẳ", 0x05: "ẴẪ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
    | {0x80: "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ", 0x90: "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ", 0xA0: "Õắằặấầẩậẽẹếềểễệố"}
    | {0xB0: "ồổỗỠƠộờởịỰỨỪỬơớƯ", 0xC0: "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ", 0xD0: "ĐứÒÓÔạỷừửÙÚỹỵÝỡư"}
    | {0xE0: "àáâãảăữẫèéêẻìíĩỉ", 0xF0: "đựòóôõỏọụùúũủýợỮ"}
)
_CP1258 = {ord(_BYTES[b]): bytes([b]).decode("cp1258", "ignore") or _BYTES[b] for b in range(0x80, 0x100)}

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = _TONES = ("\u0301", "\u0300", "\u0309", "\u0303", "\u0323")


def _vni_letters() -> dict[str, str]:
    """Small letters: some stand alone, the others are a base letter and a mark for tone, shape or both."""
    letters = dict(zip("ôöñîíìæóò", "ơưđỵíìỉĩị", strict=True))
    for bases, marks, accents in (
        ("aeouyôö", "ùøûõï", _TONES),
        ("aeo", "âáàåãä", ["\u0302" + tone for tone in ("", *_TONES)]),
        ("a", "êéèúüë", ["\u0306" + tone for tone in ("", *_TONES)]),
    ):
        for base in bases:
            for mark, accent in zip(marks, accents, strict=True):
                letters[base + mark] = normalize("NFC", letters.get(base, base) + accent)
    return letters


_VNI = _vni_letters()
_VNI_SIGN = re.compile("[aeouyôö][ùøûõï]|[aeo][âáàåãä]|a[êéèúüë]|[ôöñîíìæóò]", re.IGNORECASE)


def _vni_letter(sign: re.Match[str]) -> str:
    letter = _VNI[sign[0].lower()]
    return letter.upper() if sign[0][0].isupper() else letter


def _plain(text: str) -> str:
    """NFC, and windows-1252 characters where a file holds C1 controls for them."""
    return normalize("NFC", text).translate(_C1)


def _read(text: str, encoding: str) -> str:
    """A plain text as the encoding has it."""
    match encoding:
        case "tcvn3":
            return _raise_capitals(text.translate(_TCVN3))
        case "vni":
            return _VNI_SIGN.sub(_vni_letter, text)
        case "viscii":
            return text.translate(_VISCII)
        case "windows-1258":
            return normalize("NFC", text.translate(_CP1258))
    return text


def convert(text: str, encoding: str) -> str:
    """A text of that encoding as Unicode, NFC.

    A text with letters that stand for no byte is Unicode already and stays; characters that the encoding
    does not use stay too.
    """
    if encoding == "unicode":
        return normalize("NFC", text)
    if encoding not in LEGACY:
        raise ValueError(f"nothing can be converted from {encoding!r}")
    plain = _plain(text)
    return normalize("NFC", text) if _BEYOND.search(plain) else _read(plain, encoding)


# --- syllables ---

_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oc oi om on ong oong ooc op ot oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt
oe oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uơ uôc uôi uôm uôn uông uôt
uy uya uych uyn uynh uyp uyt uyu uyên uyêt ư ưa ưc ưi ưm ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y ych ynh yt yêm yên yêng yêt yêu
"""
_ONSETS = "b c ch d đ g gh gi h k kh kr l m n ng ngh nh p ph qu r s t th tr v x"


def _spelt(onset: str, rhyme: str) -> bool:
    """Whether the onset is written so before that rhyme: k, gh, ngh before e, ê, i, y; and so on."""
    first = rhyme[0]
    if first == "y" and rhyme != "y":  # yên stands alone; quýt, quỳnh
        return onset == "qu" or (onset == "" and rhyme[1] == "ê")
    match onset:
        case "k" | "gh" | "ngh":
            return first in "eêiy"
        case "c" | "ng":
            return first not in "eêiy"
        case "g":  # gì, giếng
            return first not in "eêy"
        case "gi":
            return first not in "iy"
        case "qu":
            return first not in "ouư"
    return first != "y" or onset in ("", "h", "l", "m", "s", "t", "v")


def _tone_places(rhyme: str) -> list[int]:
    """Where the tone mark may stand: on the shaped vowel, else as both styles place it (hòa and hoà)."""
    vowels = len(re.match("[aăâeêioôơuưy]+", rhyme)[0])  # type: ignore[index]
    if shaped := [i for i, c in enumerate(rhyme) if c in "ăâêôơư"]:
        return shaped[-1:]
    if rhyme.startswith(("oa", "oe", "uy")):
        return [0, 1]
    return [vowels - 1 if vowels < len(rhyme) else 0]


@cache
def _syllables() -> frozenset[str]:
    """Every well-formed syllable, small letters: onset, rhyme, tone; only two tones before c, ch, p, t."""
    rhymes: list[tuple[str, str]] = []
    for rhyme in _RHYMES.split():
        stopped = rhyme.endswith(("c", "ch", "p", "t"))
        written = [] if stopped else [rhyme]
        for tone in (_ACUTE, _DOT) if stopped else _TONES:
            written += [normalize("NFC", rhyme[: i + 1] + tone + rhyme[i + 1 :]) for i in _tone_places(rhyme)]
        if rhyme.endswith("c"):  # place names of the highlands: Đắk Lắk, Đăk Hà
            written += [w[:-1] + "k" for w in (rhyme, *written)]
        rhymes += [(rhyme, w) for w in written]
    return frozenset(
        onset + w for onset in ["", *_ONSETS.split()] for rhyme, w in rhymes if _spelt(onset, rhyme)
    )


_ABBREVIATION = re.compile("[BCDĐGHKLMNPQRSTVX]{2,8}")


def _is_syllable(word: str) -> bool:
    """Well-formed, and all small, all capital or with one capital first; or initials: QĐ, HĐND."""
    written = word[1:].islower() or word.isupper() or len(word) == 1
    return (written and word.lower() in _syllables()) or _ABBREVIATION.fullmatch(word) is not None


# --- capitals of TCVN3 ---

_LETTER = r"[^\W\d_ªºµƒˆ¹²³¼½¾]"
_LETTERS = re.compile(f"{_LETTER}+")


def _in_capitals(word: str) -> bool | None:
    """Whether a word says that the text around it is in capitals; None if it does not say."""
    if re.search("[a-z]", word):
        return False
    if word.isupper():  # abbreviations (UBND) stand among small letters too
        return True if len(word) > 1 and word.lower() in _syllables() else None
    return True if any(c.isupper() for c in word[1:]) else None


def _nearest(said: Iterable[bool | None]) -> list[bool | None]:
    """For each word, what the nearest word before it says."""
    nearest: list[bool | None] = [None]
    for here in said:
        nearest.append(nearest[-1] if here is None else here)
    return nearest[:-1]


def _raise_capitals(text: str) -> str:
    """Accented small letters among capitals become capitals: ABC fonts keep capitals in a font of their own.

    `TỉNH` says itself that it is in capitals. `Hà` may be title case; it is raised where the nearest words
    that say something are in capitals: `TỉNH Hà NAM`.
    """
    if text.islower() or text.isupper():
        return text
    said = [_in_capitals(word) for word in _LETTERS.findall(text)]
    around = zip(_nearest(said), _nearest(reversed(said))[::-1], strict=True)
    in_capitals = iter(
        [
            any(near) and False not in near if here is None else here
            for here, near in zip(said, around, strict=True)
        ]
    )
    return _LETTERS.sub(lambda word: word[0].upper() if next(in_capitals) else word[0], text)


# --- judging a column ---

_HIGH = Decimal("0.8")  # share of well-formed words from which a reading can be the right one
_LEAD = Decimal("0.15")  # ... and by which it is ahead of the next
_STRAY = Decimal("0.01")  # share of words that only another reading explains: above it, a column is mixed
_ENOUGH = 3  # words that prove an encoding although each of them could be a foreign word
_DOUBT = 1  # lead in commonness of letters that makes a reading as Unicode doubtful
_MAX_CHARACTERS = 1_000_000
_MAX_WORDS = 5_000

_WINDOWS = "".join(c for c in _BYTES if c > "\xff")
_SYMBOLS = "\u2000-\u2bff\u3000-\u303f\ufe00-\ufeff\ufff0-\uffff\U0001f000-\U0001ffff"
# letters that stand for no byte: proof of Unicode
_BEYOND = re.compile(f"[^\0-\xff{_WINDOWS}{_SYMBOLS}]")
# what lies between words: neither letters nor anything that is a letter in VISCII
_APART = re.compile(f"[\0-@[-`{{-\x7f](?<![\x02\x05\x06\x14\x19\x1e])|[{_SYMBOLS}](?<![{_WINDOWS}])")

_LATIN = "À-ÖØ-öø-ÿŒœŠšŸŽž"
_NOT_TCVN3 = re.compile(f"[{_LATIN}](?<![{''.join(map(chr, _TCVN3))}])")
_NOT_VNI = re.compile(f"[{_LATIN}]")
# words and the signs that may touch them, where they may
_PHRASE = re.compile(rf"[“‘„‚«‹¡¿•–—…\xa0]*(?:{_LETTER}+(?:[–—’‘…•\xa0]+{_LETTER}+)*)?[”’»›…™®©\xa0]*")
# ASCII words with such signs, units and lone signs: they say nothing of an encoding
_SIGNED = re.compile(_PHRASE.pattern.replace(_LETTER, "[A-Za-z]"))
_UNIT = re.compile(f"[kcdm]?m[²³]|[°º][CF]?|µ[mglLsS]|[Nn][º°]|[^{_LATIN}¸¨´¯¬¦¤]")

# letters of foreign names, and where foreign words put them after a vowel as VNI and windows-1258 do
_FOREIGN = frozenset("àâäáãåæçèéêëìíîïñòóôöõøùúûüýÿœßšž")
_FOREIGN_PAIR = re.compile("(?<![aeiouy])(?:[aou]ï|a[ëüúéö]|e[áãûé]|o[áãûé]|[iu]ò)")
_LEGACY_PAIR = re.compile("[aeouyôö][ùøûõï]|[aeo][âáàåãä]|a[êéèúüë]|[aeiouy][òì]")

# how common a letter is in Vietnamese, in three steps; others are rare
_COMMON = (
    dict.fromkeys("àđáưôạếảấộốêơóịệã", 3)
    | dict.fromkeys("ờâợìựớủậềứíầọụồăữúểởổửýắừỉ", 2)
    | dict.fromkeys("òặũùẫễằỗỹĩẻỏỳẩẹéè", 1)
)


@dataclass(frozen=True)
class Detection:
    """What a column is in, and how sure that is: shares of words that are well-formed syllables."""

    encoding: Encoding
    score: Decimal
    runner_up: Encoding | None
    runner_up_score: Decimal
    reason: str


def _words(values: Iterable[str], limit: int) -> list[str]:
    """The distinct words with a character beyond ASCII, in order."""
    words: dict[str, None] = {}
    characters = 0
    for value in islice(values, limit):
        if value.isascii():
            continue
        words.update((w, None) for w in _APART.split(_plain(value)) if not w.isascii())
        characters += len(value)
        if characters > _MAX_CHARACTERS or len(words) > _MAX_WORDS:
            break
    return list(words)


def _well_formed(text: str) -> bool:
    """Whether all accented words in it are Vietnamese syllables, and there is one."""
    accented = [w for w in _LETTERS.findall(text) if not w.isascii()]
    return bool(accented) and all(map(_is_syllable, accented)) and _PHRASE.fullmatch(text) is not None


def _unmapped(word: str, encoding: Encoding) -> bool:
    """Whether a word has letters that the encoding does not use."""
    if encoding == "tcvn3":
        return _NOT_TCVN3.search(word) is not None
    return encoding == "vni" and _NOT_VNI.search(_VNI_SIGN.sub("", word)) is not None


def _syllable_in(word: str, encoding: Encoding) -> str | None:
    """What the word reads as in that encoding, if that is well-formed."""
    text = _read(word, encoding)
    return text if _well_formed(text) and not _unmapped(word, encoding) else None


def _foreign(word: str) -> bool:
    """Whether a word can be a foreign name: Müller, René, São."""
    if not _PHRASE.fullmatch(word):
        return False
    for run in _LETTERS.findall(word):
        small = run.lower()
        accents = [c for c in small if not c.isascii()]
        if (
            not (run.islower() or run.isupper() or run[1:].islower())
            or not _FOREIGN.issuperset(accents)
            or 2 * len(accents) > len(run) + 1
            or re.search(r"([^\0-\x7fçñ])(?!\1)[^\0-\x7fçñ]", small)
            or _LEGACY_PAIR.search(_FOREIGN_PAIR.sub("", small))
        ):
            return False
    return True


def _commonness(text: str) -> float:
    accents = [_COMMON.get(c, 0) for c in text.lower() if not c.isascii() and c.isalpha()]
    return sum(accents) / len(accents)


@dataclass(frozen=True)
class _Column:
    """The words of a column: those that only Unicode can hold, and how the others read."""

    certain: list[str]
    words: list[str]
    well: dict[Encoding, dict[str, str]]  # by encoding: word → what it reads as, where that is well-formed

    @property
    def count(self) -> int:
        return len(self.certain) + len(self.words)

    def share(self, words: int) -> Decimal:
        return Decimal(words) / self.count

    def score(self, encoding: Encoding) -> Decimal:
        certain = sum(map(_well_formed, self.certain)) if encoding == "unicode" else 0
        return self.share(len(self.well[encoding]) + certain)

    def differ(self, one: Encoding, other: Encoding) -> bool:
        return any(_read(w, one) != _read(w, other) for w in self.words)

    def lead(self, one: Encoding, other: Encoding) -> float:
        """By how much the letters of one reading are more common, over the words that both can read."""
        both = [(text, self.well[other][w]) for w, text in self.well[one].items() if w in self.well[other]]
        return sum(_commonness(a) - _commonness(b) for a, b in both)


def _column(values: Iterable[str], limit: int) -> _Column:
    words = _words(values, limit)
    certain = [w for w in words if _BEYOND.search(w)]
    rest = [w for w in words if not _BEYOND.search(w)]
    well: dict[Encoding, dict[str, str]] = {
        e: {w: text for w in rest if (text := _syllable_in(w, e)) is not None} for e in READINGS
    }
    # units say nothing, nor do quotes and dashes, unless an encoding makes a syllable of them
    some = set().union(*well.values())
    silent = {w for w in rest if _UNIT.fullmatch(w) or (w not in some and _SIGNED.fullmatch(w))}
    return _Column(
        certain,
        [w for w in rest if w not in silent],
        {e: {w: text for w, text in read.items() if w not in silent} for e, read in well.items()},
    )


def _judge(column: _Column) -> tuple[Encoding, str]:
    """The encoding of a column that has words, and why."""
    count, well = column.count, column.well
    unicode = column.share(len(column.certain) + len(well["unicode"]))
    foreign = [w for w in column.words if w not in well["unicode"] and _foreign(w)]
    odd = set(column.words).difference(well["unicode"], foreign)
    if column.certain:  # Unicode with the wrong capital, Icelandic Ð for Đ, is no other encoding
        odd = {w for w in odd if not _well_formed(w.replace("Ð", "Đ"))}
    first = max(LEGACY, key=lambda e: len(well[e]))
    share = column.share(len(well[first]))
    strays = max(len(odd.intersection(well[e])) for e in LEGACY)

    if share >= _HIGH and share >= unicode + _LEAD:
        elsewhere = [set(well[e]).difference(well[first]) for e in READINGS]
        lost = max(len(column.certain) + len(elsewhere[0]), *map(len, elsewhere[1:]))
        if lost > _STRAY * count:
            return "ambiguous", f"mixed: {lost} words cannot be {first} but make sense otherwise"
        unmapped = sum(_unmapped(w, first) for w in column.words)
        if first == "tcvn3" and unmapped > _STRAY * count:
            return "ambiguous", f"{unmapped} words have letters that tcvn3 lacks and TCVN 5712 VN1 has"
        for other in LEGACY:
            if share - column.share(len(well[other])) < _LEAD and column.differ(first, other):
                return "ambiguous", f"{first} and {other} make equal sense"
        gained = set(well[first]).difference(well["unicode"])
        if len(gained) < _ENOUGH and not gained & odd:
            return "ambiguous", f"{first}, or foreign words in Unicode"
        return first, "no other encoding comes near"

    explained = len(column.certain) + len(set(foreign).union(*well.values()))
    if strays > _STRAY * count and column.share(explained) >= _HIGH:
        return (
            "ambiguous",
            f"mixed: {strays} words make sense only in an old encoding, which the others are not in",
        )
    for other in LEGACY:
        near = column.share(len(well[other])) >= _HIGH and column.differ(other, "unicode")
        if near and (len(well[other]) > len(well["unicode"]) or column.lead(other, "unicode") >= _DOUBT):
            return "ambiguous", f"{other} and Unicode make equal sense"
    if unicode + column.share(len(foreign)) >= _HIGH:
        but = f", but {strays} that make sense only in an old encoding" if strays else ""
        return "unicode", f"Vietnamese or foreign words as they stand{but}"
    return "ambiguous", "no encoding makes sense of enough words"


def detect(values: Iterable[str], limit: int = 5_000) -> Detection:
    """Which encoding a column is in, by the words with accents among its first values; give distinct ones.

    Text is taken for Unicode if that makes sense of it; another encoding needs nearly all words to be
    Vietnamese syllables in it, clearly more than in any other. What is neither, or both, is ambiguous. So
    one or two old words that happen to be good Unicode Vietnamese too (`Hoà` for Hồ in VNI) stay as they are.
    """
    column = _column(values, limit)
    if not column.count:
        return Detection("unicode", Decimal(1), None, Decimal(0), "No words with accents.")
    encoding, why = _judge(column)
    scores = {e: column.score(e) for e in READINGS}
    ranked = sorted(READINGS, key=lambda e: (e == encoding, scores[e]), reverse=True)
    best = ranked[0]
    runner_up = next((e for e in ranked[1:] if column.differ(e, best)), None)
    score = scores[best].quantize(Decimal("0.001"))
    next_score = scores[runner_up].quantize(Decimal("0.001")) if runner_up else Decimal(0)
    shares = f"{score:.1%} are Vietnamese syllables read as {best}"
    if runner_up:
        shares += f", {next_score:.1%} as {runner_up}"
    reason = f"Of {column.count} different words with accents {shares}: {why}."
    return Detection(encoding, score, runner_up, next_score, reason)


# --- keys ---

_GLIDES = {  # oà → òa, uý → úy: the tone of both styles on the first letter
    first + normalize("NFC", second + tone): normalize("NFC", first + tone) + second
    for first, second in (("o", "a"), ("o", "e"), ("u", "y"))
    for tone in _TONES
}
_GLIDE = re.compile("|".join(_GLIDES))


def fold_key(text: str) -> str:
    """A key to match texts by, not to show: NFC, small letters, single blanks, one style of tone marks."""
    folded = normalize("NFC", " ".join(normalize("NFC", text).casefold().split()))
    return _GLIDE.sub(lambda pair: _GLIDES[pair[0]], folded)
