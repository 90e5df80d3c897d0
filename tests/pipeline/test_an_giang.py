"""An Giang 2025 with a hundredth of its dossiers: every count of the report comes out of two real nights.

The later night runs first, so that the earlier one has everything before it that it must not know.
`make an-giang` does the same with all 392,496 dossiers.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.pipeline.an_giang import COUNTED, Compared, Release
from tests.pipeline.conftest import Province, Run, run
from tests.province.an_giang import AFTERWARDS, AS_OF, an_giang
from tests.province.plan import Arguments
from tests.published import Figure, an_giang_figures, an_giang_score, handled_afterwards, plan_tasks

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("an_giang")]

SCALE = 100
FIGURES = an_giang_figures(SCALE)
Lines = dict[str, Compared]
Nights = tuple[Lines, Lines, Run, Run]


@pytest.fixture(scope="module")
def nights(make: Callable[[Arguments], Province], tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """Counts of the later night, those of the earlier one, the earlier one itself, and the later one."""
    raw, data = make(an_giang(SCALE)).raw, tmp_path_factory.mktemp("an_giang") / "data"

    def counted(day: date, expected: tuple[Figure, ...]) -> tuple[Lines, Run]:
        done = run(raw, data, day)
        assert done.night.published, done.messages
        with opened(done) as release:
            return {line.figure.code: line for line in release.counts(expected)}, done

    later, of_later = counted(AFTERWARDS, handled_afterwards(FIGURES))
    return later, *counted(AS_OF, FIGURES), of_later


def opened(done: Run) -> AbstractContextManager[Release]:
    assert done.night.release is not None
    return Release.opened(done.night.release, done.places.build_database)


def rows(done: Run, sql: str) -> list[tuple[Any, ...]]:
    """Of that night's own release: the current one is of the later date, whichever ran last."""
    with opened(done) as release:
        return release.con.execute(sql).fetchall()


def different(lines: Lines) -> dict[str, tuple[Decimal, int | Decimal | None]]:
    return {code: (line.figure.value, line.computed) for code, line in lines.items() if not line.is_equal}


def test_every_count_of_the_report_comes_out(nights: Nights) -> None:
    _, as_of, _, _ = nights
    assert different(as_of) == {}
    assert as_of.keys() == {figure.code for figure in FIGURES if figure.part in COUNTED}
    assert as_of["petitions_in_progress"].computed == 114
    assert as_of["savings_cost"].computed == 4_870_395_087


def test_a_later_night_shows_the_petitions_handled_and_the_year_as_it_was(
    nights: Nights,
) -> None:
    later, _, _, of_later = nights
    assert different(later) == {}
    assert later["petitions_in_progress"].computed == 0
    assert later["petitions_handled"].computed == 1415 + 114
    with opened(of_later) as release:
        assert release.petitions_in_progress() == {"period_end": 114, "now": 0}


def test_a_count_that_differs_is_told(nights: Nights) -> None:
    """The earlier night beside what is expected of the later one."""
    with opened(nights[2]) as release:
        lines = release.counts(handled_afterwards(FIGURES))
    assert {line.figure.code for line in lines if not line.is_equal} == {
        "petitions_handled",
        "petitions_published",
        "petitions_in_progress",
    }


def test_petitions_that_are_in_no_line_of_the_report_show_their_state(
    nights: Nights,
) -> None:
    with opened(nights[2]) as release:
        states = dict(release.states_not_named())
    assert sum(states.values()) == 30
    assert {"Từ chối tiếp nhận", "chờ bổ sung"} < states.keys()


def test_the_published_score_stands_beside_ours_and_is_not_forced(nights: Nights) -> None:
    with opened(nights[2]) as release:
        shown = dict(
            release.con.execute(
                """SELECT code, portal_points FROM marts.official_and_own
                   WHERE agency_code = 'H01' AND period_start = DATE '2025-01-01' AND are_points_published"""
            ).fetchall()
        )
        lines = release.score() + [line for line in release.rates() if "(" in line.name]
    score = an_giang_score()
    assert shown == dict(score.points)
    assert sum(shown.values()) == score.total == Decimal("94.90")
    assert all(line.one_stop is not None and line.national is not None for line in lines)
    assert all(line.one_stop != line.published for line in lines)


def test_the_report_lands_word_for_word(nights: Nights) -> None:
    """Also where its sums do not add up: what it left out is in no row."""
    with opened(nights[2]) as release:
        landed = dict(
            release.con.execute(
                "SELECT indicator_code, reported_value FROM build.staging.stg_reports__figures"
            ).fetchall()
        )
    said = {f.code: f.value for f in an_giang_figures() if f.origin == "published"}
    score = an_giang_score()
    assert landed == said | dict(score.points) | {"score": score.total}
    assert landed["received"] - landed["received_online"] - landed["received_direct"] == 438
    assert "carried_over" not in landed


def test_the_audit_names_what_does_not_add_up_in_the_report_and_nothing_else(
    nights: Nights,
) -> None:
    """Found by hand before: 438 dossiers and 30 petitions in no column, 95 procedures, two rates."""
    _, _, done, _ = nights
    audited = done.rows(
        "SELECT kind, figure_code, against, gap, left_out_code FROM report_audit WHERE NOT holds ORDER BY ALL"
    )
    assert audited == [
        ("rate", "rate_03", "received", Decimal("-11.010"), None),
        ("sum", "petitions_received", "state", Decimal(30), "petitions_other"),
        ("sum", "received", "channel", Decimal(438), "carried_over"),
        ("sum", "services_online", "level", Decimal(-95), None),
        ("whole_numerator", "rate_12", "any_base", None, None),
    ]
    held = done.rows("SELECT kind, count(*) FROM report_audit WHERE holds GROUP BY kind ORDER BY kind")
    assert held == [("product", 2), ("statement", 12), ("sum", 7)]


def test_our_own_figure_stands_beside_that_of_the_report(nights: Nights) -> None:
    """Ours is that of a hundredth of the dossiers, and the gap what is left; nothing of it is judged."""
    _, _, done, _ = nights
    beside = {
        (code, against): values
        for code, against, *values in rows(
            done,
            """SELECT figure_code, against, stated_value, computed_value, gap, holds FROM marts.report_audit
               WHERE kind = 'warehouse'""",
        )
    }
    published = {f.code: f for f in an_giang_figures() if f.origin == "published"}
    counted = {f.code: f for f in FIGURES if f.part in COUNTED and f.code in published}
    for code, figure in counted.items():
        said = published[code].value
        assert beside[code, "one_stop"] == [said, figure.value, said - figure.value, None], code
    assert len(counted) == 27
    compared = {code for code, _ in beside} - counted.keys()
    rates = {f"rate_{number:02}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 11, 12)}
    grades = {code for code, figure in published.items() if figure.part == "grades"}
    score = {"score"} | {group for group, _ in an_giang_score().points}
    assert compared == rates | grades | score | {"procedures_unused"}
    assert all(gap == said - ours and holds is None for said, ours, gap, holds in beside.values())


def test_every_task_of_the_published_plans_is_followed(nights: Nights) -> None:
    """Those of 2025 by their figure where they have one; of 2021 there are no dossiers: nothing is known."""
    _, _, done, _ = nights
    followed = {
        (number, task): (judged_by, status, due_on)
        for number, task, judged_by, status, due_on in rows(
            done, "SELECT document_number, task_code, judged_by, status, due_on FROM marts.plan_progress"
        )
    }
    tasks = plan_tasks()
    assert followed.keys() == {(t.document_number, t.task_code) for t in tasks}
    for task in tasks:
        judged_by, status, due_on = followed[task.document_number, task.task_code]
        where = f"{task.document_number} {task.task_code}"
        year = date.fromisoformat(task.document_on).year
        assert judged_by == ("data" if task.indicator_code else "report"), where
        assert due_on == (date(year, 12, 31) if task.due_text == f"Năm {year}" else None), where
        if judged_by == "report":
            assert status == "in_progress", where
        else:
            assert status in ((None,) if year == 2021 else ("done", "not_met")), where


def test_the_twelve_targets_cell_by_cell(nights: Nights) -> None:
    """Result and judgement as the report has them; beside 84.15 % what the province's own counts give."""
    _, as_of, done, _ = nights
    told = {
        code: (percent, status, published)
        for code, percent, status, published in rows(
            done,
            """SELECT target_code, result_percent, status_vi, published_status_vi FROM marts.target_results
               WHERE definition = 'published' AND period_start = DATE '2025-01-01'""",
        )
    }
    rates = [figure for figure in an_giang_figures() if figure.part == "rates"]
    assert told == {rate.code: (rate.value, rate.statement, rate.statement) for rate in rates}
    assert len(told) == 12
    (own,) = rows(
        done,
        """SELECT numerator, denominator, round(result_percent, 2), status_vi FROM marts.target_results
           WHERE definition = 'province' AND target_code = 'rate_03' AND period_start = DATE '2025-01-01'""",
    )
    online, received = as_of["received_online"].figure.value, as_of["received"].figure.value
    assert own == (online, received, round(100 * online / received, 2), "ĐẠT")
