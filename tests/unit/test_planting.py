"""Planted faults: each on so many dossiers, in the files it says, to be found by the rules there are."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from orchestration.landing.contracts import load_contract
from tests.province.__main__ import main
from tests.province.cases import FAULTS, MASS_FAULTS, SOURCES, CannotPlant, MassFault, PlantedFault
from tests.province.making import make_province
from tests.province.plan import Arguments
from tests.province.planting import compatible, plant
from tests.province.rearranging import shuffled, swapped
from tests.province.wire_files import Extracts, files_of, unpacked
from tests.unit.helpers import SOURCES as CONTRACTS
from tests.unit.helpers import land

ROOT = Path(__file__).parents[2]
RULES_CSV = ROOT / "dbt_project" / "seeds" / "reconciliation" / "sync_rules.csv"
Row = dict[str, str]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean")
    make_province(Arguments(1500, seed=5, fault_rate=0, gzip=True), out)
    return out


@pytest.fixture(scope="module")
def planted(clean: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("planted") / "province"
    shutil.copytree(clean, out)
    plant(out / "raw", out / "truth", seed=5)
    return out


def faults(out: Path) -> list[Row]:
    with (out / "truth" / "faults.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def digest(folder: Path) -> dict[str, str]:
    paths = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


def test_every_rule_is_planted_and_every_finding_is_of_a_rule() -> None:
    with RULES_CSV.open(encoding="utf-8") as lines:
        rules = {row["rule_code"] for row in csv.DictReader(lines)}
    expected = {rule for fault in FAULTS.values() for rule in fault.findings} | MASS_FAULTS.keys()
    assert expected == rules


def test_each_fault_is_on_two_dossiers_of_its_own_and_twenty_carry_two(planted: Path) -> None:
    rows = faults(planted)
    counts = Counter(row["fault_code"] for row in rows if ";" not in row["fault_code"])
    assert counts == dict.fromkeys(FAULTS, 2) | dict.fromkeys(MASS_FAULTS, 1)
    pairs = [row for row in rows if ";" in row["fault_code"]]
    assert len(pairs) == 20
    for row in pairs:
        one, other = (FAULTS[code] for code in row["fault_code"].split(";"))
        assert compatible(one, other)
        assert set(row["expected_findings"].split(";")) >= {*one.findings, *other.findings}
    assert len({row["dossier_code"] for row in rows}) == len(rows)
    assert [row["fault_id"] for row in rows] == [f"F{n:06d}" for n in range(1, len(rows) + 1)]
    across = {row["dossier_code"] for row in rows if row["fault_code"] in MASS_FAULTS}
    assert all(code.startswith("agency:H01") for code in across)


def test_faults_that_change_the_pair_or_the_same_thing_are_never_together() -> None:
    possible = [pair for pair in combinations(FAULTS.values(), 2) if compatible(*pair)]
    assert len(possible) > 500
    alone = {"missing_on_national", "recoded", "double_posting", "agency_unknown", "ghost_after_deletion"}
    assert not alone & {fault.code for pair in possible for fault in pair}
    assert not compatible(FAULTS["due_missing"], FAULTS["due_emptied"])
    assert not compatible(FAULTS["received_differs"], FAULTS["end_is_reception"])
    assert compatible(FAULTS["due_missing"], FAULTS["channel_zero"])


def test_a_fault_that_is_found_as_planted_is_in_the_extracts(planted: Path) -> None:
    """Of every dossier one field or row that its fault is about; the rules themselves are the pipeline's."""
    extracts = Extracts(planted / "raw", SOURCES)
    national = {row["MaHoSo"]: row for row in extracts.rows("national_dossiers")}
    one_stop = {row["MaHoSo"]: row for row in extracts.rows("one_stop_dossiers")}
    codes: dict[str, set[str]] = {}
    for row in faults(planted):
        for rule in row["expected_findings"].split(";"):
            codes.setdefault(rule, set()).add(row["dossier_code"])
    assert codes["missing_on_national"] == one_stop.keys() - national.keys() - (
        codes["recoded"] | codes["random_recoding"] | codes["code_form_differs"]
    )
    assert codes["ghost_after_deletion"] == {c for c, row in one_stop.items() if row["DaXoa"] == "1"}
    assert codes["channel_zero"] == {c for c, row in national.items() if row["KenhThucHien"] == "0"}
    assert codes["agency_unknown"] == {c for c in one_stop if c.startswith("H01.99-")}
    assert codes["agency_abolished"] == {c for c in one_stop if c.startswith("H01.30-")}
    assert codes["double_posting"] <= national.keys() - one_stop.keys()
    differing = {c for c in one_stop.keys() & national.keys()
                 if one_stop[c]["NgayHenTra"] != national[c]["NgayHenTra"]}  # fmt: skip
    assert codes["due_differs"] == differing


EVERY: list[PlantedFault | MassFault] = [*FAULTS.values(), *MASS_FAULTS.values()]
# faults that say the same, planted together
CHANGES = sorted({tuple(sorted(fault.changes)) for fault in EVERY})


@pytest.mark.parametrize("changes", CHANGES, ids=",".join)
def test_a_fault_changes_the_files_it_says_and_no_others(
    clean: Path, tmp_path: Path, changes: tuple[str, ...]
) -> None:
    codes = {fault.code for fault in EVERY if fault.changes == set(changes)}
    shutil.copytree(clean, tmp_path / "planted")
    raw, before = tmp_path / "planted" / "raw", digest(clean / "raw")
    plant(raw, tmp_path / "planted" / "truth", seed=8, codes=codes, pairs=0)
    after = digest(raw)
    names = before.keys() | after.keys()
    assert {n.split("/")[0] for n in names if before.get(n) != after.get(n)} == set(changes)


def test_what_was_planted_lands_whole(planted: Path, tmp_path: Path) -> None:
    (tmp_path / "raw").symlink_to(planted / "raw")
    for source in (*SOURCES, "portal_scores"):
        for account in land(tmp_path, load_contract(CONTRACTS / f"{source}.yml")).accounts:
            assert account.rows_in == account.rows_landed > 0


def test_the_same_again_and_another_seed(clean: Path, planted: Path, tmp_path: Path) -> None:
    for name, seed in (("again", 5), ("other", 6)):
        shutil.copytree(clean, tmp_path / name)
        plant(tmp_path / name / "raw", tmp_path / name / "truth", seed=seed)
    assert digest(tmp_path / "again") == digest(planted)
    assert digest(tmp_path / "other") != digest(planted)


def test_files_that_nobody_edits_keep_their_bytes(clean: Path, tmp_path: Path) -> None:
    shutil.copytree(clean / "raw", tmp_path / "raw")
    extracts = Extracts(tmp_path / "raw", SOURCES)
    for files in extracts.files.values():
        for file in files:
            file.path.unlink()
            file.path.write_bytes(b"to be written anew")
            file._before = b""
    extracts.save()
    assert digest(tmp_path / "raw") == digest(clean / "raw")


def test_what_cannot_be_planted_is_said(clean: Path, tmp_path: Path) -> None:
    shutil.copytree(clean, tmp_path / "p")
    raw, truth = tmp_path / "p" / "raw", tmp_path / "p" / "truth"
    with pytest.raises(CannotPlant, match=r"No such fault: due_twice\. Known: ack"):
        plant(raw, truth, seed=1, codes={"due_twice", "due_differs"})
    with pytest.raises(CannotPlant, match="instant_completion cannot be planted on 500 dossiers"):
        plant(raw, truth, seed=1, codes={"instant_completion"}, per_fault=500)
    small = tmp_path / "small"
    make_province(Arguments(60, fault_rate=0), small)
    with pytest.raises(CannotPlant, match="placeholders_in_mass cannot be planted: no agency"):
        plant(small / "raw", small / "truth", seed=1, codes={"placeholders_in_mass"})
    assert faults(tmp_path / "p") == []


def test_dossiers_that_other_extracts_speak_of_stay_as_they_are(planted: Path) -> None:
    spoken_of = set()
    for path in files_of(planted / "raw", "petitions"):
        lines = unpacked(path, path.read_bytes()).decode("utf-8-sig").splitlines()
        spoken_of |= {row["Mã hồ sơ"] for row in csv.DictReader(lines)}
    assert len(spoken_of) > 5
    assert not spoken_of & {row["dossier_code"] for row in faults(planted)}


def test_the_command_plants_by_code(tmp_path: Path) -> None:
    arguments = ["--dossiers", "300", "--fault-rate", "0", "--jobs", "1"]
    named = [*arguments, "--out", str(tmp_path / "p"), "--faults", "due_missing,channel_zero"]
    done = CliRunner().invoke(main, named)
    assert done.exit_code == 0, done.output
    counts = Counter(row["fault_code"] for row in faults(tmp_path / "p"))
    assert counts == {"due_missing": 2, "channel_zero": 2}
    for out, more, says in (
        ("q", ["--faults", "nothing"], "No such fault: nothing"),
        ("r", ["--faults", "all", "--format", "landed"], "leave --format out"),
    ):
        refused = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path / out), *more])
        assert refused.exit_code == 2
        assert says in refused.output


# --- the same province otherwise ---


def rows_by_source(raw: Path) -> dict[tuple[str, str, str], Counter[str]]:
    """Rows of every delivery, with the side that their message is of."""
    found: dict[tuple[str, str, str], Counter[str]] = {}
    for path in sorted(p for p in raw.rglob("*") if {".json", ".csv"} & set(p.suffixes)):
        content = unpacked(path, path.read_bytes())
        side, rows = "", list[Any]()
        if ".csv" in path.suffixes:
            rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
        else:
            message = orjson.loads(content)
            side, rows = message.get("NguonDuLieu", ""), message["data"]
        if isinstance(rows, list):
            texts = (json.dumps(row, sort_keys=True) for row in rows)
            found.setdefault((path.parts[-3], path.parts[-2], side), Counter()).update(texts)
    return found


def test_shuffled_rows_are_the_same_rows_elsewhere(planted: Path, tmp_path: Path) -> None:
    shuffled(planted / "raw", tmp_path / "raw", seed=1)
    assert rows_by_source(tmp_path / "raw") == rows_by_source(planted / "raw")
    before, after = digest(planted / "raw"), digest(tmp_path / "raw")
    alike = {name.split("/")[0] for name in before if name in after and not name.endswith("_COMPLETE")}
    assert alike == {"tracked_dossiers", "portal_scores", "certified_copies", "explanations", "targets"}
    assert all(before[name] == after[name] for name in before.keys() & after.keys())
    dossiers = files_of(tmp_path / "raw", "one_stop_dossiers")
    assert len(dossiers) == 2 * 3
    first = json.loads(unpacked(dossiers[0], dossiers[0].read_bytes()))["data"]
    codes = [row["MaHoSo"] for row in first]
    assert codes != sorted(codes)
    shuffled(planted / "raw", tmp_path / "again", seed=1)
    assert digest(tmp_path / "again") == after


def test_swapped_sides_hold_each_others_dossiers_and_steps(planted: Path, tmp_path: Path) -> None:
    swapped(planted / "raw", tmp_path / "raw")
    before, after = (Extracts(raw, SOURCES) for raw in (planted / "raw", tmp_path / "raw"))
    for source, other in (SOURCES[:2], SOURCES[1::-1]):
        own = {name for row in after.rows(source) for name in row}
        was = [{k: v for k, v in row.items() if k in own} for row in before.rows(other)]
        assert [dict(row) for row in after.rows(source)] == was

    def steps(extracts: Extracts) -> Counter[tuple[str, ...]]:
        return Counter(
            (row.file.head["NguonDuLieu"], row["MaHoSo"], row["ThoiDiemXuLy"], row["TrangThai"])
            for row in extracts.rows("processing_steps")
        )

    mirrored = {"MC": "DVCQG", "DVCQG": "MC"}
    assert steps(after) == Counter({(mirrored[k[0]], *k[1:]): n for k, n in steps(before).items()})
    for source in ("payments", "digitized_documents", "agencies"):
        assert list(after.rows(source)) == list(before.rows(source))
