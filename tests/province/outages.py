"""Times in which a system did not work; nothing that happens to a dossier follows from them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from tests.province.small import Known, Table, working_days

_HEADER = ("Hệ thống", "Bắt đầu", "Kết thúc", "Có kế hoạch")
_SYSTEMS = ("MC", "DVCQG", "Trục")
_COUNT = 9


def system_outages(known: Known) -> Table:
    """Every third one is maintenance in the night; the others last some hours of a working day."""
    rng, days = known.random(10), working_days(known)
    lines: list[tuple[date, tuple[str, ...]]] = []
    for number, place in enumerate(sorted(rng.choice(len(days), _COUNT, replace=False).tolist())):
        planned = number % 3 == 0
        started = datetime.combine(days[place], time(22 if planned else 8))
        started += timedelta(minutes=int(rng.integers(0, 60 if planned else 300)))
        ended = started + timedelta(minutes=int(rng.integers(20, 300)))
        told = (_written(started), _written(ended), "1" if planned else "0")
        lines.append((ended.date(), (_SYSTEMS[number % len(_SYSTEMS)], *told)))
    return Table(_HEADER, lines)


def _written(at: datetime) -> str:
    return at.strftime("%d/%m/%Y %H:%M")
