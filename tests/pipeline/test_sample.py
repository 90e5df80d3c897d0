"""The committed sample, through the command that users type: published, repeatable, private, true."""

from __future__ import annotations

import ast
import csv
import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.dbt_runs import prepare_manifest, run_dbt
from orchestration.documents.dictionary import EVIDENCE, read_words
from orchestration.documents.evidence_pack import EvidenceError, write_pack
from orchestration.marts import read_marts
from orchestration.places import ROOT, Places
from tests.pipeline.conftest import run
from tests.province.making import make_province
from tests.province.plan import Arguments

# one worker runs the night that all tests of this file look at
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample")]

MARTS = {
    "assigned_target_pace",
    "assigned_target_progress",
    "catalogue_figures",
    "cause_points",
    "certified_copies",
    "count_bridge",
    "digitization_quality",
    "dim_agency",
    "dim_finding_cause",
    "dim_grade",
    "dim_indicator",
    "dim_measure",
    "dim_period",
    "dim_period_rule_set",
    "dim_procedure",
    "dim_rule_set",
    "dim_sync_rule",
    "dossier_facts",
    "finding_explanations",
    "indicator_counts",
    "indicator_results",
    "indicator_results_by_procedure",
    "landing_files",
    "landing_rows_quarantined",
    "lever_components",
    "levers",
    "measure_results",
    "official_and_own",
    "on_time_definitions",
    "on_time_differences",
    "overdue_explanations",
    "pairing_counts",
    "par_index",
    "petition_facts",
    "petition_lifecycle",
    "plan_progress",
    "points_at_stake",
    "portal_score_check",
    "publication_facts",
    "report_audit",
    "reuse_candidates",
    "satisfaction_index",
    "savings",
    "score_changes",
    "scorecard_totals",
    "scorecards",
    "scored_units",
    "shortfalls",
    "sync_findings",
    "synchronization_bases",
    "table_ii_06",
    "target_causes",
    "target_results",
    "unit_procedures",
}


def test_the_command_prints_scorecard_discrepancies_and_where_the_tables_are(
    sample_night: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _, done = sample_night
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("Hồ sơ nộp trực tuyến", "missing_on_national", "releases/current", "Tổng điểm"):
        assert words in done.stdout
    assert "\x1b[" not in done.stdout, "colour only on a terminal"


def test_a_release_holds_every_mart_three_times(current: Path) -> None:
    """As Parquet, in chiso.duckdb, and described in the manifest, with the same number of rows."""
    manifest = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["marts"]) == MARTS
    assert {p.stem for p in current.glob("*.parquet")} == MARTS
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        for mart in MARTS:
            rows = con.execute(f"SELECT count(*) FROM marts.{mart}").fetchone()
            assert rows == (manifest["marts"][mart]["rows"],), mart
            assert rows[0] > 0 or mart == "landing_rows_quarantined", mart


def test_a_release_has_the_columns_and_types_that_the_ymls_promise(current: Path) -> None:
    """Every mart, also the one in Python, of which dbt enforces nothing; evidence has names for people."""
    words = read_words()
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:

        def described(relation: str) -> list[tuple[str, str]]:
            return [(name, kind) for name, kind, *_ in con.execute(f"DESCRIBE {relation}").fetchall()]

        for mart in read_marts(prepare_manifest()):
            casts = ", ".join(f"CAST(NULL AS {c.data_type}) AS {c.name}" for c in mart.columns)
            assert described(f"marts.{mart.name}") == described(f"SELECT {casts}"), mart.name
        views = con.execute(
            "SELECT view_name FROM duckdb_views() WHERE view_name LIKE 'evidence_%' ORDER BY 1"
        ).fetchall()
        assert len(views) == len({*MADE_OF_DOSSIERS, *MADE_OF_PETITIONS, *MADE_OF_PROCEDURES})
        facts = (EVIDENCE, "petition_facts", "publication_facts")
        for (view,) in views:
            nameless = [name for name, _ in described(f"marts.{view}") if words.label(name, *facts) == name]
            assert nameless == [], f"{view}: give them a word"


def test_the_manifest_names_every_gate_and_what_it_said(current: Path) -> None:
    """As the command printed them: 4 warnings; nothing that blocks failed, or there would be no release."""
    gates = json.loads((current / "manifest.json").read_text(encoding="utf-8"))["gates"]
    assert len({(gate["asset"], gate["check"]) for gate in gates}) == len(gates) > 300
    assert {gate["outcome"] for gate in gates if gate["blocks"]} == {"pass"}
    warned = sorted(
        f"{gate['asset'].split('/')[-1]}: {gate['check']}" for gate in gates if gate["outcome"] != "pass"
    )
    assert warned == [
        "ministry_dossiers: expectations",
        "national_dossiers: expectations",
        "one_stop_dossiers: expectations",
        "stg_both_sides__steps: steps_of_a_dossier_that_never_came",
    ]


def test_what_became_of_the_night_is_a_table(current: Path) -> None:
    """A row per step, with what its checks said; in the release all but what comes after it."""
    published = current.parent.parent / "published" / "chiso.duckdb"
    with duckdb.connect(str(published), read_only=True) as con:
        steps = con.execute(
            """SELECT step, outcome, run_outcome, seconds > 0, peak_memory_bytes > 0, checks_passed,
                      checks_failed + checks_errored
               FROM ops.run_outcomes ORDER BY step"""
        ).fetchall()
        landed = con.execute(
            "SELECT rows FROM ops.run_outcomes WHERE step = 'landed__one_stop_dossiers'"
        ).fetchone()
    names = [step for step, *_ in steps]
    assert len(names) == 2 * 22 + 3 and {"build_database", "dbt_models", "release"} <= set(names)
    assert {row[1:5] for row in steps} == {("pass", "published", True, True)}
    manifest = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
    gates = [gate["outcome"] for gate in manifest["gates"]]
    assert sum(row[5] for row in steps) == gates.count("pass")
    assert sum(row[6] for row in steps) == len(gates) - gates.count("pass")
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        accounted = con.execute(
            "SELECT sum(rows_landed) FROM marts.landing_files WHERE source = 'one_stop_dossiers'"
        ).fetchone()
        own = con.execute("SELECT step, outcome FROM ops.run_outcomes ORDER BY step").fetchall()
    assert landed == accounted
    assert own == [(step, "running" if step == "release" else "pass") for step in names]


def test_the_path_for_bi_tools_shows_the_release(current: Path) -> None:
    """Every mart by its rows and its columns, a view that stands on marts, and the ledger."""
    manifest = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
    published = current.parent.parent / "published" / "chiso.duckdb"
    with duckdb.connect(str(published), read_only=True) as con:
        for mart, told in manifest["marts"].items():
            assert con.execute(f"SELECT count(*) FROM marts.{mart}").fetchone() == (told["rows"],), mart
            columns = [name for name, *_ in con.execute(f"DESCRIBE marts.{mart}").fetchall()]
            assert columns == told["columns"], mart
        question = "SELECT count(*), count(*) FILTER (in_numerator) FROM marts.evidence_2_1"
        with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as own:
            assert con.execute(question).fetchone() == own.execute(question).fetchone()
        said = con.execute(
            "SELECT count(*), count(*) FILTER (said_until_at IS NULL) FROM marts.as_published"
        ).fetchone()
        figures = sum(
            manifest["marts"][m]["rows"] for m in ("indicator_results", "scorecards", "scorecard_totals")
        )
        assert said == (figures, figures)


def test_the_snippets_of_the_guide_run(current: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/bi.md, as it is printed, beside a folder `data`."""
    monkeypatch.chdir(current.parent.parent.parent)
    assert Path("data").resolve() == current.parent.parent
    guide = (ROOT / "docs" / "bi.md").read_text(encoding="utf-8")
    snippets = [part.partition("```")[0] for part in guide.split("```python\n")[1:]]
    told: dict[str, Any] = {}
    for snippet in snippets:
        exec(compile(snippet, "docs/bi.md", "exec"), told)
    assert list(told["scores"].columns) == ["agency_code", "points", "grade", "rank_in_level"]
    assert len(told["scores"]) == told["scores"]["agency_code"].nunique() > 5
    assert told["open_by_agency"].sum() > 100
    assert len(told["told"]) > 1000
    assert len(told["restated"]) == 0


def test_a_pack_proves_each_figure_by_itself(current: Path, tmp_path: Path) -> None:
    """Every component of the province and of a department, by the program in the pack, started elsewhere."""
    release = current.resolve()
    codes = [*MADE_OF_DOSSIERS, *MADE_OF_PETITIONS, *MADE_OF_PROCEDURES, *CONSTANT]
    for number, code in enumerate(sorted(codes)):
        agency, basis = ("H01", "H01.09")[number % 2], ("national", "one_stop")[number % 3 == 0]
        pack = write_pack(release, code, agency, "year", date(2026, 1, 1), basis, tmp_path / code)
        assert pack.rows == (pack.figure["denominator"] or 0), code
        said = verified(tmp_path / code)
        assert (said.returncode, said.stdout.startswith(f"{code} of {agency}")) == (0, True), said.stdout
    lineage = json.loads((tmp_path / "3.3" / "lineage" / "lineage.json").read_text(encoding="utf-8"))
    assert {"indicator_3_3", "int_dossiers", "stg_national__dossiers", "national_dossiers"} <= lineage.keys()
    assert "from" in (tmp_path / "3.3" / "lineage" / "indicator_3_3.sql").read_text(encoding="utf-8").lower()
    with (tmp_path / "3.3" / "inputs.csv").open(encoding="utf-8", newline="") as stream:
        inputs = list(csv.DictReader(stream))
    assert len(inputs) == len(list((ROOT / "raw" / "sample").glob("*/*/[!_]*")))
    assert all(
        int(row["rows_in"]) == int(row["rows_landed"]) + int(row["rows_quarantined"]) for row in inputs
    )


def test_a_changed_byte_in_a_pack_is_found_and_the_same_figure_gives_the_same_bytes(
    current: Path, tmp_path: Path
) -> None:
    figure = ("2.1", "H01.09", "month", date(2026, 9, 1), "national")
    for name in ("a", "b"):
        write_pack(current.resolve(), *figure, tmp_path / name)
        write_pack(current.resolve(), *figure, tmp_path / name / "pack.zip")
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert {p.relative_to(tmp_path / "b") for p in (tmp_path / "b").rglob("*") if p.is_file()} == {*files}
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file
    with zipfile.ZipFile(tmp_path / "a" / "pack.zip") as archive:
        archive.extractall(tmp_path / "zip")
    pack = tmp_path / "zip" / "pack"
    assert verified(pack).returncode == 0
    for name in (
        "figure.json",
        "denominator.parquet",
        "danh-sach.xlsx",
        "lineage/indicator_2_1.sql",
        "SHA256SUMS",
    ):
        whole = (pack / name).read_bytes()
        (pack / name).write_bytes(whole[:20] + bytes([whole[20] ^ 1]) + whole[21:])
        assert verified(pack).returncode == 1, name
        (pack / name).write_bytes(whole)
    # and a figure that does not follow from the rows, with sums that fit
    told = json.loads((pack / "figure.json").read_text(encoding="utf-8"))
    told["numerator"] += 1
    (pack / "figure.json").write_text(json.dumps(told), encoding="utf-8")
    sums = (pack / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    digest = hashlib.sha256((pack / "figure.json").read_bytes()).hexdigest()
    sums = [f"{digest}  figure.json" if line.endswith("  figure.json") else line for line in sums]
    (pack / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    said = verified(pack)
    assert (said.returncode, "numerator: the rows give" in said.stdout) == (1, True), said.stdout
    with pytest.raises(
        EvidenceError, match=r"has no figure 3.3 of H01.99 .* There is no H01.99; there are H01, "
    ):
        write_pack(current.resolve(), "3.3", "H01.99", "year", date(2026, 1, 1), "national", tmp_path / "c")
    with pytest.raises(EvidenceError, match="is there already"):
        write_pack(current.resolve(), *figure, tmp_path / "a")


def test_the_program_in_a_pack_needs_python_and_duckdb_alone() -> None:
    tree = ast.parse((ROOT / "orchestration" / "documents" / "verify_pack.py").read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    assert imported - sys.stdlib_module_names == {"duckdb"}


def verified(pack: Path) -> subprocess.CompletedProcess[str]:
    """What the program in a pack says, started in another folder and without this project on its path."""
    command = [sys.executable, "-I", str(pack / "verify.py")]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=pack.parent)


# the marts that tell of the files themselves: their names, sizes and hashes are others when files are packed
OF_FILES = {"landing_files"}


def test_unpacked_and_from_nothing_in_another_data_it_gives_the_same_bytes(
    current: Path, tmp_path: Path
) -> None:
    """Every mart that does not tell of files is the same, to the byte."""
    raw = Path(shutil.copytree(ROOT / "raw" / "sample", tmp_path / "raw"))
    packed = sorted(raw.rglob("*.gz"))
    assert packed
    for path in packed:
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    elsewhere = run(raw, tmp_path / "data")
    assert elsewhere.night.published, elsewhere.messages
    assert elsewhere.night.release is not None
    ours, theirs = (
        {p.stem: p.read_bytes() for p in release.glob("*.parquet")}
        for release in (elsewhere.night.release, current)
    )
    assert ours.keys() == theirs.keys()
    assert {mart for mart, content in ours.items() if content != theirs[mart]} == OF_FILES


def test_every_published_figure_of_the_portal_is_reproduced(current: Path) -> None:
    """All rows of the published figures: shown, and where points were published, within 0.01 inclusive."""
    with (ROOT / "tests/data/portal_components_2026.csv").open(encoding="utf-8", newline="") as stream:
        published = list(csv.DictReader(stream))
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        shown = {
            (province, unit, period, code): (kind, numerator, denominator, computed, points)
            for province, unit, period, code, kind, numerator, denominator, computed, points in con.execute(
                """SELECT province_code, unit_name, period_label, code, kind, numerator, denominator,
                          computed_points, published_points FROM marts.portal_score_check"""
            ).fetchall()
        }
    assert len(shown) == len(published) == 156
    codes = {"Phú Thọ": "H44", "Đắk Lắk": "H15"}
    compared = 0
    for row in published:
        province, unit = row["unit"].split(": ")
        kind, numerator, denominator, computed, points = shown[
            codes[province], unit, row["period"], row["indicator"]
        ]
        where = f"{row['unit']} {row['period']} {row['indicator']}"
        assert kind == row["kind"], where
        assert (numerator, denominator) == (_whole(row["numerator"]), _whole(row["denominator"])), where
        if row["published_points"]:
            assert points == Decimal(row["published_points"]), where
            assert abs(computed - points) <= Decimal("0.01"), f"{where}: {computed} against {points}"
            compared += 1
    assert compared == 69


# indicator: (maximum, full marks from, points without denominator); the table of the decision, not the seeds
POINTS_2026: dict[str, tuple[str, str, Decimal | None]] = {
    "1.1": ("6", "1", None),
    "1.2": ("4", "1", None),
    "1.3": ("2", "1", None),
    "1.4": ("6", "1", None),
    "2.1": ("20", "1", None),
    "3.1": ("2", "0.8", None),
    "3.2": ("4", "1", None),
    "3.3": ("6", "0.5", None),
    "3.5": ("2", "0.8", None),
    "3.5b": ("2", "0.8", None),
    "3.6": ("6", "1", None),
    "4.1": ("6", "1", None),
    "4.2": ("4", "1", None),
    "4.3": ("2", "0.8", None),
    "4.4": ("4", "1", None),
    "4.5a": ("2", "1", None),
    "4.5b": ("2", "1", None),
    "4.6": ("2", "1", Decimal(2)),
    "5.2": ("6", "1", Decimal(6)),
    "5.3": ("6", "1", Decimal(6)),
    "5.4": ("6", "0.9", Decimal(0)),
}
POINTS = {
    "dvcqg-2026": POINTS_2026,
    "dvcqg-2025": POINTS_2026
    | {code: ("6", "1", Decimal(6)) for code in ("1.1", "1.4")}
    | {
        "1.2": ("4", "1", Decimal(4)),
        "1.3": ("2", "1", Decimal(2)),
        "3.5": ("2", "0.8", Decimal(2)),
        "3.5b": ("2", "0.8", Decimal(2)),
        "3.6": ("6", "0.3", Decimal(6)),
    },
}
SHOWN_ONLY = {"2.2", "5.1a", "5.1b"}


def test_points_are_what_a_hand_calculation_gives(current: Path) -> None:
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        rows = con.execute(
            "SELECT ruleset, indicator_code, agency_code, period_start, numerator, denominator, points, "
            "max_points, rate, empty_reason FROM marts.indicator_results"
        ).fetchall()
    for ruleset, table in POINTS.items():
        assert {row[1] for row in rows if row[0] == ruleset} == set(table) | SHOWN_ONLY
    for ruleset, code, agency, period, numerator, denominator, points, maximum, rate, reason in rows:
        where = f"{ruleset} {code} {agency} {period}: {numerator}/{denominator}"
        if reason == "not_applicable" and code != "4.6":
            assert (ruleset, code, points) == ("dvcqg-2025", "3.1", None), where
            continue
        if code in SHOWN_ONLY:
            assert (maximum, points) == (0, None), where
            assert reason == (None if denominator else "no_denominator"), where
            continue
        top, full, when_empty = POINTS[ruleset][code]
        assert maximum == Decimal(top), where
        if not denominator:
            expected = "not_applicable" if code == "4.6" else "no_denominator"
            assert (points, rate, reason) == (when_empty, None, expected), where
            continue
        exact = min(Decimal(top), Decimal(top) * numerator / denominator / Decimal(full))
        assert points == exact.quantize(Decimal("0.01"), ROUND_HALF_UP), where
        assert abs(rate - Decimal(numerator) / denominator) <= Decimal("0.0000005"), where


def test_children_repeat_the_province_where_the_rule_set_says_so(current: Path) -> None:
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        figures = con.execute(
            """SELECT indicator_code, count(DISTINCT (numerator, denominator)), count(DISTINCT agency_code)
               FROM marts.indicator_results
               WHERE ruleset = 'dvcqg-2026' AND period_type = 'year' AND basis = 'national'
                 AND indicator_code IN ('1.1', '1.2', '1.3', '1.4')
               GROUP BY ALL ORDER BY ALL"""
        ).fetchall()
    assert [row[:2] for row in figures[:3]] == [("1.1", 1), ("1.2", 1), ("1.3", 1)]
    assert figures[3][1] > 10, "1.4 is each unit's own"
    assert {row[2] for row in figures} == {117}


def test_totals_are_sums_with_grade_and_rank(current: Path) -> None:
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        con.execute("USE marts")
        key = "ruleset, basis, period_type, period_start, agency_code"
        wrong = con.execute(
            f"""SELECT {key}, t.points, s.points FROM scorecard_totals t
                JOIN (SELECT {key}, sum(coalesce(points, 0)) AS points FROM indicator_results GROUP BY ALL) s
                USING ({key}) WHERE t.points <> s.points"""
        ).fetchall()
        assert wrong == []
        rows = con.execute(
            """SELECT ruleset, basis, period_type, period_start, agency_level, points, grade, rank_in_level,
                      ranked_units, partial, max_points FROM scorecard_totals"""
        ).fetchall()
    levels: dict[tuple[object, ...], list[Decimal]] = {}
    for *level, points, _, _, _, _, _ in rows:
        levels.setdefault(tuple(level), []).append(points)
    limits = [("Xuất sắc", 90), ("Tốt", 80), ("Khá", 70), ("Trung bình", 50), ("Yếu", 0)]
    for *level, points, grade, rank, units, partial, maximum in rows:
        others = levels[tuple(level)]
        assert (partial, maximum, units) == (False, Decimal(100), len(others)), level
        assert grade == next(name for name, least in limits if points >= least), (level, points)
        assert rank == 1 + sum(other > points for other in others), (level, points)


# what stands behind a figure: keys of its view beside period and unit, and whether the bases differ
MADE_OF_DOSSIERS = ["1.4", "2.1", "2.2", "3.3", "3.6", "4.1", "4.2", "4.3", "4.4", "4.5b", "5.4"]
MADE_OF_PETITIONS = ["5.1a", "5.1b", "5.2", "5.3"]
MADE_OF_PROCEDURES = ["1.1", "1.2", "1.3", "3.1", "3.2", "3.5", "3.5b", "4.5a"]
CONSTANT = {"4.6"}


def test_every_figure_opens_down_to_what_it_is_made_of(current: Path) -> None:
    """Numerator and denominator of every unit, period and basis are the rows of the evidence."""
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        views = {
            row[0]
            for row in con.execute(
                "SELECT view_name FROM duckdb_views() WHERE view_name LIKE 'evidence%'"
            ).fetchall()
        }
        codes = [*MADE_OF_DOSSIERS, *MADE_OF_PETITIONS, *MADE_OF_PROCEDURES]
        assert views == {view_of(code) for code in codes}
        indicators = con.execute("SELECT DISTINCT indicator_code FROM marts.dim_indicator").fetchall()
        assert {code for (code,) in indicators} == CONSTANT.union(codes)
        for code in codes:
            numerator = "sum(worked_minutes)" if code == "2.2" else "count(*) FILTER (in_numerator)"
            key = "period_type, period_start, agency_code"
            key = key if code in MADE_OF_PETITIONS else f"basis, {key}"
            # 1.4 compares the sides, so its dossiers are those of the one-stop system; a share of last year's
            # total, where nothing was received, has no dossiers
            only = "AND basis = 'one_stop' AND (denominator = 0 OR numerator > 0)" if code == "1.4" else ""
            wrong = con.execute(
                f"""WITH shown AS (
                        SELECT {key}, {numerator} AS n, count(*) AS d
                        FROM marts.{view_of(code)} GROUP BY ALL)
                    SELECT basis, period_type, period_start, agency_code, numerator, denominator, n, d
                    FROM marts.indicator_results
                    LEFT JOIN shown USING ({key})
                    WHERE indicator_code = $1 {only}
                      AND (coalesce(n, 0) <> coalesce(numerator, 0)
                           OR coalesce(d, 0) <> coalesce(denominator, 0))""",
                [code],
            ).fetchall()
            assert wrong == [], f"{code}: {len(wrong)} figures, first {wrong[:3]}"


def test_evidence_of_procedures_is_of_figures_only_and_says_why(current: Path) -> None:
    """One row per procedure of a figure, no figure that is not published, and proof that fits the verdict."""
    counts = {
        "3.2": "dossiers_online",
        "3.5": "dossiers_with_obligation",
        "3.5b": "dossiers_paid_online",
        "4.5a": "dossiers_with_population_data",
    }
    holds = {
        "1.1": "publish_by_on IS NULL OR issued_on <= publish_by_on",
        "1.2": "publicised_on <= publicise_by_on AND publicised_on <= judged_on",
        "1.3": "missing_contents IS NULL",
        "3.1": "service_level_code IN ('3', '4')",
        **{code: f"{count} > 0" for code, count in counts.items()},
    }
    assert list(holds) == MADE_OF_PROCEDURES
    key = "basis, period_type, period_start, agency_code"
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        con.execute("USE marts")
        for code, proof in holds.items():
            rows, procedures, unpublished, unproved, reasons = con.execute(
                f"""SELECT count(*), count(DISTINCT ({key}, procedure_code)),
                           count(*) FILTER (denominator IS NULL),
                           count(*) FILTER (in_numerator IS DISTINCT FROM coalesce({proof}, false)),
                           list_sort(list(DISTINCT (in_numerator, reason)))
                    FROM {view_of(code)} JOIN dim_period USING (period_type, period_start)
                    LEFT JOIN (FROM indicator_results WHERE indicator_code = $1) USING ({key})""",
                [code],
            ).fetchall()[0]
            assert rows == procedures > 0, code
            assert (unpublished, unproved) == (0, 0), code
            words: dict[bool, set[str]] = {True: set(), False: set()}
            for counted, reason in reasons:
                words[counted].add(reason)
            assert words[True] and words[False], f"{code}: {reasons}"
            assert not words[True] & words[False], f"{code}: a reason for both, {reasons}"


def test_evidence_follows_whose_figure_a_rule_set_shows(current: Path) -> None:
    """Of 2026 a commune sees the province's decisions in 1.1; of 2025 its own; departments have no 3.1."""
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        rows = con.execute(
            """SELECT e.period_start, count(DISTINCT e.agency_code), count(DISTINCT procedure_code)
               FROM marts.evidence_1_1 AS e JOIN marts.dim_agency USING (agency_code)
               WHERE agency_level = 'commune' AND period_type = 'year' GROUP BY ALL ORDER BY ALL"""
        ).fetchall()
        assert [row[0].year for row in rows if row[1] > 100] == [2026], rows
        levels = con.execute(
            """SELECT e.period_start, agency_level, count(*) > 0
               FROM marts.evidence_3_1 AS e JOIN marts.dim_agency USING (agency_code)
               WHERE period_type = 'year' GROUP BY ALL"""
        ).fetchall()
    assert {(start.year, level) for start, level, _ in levels} == {
        (2025, "province"),
        (2025, "commune"),
        (2026, "province"),
        (2026, "department"),
        (2026, "commune"),
    }


def view_of(code: str) -> str:
    return f"evidence_{code.replace('.', '_')}"


def test_what_procedures_add_is_the_figure_of_the_agency(current: Path) -> None:
    key = "ruleset, basis, period_type, period_start, agency_code, indicator_code"
    with duckdb.connect(str(current / "chiso.duckdb"), read_only=True) as con:
        compared, wrong = con.execute(
            f"""WITH added AS (
                    SELECT {key}, sum(numerator) AS n, sum(denominator) AS d, sum(missed_share) AS missed
                    FROM marts.indicator_results_by_procedure GROUP BY ALL)
                SELECT count(*), count(*) FILTER (
                    n <> numerator OR d <> denominator
                    OR (numerator < denominator AND indicator_code <> '2.2' AND abs(missed - 1) > 0.0001))
                FROM marts.indicator_results JOIN added USING ({key})"""
        ).fetchall()[0]
    assert wrong == 0
    assert compared > 10_000


def test_dbt_unit_tests_pass(
    sample_night: tuple[Path, subprocess.CompletedProcess[str]], current: Path, tmp_path: Path
) -> None:
    """The rules on hand-made tables; they read column types from a finished build."""
    assert current.exists()
    data, _ = sample_night
    places = Places(raw=ROOT / "raw" / "sample", data=data)
    told = run_dbt(places, "test", "--select", "test_type:unit", target=tmp_path)
    assert "ERROR=0" in told
    assert int(told.split("PASS=")[1].split()[0]) >= 11, "no unit test may vanish"


def test_holidays_and_make_up_days_of_2026(
    sample_night: tuple[Path, subprocess.CompletedProcess[str]], current: Path
) -> None:
    """Working days per month counted by hand on a wall calendar, with the days off that are known."""
    assert current.exists()
    data, _ = sample_night
    with duckdb.connect(str(data / "build" / "build.duckdb"), read_only=True) as con:
        working = dict(
            con.execute("SELECT calendar_on, is_working_day FROM intermediate.int_calendar").fetchall()
        )
    assert working[date(2026, 1, 10)], "Saturday worked for 2 January"
    assert working[date(2026, 8, 22)], "Saturday worked for 31 August"
    for off in ("2026-01-02", "2026-02-16", "2026-02-20", "2026-04-27", "2026-08-31", "2026-09-02"):
        assert not working[date.fromisoformat(off)], off
    days = {
        month: sum(w for d, w in working.items() if (d.year, d.month) == (2026, month)) for month in (1, 2, 9)
    }
    assert days == {1: 21, 2: 15, 9: 20}
    assert sum(w for d, w in working.items() if d.year == 1901) == 261


def test_numbers_are_exact_and_no_wider_than_they_need_be(
    sample_night: tuple[Path, subprocess.CompletedProcess[str]], current: Path
) -> None:
    """No floats; and no HUGEINT, which sums are by default: DuckDB reads a column of it 300 times slower."""
    database = Places(raw=ROOT / "raw" / "sample", data=sample_night[0]).build_database
    with duckdb.connect(str(database), read_only=True) as con:
        found = con.execute(
            """SELECT table_schema || '.' || table_name || '.' || column_name, data_type
               FROM information_schema.columns
               WHERE table_schema IN ('seeds', 'staging', 'intermediate', 'marts')
                 AND data_type IN ('HUGEINT', 'UHUGEINT', 'DOUBLE', 'FLOAT')"""
        ).fetchall()
    assert found == []


def test_nothing_under_data_names_a_person(tmp_path: Path) -> None:
    """Every personal value that the generator made, looked for in every file under DATA, also unpacked."""
    province = tmp_path / "province"
    make_province(Arguments(dossiers=600, seed=3, departments=4, communes=6), province, "extracts", 1)
    # a name where a date belongs, so that quarantine and its messages are searched too
    spoiled = next((province / "raw/one_stop_dossiers/2026-09-30").glob("*.json"))
    message = json.loads(spoiled.read_text(encoding="utf-8"))
    message["data"][0]["NgayTiepNhan"] = message["data"][0]["ChuHoSo"]
    spoiled.write_text(json.dumps(message, ensure_ascii=False), encoding="utf-8")
    ran = run(province / "raw", tmp_path / "data")
    personal = (province / "truth/personal_values.txt").read_text(encoding="utf-8").split("\n")
    values = {v for v in personal if len(v) >= 6}
    assert len(values) > 1000
    assert message["data"][0]["ChuHoSo"] not in ran.messages
    for path in sorted(ran.places.data.rglob("*")):
        if path.is_file():
            text = _text_of(path)
            hits = [v for v in values if v in text]
            assert hits == [], f"{path.relative_to(ran.places.data)} holds {len(hits)} personal values"


def _text_of(path: Path) -> str:
    """A file's text: Parquet and DuckDB are compressed, so their rows are written out."""
    if path.suffix == ".parquet":
        return str(duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall())
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as con:
            tables = con.execute(
                "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal"
            ).fetchall()
            return str([con.execute(f'SELECT * FROM "{s}"."{t}"').fetchall() for s, t in tables])
    return path.read_bytes().decode("utf-8", errors="replace")


def _whole(text: str) -> int | None:
    return int(text) if text else None
