"""The key of keyed links: made once, readable by its owner only, never shown."""

from __future__ import annotations

import hmac
import multiprocessing
import stat
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.landing.link_key import LinkKey, link_key_file, load_link_key

CON = duckdb.connect(":memory:")
in_sql = settings(deadline=None, derandomize=True, max_examples=60)


@in_sql
@given(
    secret=st.binary(min_size=32, max_size=32),
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80),
)
def test_a_link_is_the_hmac_of_python(secret: bytes, text: str) -> None:
    (link,) = CON.execute(f"SELECT {LinkKey(secret).sql('t')} FROM (SELECT $1 AS t)", [text]).fetchall()[0]
    assert link == hmac.new(secret, text.encode(), sha256).hexdigest()


def test_no_text_has_no_link() -> None:
    assert CON.execute(f"SELECT {LinkKey(bytes(32)).sql('NULL::VARCHAR')}").fetchone() == (None,)


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "settings" / "chiso" / "link.key"
    key = load_link_key(path)
    assert len(key.secret) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == key.secret.hex() + "\n"
    assert load_link_key(path) == key
    assert [p.name for p in path.parent.iterdir()] == ["link.key"]
    assert load_link_key(tmp_path / "other.key") != key


def test_a_key_restored_by_hand_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "link.key"
    path.write_text("  " + "0A" * 32 + "\r\n\n")
    assert load_link_key(path).secret == b"\n" * 32


def _load(path: Path) -> bytes:
    return load_link_key(path).secret


@pytest.mark.parametrize("turn", range(3))
def test_processes_that_start_at_once_have_one_key(tmp_path: Path, turn: int) -> None:
    path = tmp_path / str(turn) / "link.key"
    # not multiprocessing.Pool: leaving it terminates its workers, which now and then waits for one for ever
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        keys = list(pool.map(_load, [path] * 16))
    assert set(keys) == {bytes.fromhex(path.read_text())}
    assert [p.name for p in path.parent.iterdir()] == ["link.key"]


@pytest.mark.parametrize("text", ["", "secret words", "0a" * 31, "0a" * 33, "\udcff", "0x" + "0a" * 31])
def test_a_damaged_file_is_one_plain_message_without_its_content(tmp_path: Path, text: str) -> None:
    path = tmp_path / "link.key"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(
        ValueError, match=r"link\.key holds no link key \(64 hexadecimal digits\): restore it"
    ) as e:
        load_link_key(path)
    assert not text or text not in str(e.value)
    assert path.read_bytes() == text.encode(errors="surrogateescape"), "a key is never replaced"


def test_the_key_is_never_shown() -> None:
    key = LinkKey(b"0123456789abcdef0123456789abcdef")
    for shown in (repr(key), str(key), f"{key}", repr([key]), key.identity):
        assert "0123" not in shown
        assert key.secret.hex() not in shown


def test_the_identity_tells_keys_apart() -> None:
    assert LinkKey(bytes(32)).identity == LinkKey(bytes(32)).identity
    assert LinkKey(bytes(32)).identity != LinkKey(bytes(31) + b"\1").identity


def test_where_the_key_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CHISO_LINK_KEY_FILE", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert link_key_file() == tmp_path / "home" / ".config" / "chiso" / "link.key"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    assert link_key_file() == tmp_path / "xdg" / "chiso" / "link.key"
    monkeypatch.setenv("CHISO_LINK_KEY_FILE", str(tmp_path / "own.key"))
    assert link_key_file() == tmp_path / "own.key"
