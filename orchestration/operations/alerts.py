"""Who is told when something is wrong with a night, and when it is well again: one message a night and owner.

The file that CHISO_ALERTS names says how owners are reached (docs/runbook.md has an example):

    owners:
      data-engineering: {webhook: "https://chat.example.vn/hooks/…", mail: [data@example.vn]}
    smtp: {host: mail.example.vn, port: 587, security: starttls, sender: chiso@example.vn, user: chiso}

The password of SMTP stands in CHISO_SMTP_PASSWORD. Nobody is told twice of the same: what an owner was last
told stands in `DATA/alerts/`, and nothing is sent while the same checks and steps fail.
"""

from __future__ import annotations

import hashlib
import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from orchestration.publishing.files import sync

_SETTINGS = "CHISO_ALERTS"
_PASSWORD = "CHISO_SMTP_PASSWORD"
_SECONDS = 15
_SHOWN = 20


class AlertSettingsError(Exception):
    """The file of settings cannot be used; the message names it and says what to change."""


@dataclass(frozen=True, order=True)
class Problem:
    """What stopped a night, or broke in it.

    Attributes:
        owner: who is answerable for it.
        name: of the check or the step; what makes two problems the same.
        outcome: fail or errored.
        message: in words, as the summary of the night has it.
    """

    owner: str
    name: str
    outcome: str
    message: str


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reached(_Strict):
    """How an owner is reached."""

    webhook: str | None = None
    mail: tuple[str, ...] = ()

    @field_validator("webhook")
    @classmethod
    def _is_a_url(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("a webhook begins with https:// or http://")
        return value


class Smtp(_Strict):
    """The mail server."""

    host: str
    port: int = 25
    security: Literal["none", "starttls", "tls"] = "none"
    sender: str
    user: str | None = None


class AlertSettings(_Strict):
    """The whole file."""

    owners: dict[str, Reached] = Field(min_length=1)
    smtp: Smtp | None = None


def load_alert_settings() -> AlertSettings | None:
    """What the file of CHISO_ALERTS says; None without the variable: then nobody is told.

    Raises:
        AlertSettingsError: the file is not there, or says something else than it may.
    """
    path = os.environ.get(_SETTINGS)
    if not path:
        return None
    try:
        settings = AlertSettings.model_validate(yaml.safe_load(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        raise AlertSettingsError(f"{_SETTINGS}: {path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, ValidationError) as error:
        raise AlertSettingsError(f"{_SETTINGS}: {path} says something else than it may: {error}") from error
    to_mail = [owner for owner, reached in settings.owners.items() if reached.mail]
    if to_mail and settings.smtp is None:
        raise AlertSettingsError(
            f"{_SETTINGS}: {path}: {to_mail[0]} is to get mail, so `smtp` must be there."
        )
    return settings


def tell_owners(
    settings: AlertSettings,
    told: Path,
    business_date: date,
    problems: Sequence[Problem],
    *,
    is_published: bool,
) -> list[str]:
    """Tell each owner what became of a night, where that is news.

    An owner is told when other problems of theirs stand than they were last told of, or when all are over;
    and of one business date only once.

    Args:
        told: the folder `DATA/alerts`; made when it is not there.
        is_published: whether the night was published, with problems or without.
        problems: of all owners; those of an owner without settings go to every owner of `settings`.

    Returns:
        A sentence on each message that could not be sent; what it said is then sent with the next night.
    """
    failures = []
    told.mkdir(parents=True, exist_ok=True)
    for owner, reached in settings.owners.items():
        own = sorted(p for p in problems if p.owner == owner or p.owner not in settings.owners)
        if not _is_news(told, owner, business_date, own):
            continue
        subject, text = _in_words(business_date, own, is_published)
        failed = _send(settings.smtp, reached, subject, text, business_date, own)
        if failed:
            failures += [f"{owner} could not be told: {words}" for words in failed]
        else:
            _note(told, owner, business_date, own)
    return failures


def _is_news(told: Path, owner: str, business_date: date, problems: Sequence[Problem]) -> bool:
    last = _last_told(told, owner)
    return bool(last["business_date"] != business_date.isoformat() and last["problems"] != _names(problems))


def _last_told(told: Path, owner: str) -> dict[str, Any]:
    note = _note_of(told, owner)
    if not note.exists():
        return {"business_date": None, "problems": []}
    return dict(json.loads(note.read_text(encoding="utf-8")))


def _note(told: Path, owner: str, business_date: date, problems: Sequence[Problem]) -> None:
    note = _note_of(told, owner)
    content = {"owner": owner, "business_date": business_date.isoformat(), "problems": _names(problems)}
    draft = note.with_suffix(".draft")
    draft.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sync(draft)
    draft.replace(note)


def _note_of(told: Path, owner: str) -> Path:
    """A file of the owner's own: an owner's name may hold signs that a file's may not."""
    return told / f"{hashlib.sha256(owner.encode()).hexdigest()[:16]}.json"


def _names(problems: Sequence[Problem]) -> list[str]:
    """What makes problems the same: words change from night to night (`9 days old`), names do not."""
    return sorted({f"{problem.name} {problem.outcome}" for problem in problems})


def _in_words(business_date: date, problems: Sequence[Problem], is_published: bool) -> tuple[str, str]:
    day = f"{business_date:%d/%m/%Y}"
    if not problems:
        return (
            f"[Chỉ số 766] Số liệu ngày {day} đã được công bố",
            f"Đêm chạy cho ngày số liệu {day} đã công bố; các lỗi đã báo trước đây không còn.\n",
        )
    if is_published:
        subject = f"[Chỉ số 766] Số liệu ngày {day} đã công bố, còn {len(problems)} lỗi"
        first = f"Đêm chạy cho ngày số liệu {day} đã công bố, nhưng còn lỗi cần xử lý."
    else:
        subject = f"[Chỉ số 766] Số liệu ngày {day} chưa công bố được: {len(problems)} lỗi"
        first = (
            f"Đêm chạy cho ngày số liệu {day} KHÔNG công bố được. Số liệu công bố lần trước vẫn giữ nguyên."
        )
    lines = [f"- {p.name} ({p.outcome})\n  {p.message}".rstrip() for p in problems[:_SHOWN]]
    if len(problems) > _SHOWN:
        lines.append(f"- … và {len(problems) - _SHOWN} lỗi khác")
    return subject, "\n".join([first, "", *lines]) + "\n"


def _send(
    smtp: Smtp | None,
    reached: Reached,
    subject: str,
    text: str,
    business_date: date,
    problems: Sequence[Problem],
) -> list[str]:
    """Send by every way there is; what went wrong, in words that hold no secret."""
    failures = []
    if reached.webhook is not None:
        content = {
            "text": f"{subject}\n\n{text}",
            "business_date": business_date.isoformat(),
            "problems": [{"name": p.name, "outcome": p.outcome, "message": p.message} for p in problems],
        }
        failures += _post(reached.webhook, content)
    if reached.mail and smtp is not None:
        failures += _mail(smtp, reached.mail, subject, text)
    return failures


def _post(webhook: str, content: dict[str, Any]) -> list[str]:
    request = urllib.request.Request(
        webhook,
        json.dumps(content, ensure_ascii=False).encode(),
        {"Content-Type": "application/json; charset=utf-8"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS):
            return []
    except urllib.error.HTTPError as error:
        return [f"the webhook answered {error.code}"]
    except OSError as error:  # URLError, refused, timed out; the address may be a secret: not in the words
        return [f"the webhook cannot be reached ({type(getattr(error, 'reason', error)).__name__})"]


def _mail(smtp: Smtp, addresses: Sequence[str], subject: str, text: str) -> list[str]:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, smtp.sender, ", ".join(addresses)
    message.set_content(text)
    trusted = ssl.create_default_context()
    try:
        connect = smtplib.SMTP_SSL if smtp.security == "tls" else smtplib.SMTP
        options = {"context": trusted} if smtp.security == "tls" else {}
        with connect(smtp.host, smtp.port, timeout=_SECONDS, **options) as server:  # type: ignore[arg-type]
            if smtp.security == "starttls":
                server.starttls(context=trusted)
            if smtp.user is not None:
                server.login(smtp.user, os.environ.get(_PASSWORD, ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        return [f"mail over {smtp.host}:{smtp.port} did not go ({type(error).__name__})"]
    return []
