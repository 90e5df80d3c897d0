"""Alerts: one message a night and owner, nothing when nothing changed, nothing secret in what went wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from orchestration.operations.alerts import (
    AlertSettings,
    AlertSettingsError,
    Problem,
    load_alert_settings,
    tell_owners,
)
from tests.unit.listening import mail_server, webhook

NIGHTS = [date(2026, 9, day) for day in range(1, 10)]
OURS, THEIRS = "data-engineering", "so-tai-chinh"


def late(owner: str = OURS, days: int = 5) -> Problem:
    return Problem(owner, "payments: freshness", "fail", f"payments is late: {days} days old")


def broken(owner: str = OURS) -> Problem:
    return Problem(owner, "dbt_models", "errored", "dbt ended with 1")


def tell(to: AlertSettings, folder: Path, day: date, problems: list[Problem]) -> list[str]:
    """Of a night that was published when nothing is wrong, and was not when something is."""
    return tell_owners(to, folder, day, problems, is_published=not problems)


def settings(**owners: Any) -> AlertSettings:
    return AlertSettings.model_validate(
        {"owners": {name.replace("_", "-"): to for name, to in owners.items()}}
    )


def test_an_owner_is_told_what_stopped_the_night(tmp_path: Path) -> None:
    with webhook() as (url, posted):
        told = tell(settings(data_engineering={"webhook": url}), tmp_path, NIGHTS[0], [late(), broken()])
    assert told == []
    (message,) = posted
    assert message["business_date"] == "2026-09-01"
    assert message["text"].startswith("[Chỉ số 766] Số liệu ngày 01/09/2026 chưa công bố được: 2 lỗi\n")
    assert message["problems"] == [
        {"name": "dbt_models", "outcome": "errored", "message": "dbt ended with 1"},
        {"name": "payments: freshness", "outcome": "fail", "message": "payments is late: 5 days old"},
    ]


@pytest.mark.parametrize(
    ("nights", "told_of"),
    [
        # the same night twice, also with other problems: one message a night
        ([(0, [late()]), (0, [late(), broken()])], [1]),
        # the same problem, in other words: nothing changed
        ([(0, [late(days=5)]), (1, [late(days=6)]), (2, [late(days=7)])], [1]),
        # another one, and the first alone again
        ([(0, [late()]), (1, [late(), broken()]), (2, [late()])], [1, 2, 1]),
        # over: said once
        ([(0, [late()]), (1, []), (2, [])], [1, 0]),
        # nothing was ever wrong
        ([(0, []), (1, [])], []),
        # over and back
        ([(0, [late()]), (1, []), (2, [late()])], [1, 0, 1]),
        # what the same night could no longer say is said by the next
        ([(0, [late()]), (0, []), (1, [])], [1, 0]),
    ],
)
def test_one_message_a_night_and_none_when_nothing_changed(
    tmp_path: Path, nights: list[tuple[int, list[Problem]]], told_of: list[int]
) -> None:
    with webhook() as (url, posted):
        for night, problems in nights:
            assert tell(settings(data_engineering={"webhook": url}), tmp_path, NIGHTS[night], problems) == []
    assert [len(message["problems"]) for message in posted] == told_of


def test_each_owner_is_told_of_their_own_and_nobody_s_goes_to_all(tmp_path: Path) -> None:
    with webhook() as (ours, to_us), webhook() as (theirs, to_them):
        both = settings(data_engineering={"webhook": ours}, so_tai_chinh={"webhook": theirs})
        tell(both, tmp_path, NIGHTS[0], [late(THEIRS), broken(OURS)])
        tell(both, tmp_path, NIGHTS[1], [late(THEIRS), broken("so-noi-vu")])
    named = [[[p["name"] for p in m["problems"]] for m in came] for came in (to_us, to_them)]
    assert named == [
        [["dbt_models"]],  # the second night has the same name, of somebody whom nobody knows how to reach
        [["payments: freshness"], ["dbt_models", "payments: freshness"]],
    ]


def test_a_night_that_was_published_with_something_wrong_beside_it(tmp_path: Path) -> None:
    copy = Problem(OURS, "release: postgres_copy", "errored", "PostgreSQL cannot be reached")
    with webhook() as (url, posted):
        tell_owners(
            settings(data_engineering={"webhook": url}), tmp_path, NIGHTS[0], [copy], is_published=True
        )
    assert posted[0]["text"].startswith("[Chỉ số 766] Số liệu ngày 01/09/2026 đã công bố, còn 1 lỗi\n")


def test_mail_comes_in_vietnamese(tmp_path: Path) -> None:
    with mail_server() as (port, came):
        there = AlertSettings.model_validate(
            {
                "owners": {OURS: {"mail": ["a@example.vn", "b@example.vn"]}},
                "smtp": {"host": "127.0.0.1", "port": port, "sender": "chiso@example.vn"},
            }
        )
        assert tell(there, tmp_path, NIGHTS[0], [late()]) == []
    (message,) = came
    assert message["To"] == "a@example.vn, b@example.vn"
    assert message["Subject"] == "[Chỉ số 766] Số liệu ngày 01/09/2026 chưa công bố được: 1 lỗi"
    assert "KHÔNG công bố được" in message.get_content()
    assert "payments is late: 5 days old" in message.get_content()


def test_what_could_not_be_sent_is_said_without_secrets_and_sent_with_the_next_night(tmp_path: Path) -> None:
    with webhook(answer=503) as (url, _):
        failed = tell(settings(data_engineering={"webhook": url}), tmp_path, NIGHTS[0], [late()])
    assert failed == ["data-engineering could not be told: the webhook answered 503"]
    # nobody listens there any more
    failed = tell(settings(data_engineering={"webhook": url}), tmp_path, NIGHTS[1], [late()])
    assert failed == [
        "data-engineering could not be told: the webhook cannot be reached (ConnectionRefusedError)"
    ]
    with webhook() as (url, posted):
        assert tell(settings(data_engineering={"webhook": url}), tmp_path, NIGHTS[2], [late()]) == []
    assert len(posted) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("owners: {}", "owners"),
        ("owners: {a: {webhook: 'ftp://x'}}", "begins with https://"),
        ("owners: {a: {fax: '1'}}", "fax"),
        ("owners: {a: {mail: [a@b.vn]}}", "`smtp` must be there"),
        ("owners: [", "something else"),
    ],
)
def test_settings_that_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    file = tmp_path / "alerts.yml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("CHISO_ALERTS", str(file))
    with pytest.raises(AlertSettingsError, match=words) as refused:
        load_alert_settings()
    assert str(file) in str(refused.value)


def test_without_settings_nobody_is_told_and_a_missing_file_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHISO_ALERTS", raising=False)
    assert load_alert_settings() is None
    monkeypatch.setenv("CHISO_ALERTS", str(tmp_path / "nowhere.yml"))
    with pytest.raises(AlertSettingsError, match=r"nowhere.yml cannot be read: No such file"):
        load_alert_settings()
