"""An Giang 2025 as a plan: the figures as data, how they are divided, and what is dealt out of them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tests.province.__main__ import main
from tests.province.an_giang import an_giang
from tests.province.clock import DAY, Clock, day_number
from tests.province.dealing import deal_chunks
from tests.province.goals import FATES
from tests.province.making import make_province
from tests.province.procedures import make_procedures
from tests.published import an_giang_figures, shared_out

SMALLEST = 400


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("an_giang")
    make_province(an_giang(SMALLEST), out)
    return out


def values(scale: int = 1) -> dict[str, int]:
    return {f.code: int(f.value) for f in an_giang_figures(scale)}


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


# --- figures ---


def test_what_is_derived_is_what_the_report_is_short_of() -> None:
    """The report's own sums: two fail, and what is missing in them is the figure called derived."""
    v = values()
    assert {f.code for f in an_giang_figures() if f.origin == "derived"} == {
        "carried_over",
        "petitions_other",
    }
    assert v["received"] - (v["received_online"] + v["received_direct"]) == v["carried_over"] == 438
    assert v["petitions_received"] - (v["petitions_handled"] + v["petitions_in_progress"]) == 30
    assert v["petitions_other"] == 30
    assert v["services_online"] == v["services_full"] + v["services_partial"]
    assert v["procedures_provincial"] + v["procedures_communal"] == v["services_online"] + 95


@pytest.mark.parametrize("scale", [1, 3, 7, 100, 399, SMALLEST])
def test_divided_figures_keep_every_sum(scale: int) -> None:
    v, whole = values(scale), values()
    assert v["received"] == v["received_online"] + v["received_direct"] + v["carried_over"]
    assert v["received"] == v["resolved"] + v["in_progress"]
    assert v["resolved"] == v["resolved_early"] + v["resolved_on_time"] + v["resolved_overdue"]
    assert v["in_progress"] == v["in_progress_within"] + v["in_progress_overdue"]
    of_dossiers = {f.code for f in an_giang_figures() if f.part == "dossiers"}
    assert all(v[code] == whole[code] for code in whole.keys() - of_dossiers)
    # parts are off by less than one, a sum by less than as many as it has parts
    assert all(abs(v[code] - whole[code] / scale) < 3 for code in of_dossiers)
    assert all(v[code] > 0 for code in of_dossiers)


def test_shares_add_up_and_go_to_the_largest_remainders() -> None:
    assert shared_out(10, [1, 1, 1]) == [4, 3, 3]
    assert shared_out(7, [50, 30, 20]) == [4, 2, 1]
    assert shared_out(0, [5, 6]) == [0, 0]


# --- what is dealt out ---


@pytest.mark.parametrize("scale", [1, 100, SMALLEST])
def test_fates_and_channels_are_dealt_out_to_the_last_one(scale: int) -> None:
    arguments, v = an_giang(scale), values(scale)
    assert arguments.goals is not None
    chunks = deal_chunks(arguments, arguments.goals, Clock(2025))
    cases = [chunk.cases for chunk in chunks if chunk.cases is not None]
    days = np.concatenate([chunk.days for chunk in chunks])
    dealt = np.concatenate(cases)
    assert len(cases) == len(chunks)
    assert dict(zip(FATES, dealt.sum(axis=(0, 2)).tolist(), strict=True)) == {
        "early": v["resolved_early"],
        "on_time": v["resolved_on_time"],
        "overdue": v["resolved_overdue"],
        "open_in_time": v["in_progress_within"],
        "open_overdue": v["in_progress_overdue"],
    }
    prior = days < day_number(date(2025, 1, 1))
    assert dealt[prior].sum() == v["carried_over"]
    assert dealt[~prior].sum(axis=(0, 1)).tolist() == [v["received_direct"], v["received_online"]]


def test_a_due_day_is_reached_when_as_many_working_days_have_passed() -> None:
    clock, last = Clock(2025), day_number(date(2025, 12, 31))
    times = np.arange(day_number(date(2025, 11, 1)), last) * DAY + 9 * 3600
    left = clock.working_days_between(times, last)
    assert (clock.due_day(times, np.maximum(left, 1))[left > 0] <= last).all()
    assert (clock.due_day(times, left + 1) > last).all()


def test_the_catalogue_has_the_published_counts() -> None:
    goals, v = an_giang().goals, values()
    assert goals is not None
    made = make_procedures(goals.catalogue)
    assert len({p.code for p in made}) == len({p.name for p in made}) == len(made)
    assert Counter(p.level for p in made) == {
        "TỈNH": v["procedures_provincial"],
        "XÃ": v["procedures_communal"],
    }
    levels = Counter(p.service_level_code for p in made)
    assert (levels["4"], levels["3"]) == (v["services_full"], v["services_partial"])
    assert sum(p.is_for_business for p in made) == v["procedures_business"]
    assert all(p.is_for_citizens or p.is_for_business for p in made)
    assert made[: len(make_procedures())] == make_procedures()


def test_the_same_arguments_give_the_same_bytes_in_any_number_of_processes(
    province: Path, tmp_path: Path
) -> None:
    make_province(an_giang(SMALLEST), tmp_path, jobs=2)

    def digests(out: Path) -> dict[str, str]:
        files = [p for p in out.rglob("*") if p.is_file()]
        return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    assert digests(province) == digests(tmp_path)


def test_petitions_in_progress_at_the_report_are_public_in_the_later_delivery(province: Path) -> None:
    first, later = (
        {row["Mã PAKN"]: row for row in rows(province / "raw/petitions" / day / "petitions-0001.csv")}
        for day in ("2025-12-31", "2026-01-15")
    )
    v = values()
    assert len(first) == v["petitions_received"]
    assert {row["Ngày tiếp nhận"][6:10] for row in first.values()} == {"2025"}
    open_then = {code for code, row in first.items() if not row["Ngày xử lý"]}
    assert len(open_then) == v["petitions_in_progress"]
    assert later.keys() == open_then
    assert {row["Trạng thái"] for row in later.values()} == {"đã công khai"}
    assert sum(row["Trạng thái"] == "đã công khai" for row in first.values()) == v["petitions_published"]


def test_the_score_is_told_as_the_portal_told_it(province: Path) -> None:
    reply = json.loads((province / "raw/portal_scores/2025-12-31/scores.json").read_text(encoding="utf-8"))
    (row,) = reply["rows"]
    assert (row["MA_COQUAN"], row["TONG_SCORE"], row["TDGQ"]) == ("H01", "94.9", "19.42")


def test_the_command_takes_a_plan_or_arguments(tmp_path: Path) -> None:
    def call(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--out", str(tmp_path / "p"), *arguments])
        return done.exit_code, done.output

    code, said = call("--plan", "an-giang", "--dossiers", "5", "--year", "2026")
    assert (code, "dossiers, year" in said) == (2, True)
    assert call("--dossiers", "5", "--scale", "2")[0] == 2
    assert call()[0] == 2
    code, said = call("--plan", "an-giang", "--scale", str(SMALLEST), "--jobs", "1")
    assert (code, "981" in said) == (0, True), said
