"""Releases: whole or not there, the same facts the same release, `current` only forward."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.publishing.release import Promise, ReleaseError, publish
from orchestration.publishing.releases import current_release
from tests.unit.releasing import DAY, FACTS, MARTS, RUN, build, everything, release


def test_a_first_release_is_whole_and_current(tmp_path: Path) -> None:
    done = release(tmp_path)
    assert (done.is_new, done.is_current) == (True, True)
    assert done.folder == tmp_path / "releases" / "2026-03-31" / "1"
    assert sorted(p.relative_to(done.folder).as_posix() for p in done.folder.rglob("*") if p.is_file()) == [
        "chiso.duckdb",
        "indicator_results.parquet",
        "manifest.json",
        "ops/run.json",
        "scorecards.parquet",
    ]
    link = tmp_path / "releases" / "current"
    assert link.readlink() == Path("2026-03-31/1")
    assert current_release(tmp_path / "releases") == done.folder.resolve()
    assert [p.name for p in (tmp_path / "releases").iterdir() if p.name.startswith(".")] == []
    assert [p.name for p in done.folder.parent.iterdir()] == ["1"]


def test_marts_are_written_in_the_order_of_their_key(tmp_path: Path) -> None:
    folder = release(tmp_path).folder
    con = duckdb.connect(":memory:")
    rows = con.execute(f"SELECT * FROM read_parquet('{folder}/scorecards.parquet')").fetchall()
    assert rows == [("H38", "CKMB", 4), ("H38.1", "CKMB", 3), ("H38.1", "TDGQ", None)]


def test_the_database_holds_the_same_marts_and_nothing_else(tmp_path: Path) -> None:
    folder = release(tmp_path).folder
    with duckdb.connect(str(folder / "chiso.duckdb"), read_only=True) as con:
        tables = con.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables ORDER BY 1"
        ).fetchall()
        assert [t for (t,) in tables] == ["marts.indicator_results", "marts.scorecards", "ops.run"]
        rows = con.execute("SELECT agency_code, points::VARCHAR FROM marts.indicator_results").fetchall()
        assert rows == [("H38.1", "1.50"), ("H38.2", "2.00")]
        assert con.execute("SELECT * FROM ops.run").fetchall() == [
            ("published_at", "2026-04-01T01:02:03+07:00"),
            ("run_id", "r1"),
        ]


def test_views_of_the_marts_come_along_also_one_that_stands_on_another(tmp_path: Path) -> None:
    path = build(tmp_path)
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE VIEW marts.z_first AS SELECT agency_code FROM marts.indicator_results")
        con.execute("CREATE VIEW marts.a_second AS SELECT agency_code AS code FROM marts.z_first")
        con.execute("CREATE VIEW marts.of_the_build AS SELECT owner FROM staging.secret")
    folder = publish(tmp_path / "releases", path, DAY, MARTS, FACTS, RUN, {"of_the_build"}).folder
    path.unlink()  # the views read the release, not the build
    with duckdb.connect(str(folder / "chiso.duckdb"), read_only=True) as con:
        assert con.execute("SELECT code FROM marts.a_second ORDER BY 1").fetchall() == [
            ("H38.1",),
            ("H38.2",),
        ]
        with pytest.raises(duckdb.CatalogException, match="of_the_build"):
            con.execute("FROM marts.of_the_build")
    assert sorted(p.stem for p in folder.glob("*.parquet")) == sorted(MARTS)


def test_a_view_of_what_is_not_released_is_refused(tmp_path: Path) -> None:
    path = build(tmp_path)
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE VIEW marts.of_secrets AS SELECT owner FROM staging.secret")
        con.execute("CREATE VIEW marts.of_all AS SELECT agency_code FROM marts.indicator_results")
    with pytest.raises(duckdb.CatalogException, match="secret"):
        publish(tmp_path / "releases", path, DAY, MARTS, FACTS, RUN)
    assert current_release(tmp_path / "releases") is None


def test_the_manifest_says_what_the_release_is_made_of_and_nothing_of_the_run(tmp_path: Path) -> None:
    done = release(tmp_path)
    text = (done.folder / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert manifest == done.manifest
    assert manifest["release"] == 1
    assert manifest["business_date"] == "2026-03-31"
    assert {k: manifest[k] for k in FACTS} == FACTS
    file = done.folder / "scorecards.parquet"
    assert manifest["marts"]["scorecards"] == {
        "rows": 3,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "columns": ["agency_code", "group_code", "points"],
        "key": ["agency_code", "group_code"],
        "files": ["scorecards.parquet"],
        "version": 1,
        "deprecated": {},
    }
    assert set(manifest["marts"]) == set(MARTS)
    assert "r1" not in text
    assert "01:02:03" not in text
    assert json.loads((done.folder / "ops" / "run.json").read_text()) == RUN


def test_a_large_mart_is_written_in_parts_in_the_order_of_its_key(tmp_path: Path) -> None:
    def parted(data: Path) -> Path:
        data.mkdir(exist_ok=True)
        return publish(data / "releases", build(data), DAY, MARTS, FACTS, RUN, rows_per_part=2).folder

    folder = parted(tmp_path / "a")
    assert [p.name for p in folder.glob("*.parquet")] == ["indicator_results.parquet"]
    first, second = parts = sorted((folder / "scorecards").iterdir())
    assert [p.name for p in parts] == ["part-00000.parquet", "part-00001.parquet"]
    con = duckdb.connect(":memory:")
    assert con.execute(f"FROM '{first}'").fetchall() == [("H38", "CKMB", 4), ("H38.1", "CKMB", 3)]
    assert con.execute(f"FROM '{second}'").fetchall() == [("H38.1", "TDGQ", None)]
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["marts"]["scorecards"]
    assert (told["rows"], told["files"]) == (
        3,
        ["scorecards/part-00000.parquet", "scorecards/part-00001.parquet"],
    )
    assert told["sha256"] == hashlib.sha256(first.read_bytes() + second.read_bytes()).hexdigest()
    with duckdb.connect(str(folder / "chiso.duckdb"), read_only=True) as database:
        assert database.execute("SELECT count(*) FROM marts.scorecards").fetchone() == (3,)
    again = publish(
        tmp_path / "a" / "releases", build(tmp_path / "a"), DAY, MARTS, FACTS, RUN, rows_per_part=2
    )
    assert not again.is_new
    a, b = (everything(one) for one in (folder, parted(tmp_path / "b")))
    del a["chiso.duckdb"], b["chiso.duckdb"]
    assert a == b


def test_the_same_facts_are_the_same_release(tmp_path: Path) -> None:
    first = release(tmp_path)
    before = everything(tmp_path / "releases")
    second = publish(tmp_path / "releases", build(tmp_path), DAY, MARTS, FACTS, RUN | {"run_id": "r2"})
    assert (second.is_new, second.is_current) == (False, True)
    assert second.folder == first.folder
    assert second.manifest == first.manifest
    assert everything(tmp_path / "releases") == before


def test_two_folders_with_the_same_facts_have_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        release(tmp_path / name)
    a, b = (everything(tmp_path / name / "releases") for name in ("a", "b"))
    del a["2026-03-31/1/chiso.duckdb"], b["2026-03-31/1/chiso.duckdb"]
    assert a == b


@pytest.mark.parametrize(
    "facts",
    [
        {"code_version": "c2"},
        {"rulesets": ["766-v1", "766-v2"]},
        {"inputs": [{"file": "a.json", "sha256": "cd"}]},
    ],
)
def test_other_facts_are_the_next_release(tmp_path: Path, facts: dict[str, Any]) -> None:
    first = release(tmp_path)
    kept = everything(first.folder)
    second = release(tmp_path, points="1.75", **facts)
    assert (second.is_new, second.is_current) == (True, True)
    assert second.folder.name == "2"
    assert second.manifest["release"] == 2
    assert current_release(tmp_path / "releases") == second.folder.resolve()
    assert everything(first.folder) == kept


def test_numbers_are_counted_as_numbers(tmp_path: Path) -> None:
    folders = [release(tmp_path, code_version=f"c{n}").folder.name for n in range(1, 12)]
    assert folders == [str(n) for n in range(1, 12)]


def test_the_same_facts_with_other_rows_are_refused(tmp_path: Path) -> None:
    release(tmp_path)
    before = everything(tmp_path / "releases")
    with pytest.raises(ReleaseError, match=r"2026-03-31: .* other rows in indicator_results than release 1"):
        release(tmp_path, points="1.51")
    assert everything(tmp_path / "releases") == before
    assert [p.name for p in (tmp_path / "releases" / "2026-03-31").iterdir()] == ["1"]


def test_a_column_goes_only_after_it_was_announced(tmp_path: Path) -> None:
    def without_points(code: str, on: str) -> None:
        path = build(tmp_path)
        with duckdb.connect(str(path)) as con:
            con.execute("ALTER TABLE marts.indicator_results DROP COLUMN points")
        publish(
            tmp_path / "releases",
            path,
            DAY,
            MARTS,
            FACTS | {"code_version": code},
            RUN | {"published_at": on},
        )

    release(tmp_path)
    before = everything(tmp_path / "releases")
    with pytest.raises(
        ReleaseError, match=r"column points of indicator_results is gone. Nothing announced it"
    ):
        without_points("c2", "2026-09-01T01:00:00+07:00")
    assert everything(tmp_path / "releases") == before
    told = {"indicator_results": Promise(1, {"points": "2026-08-31"})}
    facts = FACTS | {"code_version": "c2"}
    done = publish(tmp_path / "releases", build(tmp_path), DAY, MARTS, facts, RUN, promised=told)
    assert done.manifest["marts"]["indicator_results"]["deprecated"] == {"points": "2026-08-31"}
    with pytest.raises(ReleaseError, match=r"Readers were told that it is there until 2026-08-31"):
        without_points("c3", "2026-08-31T01:00:00+07:00")
    without_points("c3", "2026-09-01T01:00:00+07:00")
    shown = current_release(tmp_path / "releases")
    assert shown is not None and shown.name == "3"


def test_an_older_date_does_not_move_current_back(tmp_path: Path) -> None:
    newest = release(tmp_path)
    older = release(tmp_path, day=date(2026, 3, 30))
    assert (older.is_new, older.is_current) == (True, False)
    assert older.folder == tmp_path / "releases" / "2026-03-30" / "1"
    assert current_release(tmp_path / "releases") == newest.folder.resolve()
    again = release(tmp_path, day=date(2026, 3, 30))
    assert (again.is_new, again.is_current) == (False, False)
    later = release(tmp_path, day=date(2026, 4, 1))
    assert later.is_current
    assert current_release(tmp_path / "releases") == later.folder.resolve()


def test_publishing_again_repairs_a_lost_link(tmp_path: Path) -> None:
    done = release(tmp_path)
    (tmp_path / "releases" / "current").unlink()
    assert current_release(tmp_path / "releases") is None
    assert release(tmp_path).is_current
    assert current_release(tmp_path / "releases") == done.folder.resolve()


def test_leftovers_of_a_killed_draft_are_removed_and_never_counted(tmp_path: Path) -> None:
    home = tmp_path / "releases" / "2026-03-31"
    for name in (".draft-1", ".draft-99999"):
        (home / name / "ops").mkdir(parents=True)
        (home / name / "scorecards.parquet").write_bytes(b"cut")
    (home / "7").mkdir()  # a number without manifest is no release
    done = release(tmp_path)
    assert done.folder.name == "1"
    assert sorted(p.name for p in home.iterdir()) == ["1", "7"]


@pytest.mark.parametrize("marts", [{"no_such_mart": ["a"]}, {"scorecards": ["no_such_column"]}])
def test_a_failure_in_the_middle_leaves_everything_as_it_was(
    tmp_path: Path, marts: dict[str, list[str]]
) -> None:
    release(tmp_path)
    before = everything(tmp_path / "releases" / "2026-03-31" / "1")
    with pytest.raises(duckdb.Error):
        publish(
            tmp_path / "releases", build(tmp_path), DAY, MARTS | marts, FACTS | {"code_version": "c2"}, RUN
        )
    assert current_release(tmp_path / "releases") == (tmp_path / "releases" / "2026-03-31" / "1").resolve()
    assert everything(tmp_path / "releases" / "2026-03-31" / "1") == before
    done = release(tmp_path, code_version="c2")
    assert done.folder.name == "2"
    assert sorted(p.name for p in done.folder.parent.iterdir()) == ["1", "2"]


def test_a_failure_after_the_marts_leaves_everything_as_it_was(tmp_path: Path) -> None:
    release(tmp_path)
    before = everything(tmp_path / "releases")
    with pytest.raises(TypeError):
        publish(
            tmp_path / "releases",
            build(tmp_path),
            DAY,
            MARTS,
            FACTS | {"code_version": "c2"},
            RUN | {"x": object()},
        )
    shown = {k: v for k, v in everything(tmp_path / "releases").items() if "/.draft-" not in k}
    assert shown == before


def test_odd_signs_in_the_folder_names(tmp_path: Path) -> None:
    folder = tmp_path / "it's [1] a*b"
    folder.mkdir()
    assert release(folder).is_new
    assert not release(folder).is_new


def test_nothing_is_current_before_the_first_release(tmp_path: Path) -> None:
    assert current_release(tmp_path / "releases") is None
