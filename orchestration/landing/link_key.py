"""The key of keyed links: HMAC-SHA256 of an identity, so that rules see that two dossiers have one owner.

The key lives outside DATA (`CHISO_LINK_KEY_FILE`), is made at the first run and never leaves its file. What
it makes is still personal data: it stands in landed and intermediate tables only (names.md, personal data).
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

_BYTES = 32
_BLOCK = 64  # SHA-256's block: HMAC is H(outer ‖ H(inner ‖ text)) over the key padded to it (RFC 2104)


@dataclass(frozen=True)
class LinkKey:
    """The secret; its text form never shows it."""

    secret: bytes

    def __repr__(self) -> str:
        return "LinkKey(…)"

    @property
    def identity(self) -> str:
        """Which key it is, without saying it: rows linked under another key are landed anew."""
        return hashlib.sha256(b"chiso link key\n" + self.secret).hexdigest()[:12]

    def sql(self, text: str) -> str:
        """SQL of the HMAC-SHA256, in hex, of a text; NULL where it is NULL."""
        padded = self.secret.ljust(_BLOCK, b"\0")
        inner = bytes(b ^ 0x36 for b in padded).hex()
        outer = bytes(b ^ 0x5C for b in padded).hex()
        return f"sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode({text}))))"


def link_key_file() -> Path:
    """Where the key is: CHISO_LINK_KEY_FILE, else chiso/link.key among the user's settings."""
    named = os.environ.get("CHISO_LINK_KEY_FILE")
    if named:
        return Path(named)
    settings = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(settings) / "chiso" / "link.key"


def load_link_key(path: Path) -> LinkKey:
    """The key in a file; it is made, readable by its owner only, when there is none.

    Raises:
        ValueError: the file holds no key of 64 hexadecimal digits.
        OSError: the file can be neither read nor made.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_hex(_BYTES) + "\n")
        try:
            os.link(draft, path)  # unlike a rename, never replaces the key of a run beside this one
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    text = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) != _BYTES:
        raise ValueError(
            f"{path} holds no link key ({2 * _BYTES} hexadecimal digits): restore it from your backup, or "
            "remove it to have a new one made (links to dossiers landed before are then made anew)"
        )
    return LinkKey(secret)
