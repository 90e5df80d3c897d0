"""One row that stands on the edge of a rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]

MONDAY = "20260302080000"

SHORT_LIMIT, LONG_LIMIT, DROPPED, UNKNOWN = "1.999901", "1.999902", "1.999903", "1.999999"
HUGE_LIMIT, ZERO_LIMIT = "1.999904", "1.999905"
NO_PAPER, NOT_ONLINE, COMMUNAL, NOT_FOR_CITIZENS = "1.999906", "1.999907", "1.999908", "1.999909"
# The seed of aliases says that the first is the second by its old number.
RENUMBERED, PRESENT = "1.006714", "1.001193"


@dataclass(frozen=True)
class Edge:
    """One dossier: its fields, requests for papers (asked, answered, new due) and steps (time, state)."""

    name: str
    fields: dict[str, Any] = field(default_factory=dict)
    requests: tuple[tuple[str, str, str], ...] = ()
    steps: tuple[tuple[str, str], ...] = ()


def due(name: str, due_at: str, ended: str = "", **more: Any) -> Edge:
    """A dossier received on Monday 02/03/2026 with a due date."""
    requests, steps = more.pop("requests", ()), more.pop("steps", ())
    return Edge(name, {"NgayHenTra": due_at, "NgayKetThucXuLy": ended, **more}, requests, steps)


def no_due(name: str, procedure: str, ended: str = "", **more: Any) -> Edge:
    """A dossier of a procedure, without a due date."""
    return due(name, "", ended, MaTTHC=procedure, **more)
