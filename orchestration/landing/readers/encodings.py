"""What a text file is encoded in, and the same file in UTF-8."""

from __future__ import annotations

import codecs
from pathlib import Path

from orchestration.landing.legacy_text import decode_bytewise

BYTEWISE = "one byte a character"  # which encoding it is shows in the columns, later

_BLOCK = 1 << 20
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def encoding_of(path: Path) -> str:
    """utf-8, utf-16-le, utf-16-be or BYTEWISE, from the beginning of the file."""
    with path.open("rb") as stream:
        head = stream.read(_BLOCK)
    if head[:2] in _UTF16:
        return _UTF16[head[:2]]
    start = head[:4096]
    even, odd = start[::2].count(0), start[1::2].count(0)
    # most signs of a table are ASCII, whose one half is zero in UTF-16
    if max(even, odd) > len(start) * 0.2:
        return "utf-16-le" if odd > even else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "utf-8" if is_mostly_utf8(path) else BYTEWISE
    return "utf-8"


def is_utf8(path: Path) -> bool:
    """Whether all of a file is UTF-8."""
    decode = codecs.getincrementaldecoder("utf-8")().decode
    with path.open("rb") as stream:
        try:
            while block := stream.read(_BLOCK):
                decode(block)
            decode(b"", True)
        except UnicodeDecodeError:
            return False
    return True


def is_mostly_utf8(path: Path) -> bool:
    """Whether lines beyond ASCII are UTF-8 at least as often as not.

    A file in another encoding has hardly a line that is UTF-8 by chance, and a UTF-8 file few lines that
    are not: one half tells them apart even in a file of two lines.
    """
    good = bad = 0
    with path.open("rb") as stream:
        while line := stream.readline(_BLOCK):
            if line.isascii():
                continue
            try:
                codecs.getincrementaldecoder("utf-8")().decode(line)
                good += 1
            except UnicodeDecodeError:
                bad += 1
    return good >= bad


def transcode(path: Path, target: Path, encoding: str) -> Path:
    """Write the file to `target` in UTF-8, a block at a time; what cannot be decoded becomes U+FFFD."""
    decode = codecs.getincrementaldecoder("utf-8" if encoding == BYTEWISE else encoding)(
        errors="replace"
    ).decode
    with path.open("rb") as stream, target.open("w", encoding="utf-8", newline="") as out:
        while block := stream.read(_BLOCK):
            out.write(decode_bytewise(block) if encoding == BYTEWISE else decode(block))
    return target
