"""What findings are said to cost is what they cost: they are put right in the extracts, and scored again."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.pipeline.building import Built, build
from tests.pipeline.conftest import LAST_DAY, Province
from tests.province.wire_files import Extracts, Row

pytestmark = pytest.mark.slow

Figure = tuple[object, ...]
NATIONAL, ONE_STOP, STEPS = "national_dossiers", "one_stop_dossiers", "processing_steps"
# What the portal's copy takes over from the one-stop system's, for each rule whose finding is put right so.
TAKEN_OVER = {
    "status_differs": ("TrangThaiHoSo",),
    "due_differs": ("NgayHenTra",),
    "received_differs": ("NgayTiepNhan",),
    "ended_differs": ("NgayKetThucXuLy",),
    "channel_differs": ("KenhThucHien",),
    "procedure_differs": ("MaTTHC",),
    "payment_flag_differs": ("DuocThanhToanTrucTuyen",),
    "fee_zero_on_national": ("DanhSachLePhi",),
    "result_is_submitted_file": ("DanhSachGiayToKetQua",),
    "result_missing": ("DanhSachGiayToKetQua",),
    "result_not_pushed": ("DanhSachGiayToKetQua",),
    "component_not_pushed": ("TaiLieuNop",),
}
OF_STEPS = {
    "steps_missing", "steps_out_of_order", "status_regression", "frozen_in_first_state", "instant_completion",
}  # fmt: skip
# what the payments prove, whatever the other side's flag says
PAID = {"cash_counted_online": "3", "paid_without_payment": "0", "online_payment_not_flagged": "1"}


def put_right(raw: Path, findings: dict[str, set[str]], codes: dict[str, str]) -> None:
    """Correct the portal's extracts below `raw`.

    Args:
        findings: the rules that found something, by dossier.
        codes: the portal's code of a dossier that it has under another one.
    """
    extracts = Extracts(raw, (ONE_STOP, NATIONAL, STEPS))
    here: dict[str, list[Row]] = {}
    there: dict[str, list[Row]] = {}
    for side, rows in ((ONE_STOP, here), (NATIONAL, there)):
        for row in extracts.rows(side):
            rows.setdefault(row["MaHoSo"], []).append(row)
    steps: dict[tuple[str, str], list[Row]] = {}
    for row in extracts.rows(STEPS):
        steps.setdefault((row.file.head["NguonDuLieu"], row["MaHoSo"]), []).append(row)
    portal_steps = {f.day: f for f in extracts.files[STEPS] if f.head["NguonDuLieu"] == "DVCQG"}
    portal_files = {f.day: f for f in extracts.files[NATIONAL]}

    def drop(code: str) -> None:
        for row in [*there.pop(code, []), *steps.pop(("DVCQG", code), [])]:
            row.file.drop(row)

    def push_steps(code: str, portal_code: str) -> None:
        for row in steps.pop(("DVCQG", portal_code), []):
            row.file.drop(row)
        for row in steps.get(("MC", code), []):
            portal_steps[row.file.day].add({**row, "MaHoSo": portal_code})

    for dossier, rules in findings.items():
        code = codes.get(dossier, dossier)
        if rules & {"missing_on_one_stop", "outside_competence"}:
            drop(code)
        elif "missing_on_national" in rules:
            for row in here[dossier]:
                portal_files[row.file.day].add(dict(row))
            push_steps(dossier, dossier)
        else:
            last = there[code][-1]
            for rule, fields in TAKEN_OVER.items():
                if rule in rules:
                    last.update({name: here[dossier][-1][name] for name in fields})
            for rule, flag in PAID.items():
                if rule in rules:
                    last["DuocThanhToanTrucTuyen"] = flag
            if rules & OF_STEPS:
                push_steps(dossier, code)
    extracts.save()


def points(built: Built) -> dict[Figure, Decimal]:
    """Points on the portal's basis of every unit, period and component; an empty one has none."""
    rows = built.rows(
        """SELECT period_type, period_start, agency_code, indicator_code, coalesce(points, 0)
           FROM marts.indicator_results WHERE basis = 'national' AND period_type <> 'day'"""
    )
    return {tuple(row[:4]): Decimal(str(row[4])) for row in rows}


@pytest.mark.xdist_group("findings")
@pytest.mark.parametrize("cause", ["data_sync", "operation", "outside_competence", "all"])
def test_findings_put_right_change_the_score_by_what_was_said(
    faulty: tuple[Province, Built], tmp_path: Path, cause: str
) -> None:
    province, built = faulty
    findings: dict[str, set[str]] = {}
    for dossier, rule in built.rows(
        f"""SELECT dossier_code, rule_code FROM intermediate.int_found_tonight
            WHERE '{cause}' IN ('all', cause_code) AND NOT provisional AND certainty = 'certain'
              AND dossier_code IS NOT NULL"""
    ):
        findings.setdefault(str(dossier), set()).add(str(rule))
    assert findings
    codes = {
        str(dossier): str(code)
        for dossier, code in built.rows(
            """SELECT dossier_code, national_code FROM intermediate.int_dossier_pairs
               WHERE national_code <> dossier_code"""
        )
    }
    shutil.copytree(province.raw, tmp_path / "raw")
    put_right(tmp_path / "raw", findings, codes)
    corrected = build(tmp_path / "raw", tmp_path / "data", LAST_DAY, ["indicator_results"])

    said = {
        tuple(row[:4]): Decimal(str(row[4]))
        for row in built.rows(
            f"""SELECT period_type, period_start, agency_code, indicator_code, points_at_stake
                FROM marts.points_at_stake
                WHERE scenario_code = '{cause}' AND scenario IN ('cause', 'all')"""
        )
    }
    before, after = points(built), points(corrected)
    assert before.keys() == after.keys()
    wrong = [
        f"{figure}: {before[figure]} became {after[figure]}, said was {said.get(figure, 0)}"
        for figure in before
        if after[figure] - before[figure] != said.get(figure, 0)
    ]
    assert not wrong, f"{len(wrong)} of {len(before)} figures, first:\n" + "\n".join(wrong[:20])
    assert any(said.values()), "nothing was at stake"
