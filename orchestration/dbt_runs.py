"""Running dbt: always as a subprocess, always with telemetry off, always against a run's own build file.

The profile names the build file by its place in the working folder, and dbt is started in the folder of the
run's build file. With the whole path in it, dbt would take every folder's profile for a new one and read the
whole project anew, which takes longer than building every model of a small province.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from orchestration.dbt_files import write_generated
from orchestration.places import DBT_PROJECT, EXPECTATIONS, ROOT, SOURCES, Places

MANIFEST = DBT_PROJECT / "target" / "manifest.json"
_STAMP = DBT_PROJECT / "target" / "manifest.stamp"
_BUILD_FOLDER = "CHISO_BUILD_FOLDER"
_PARSED = "partial_parse.msgpack"
_CODE_ENDINGS = (".py", ".sql", ".yml", ".csv")


class DbtError(Exception):
    """dbt could not do what it was asked; the message holds its own last lines."""


def dbt_executable() -> str:
    """dbt of the environment that runs this program, not the first one on PATH; see `dbt_in_build_folder`."""
    return str(Path(sys.executable).parent / "chiso-dbt")


def build_environment(places: Places) -> dict[str, str]:
    """What a dbt process must find in its environment to build into the build file of `places`."""
    return {"DO_NOT_TRACK": "1", _BUILD_FOLDER: str(places.build.resolve())}


def dbt_in_build_folder() -> None:
    """`chiso-dbt`: dbt itself, started in the folder of the run's build file.

    It is a program because dagster-dbt starts dbt in the folder of the project and in no other.

    Raises:
        KeyError: nothing says which folder: it is run by `run_dbt` or with `build_environment`.
    """
    os.chdir(os.environ[_BUILD_FOLDER])
    from dbt.cli.main import cli  # two seconds, which only this program is to wait for

    cli()


def code_files() -> list[Path]:
    """Every file whose change may change a figure: code, models, seeds, contracts, expectations."""
    folders = (ROOT / "orchestration", DBT_PROJECT, SOURCES, EXPECTATIONS)
    return sorted(
        p
        for folder in folders
        for p in folder.rglob("*")
        if p.suffix in _CODE_ENDINGS
        and not {"target", "logs", "__pycache__"} & set(p.relative_to(folder).parts)
    )


def code_version() -> str:
    """SHA-256 over the names and contents of `code_files`."""
    digest = hashlib.sha256()
    for path in code_files():
        digest.update(f"{path.relative_to(ROOT).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def run_dbt(places: Places, *arguments: str, target: Path | None = None) -> str:
    """What dbt printed, run with these arguments on the build file of `places`.

    Args:
        target: where dbt writes what it compiles; the project's own when None. It begins with what was parsed
            there.

    Raises:
        DbtError: dbt ended with an error.
    """
    command = [
        dbt_executable(),
        *arguments,
        "--project-dir",
        str(DBT_PROJECT),
        "--profiles-dir",
        str(DBT_PROJECT),
    ]
    if target is not None:
        target = target.resolve()
        command += ["--target-path", str(target), "--log-path", str(target)]
        target.mkdir(parents=True, exist_ok=True)
        if not (target / _PARSED).exists():
            shutil.copyfile(MANIFEST.parent / _PARSED, target / _PARSED)
    places.build.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **build_environment(places)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = "\n".join(done.stdout.splitlines()[-20:])
        raise DbtError(f"dbt {arguments[0]} failed:\n{last}")
    return done.stdout


def prepare_manifest() -> Path:
    """The project's manifest, parsed anew when a file of the project changed since.

    Raises:
        DbtError: the project does not parse.
    """
    write_generated(DBT_PROJECT, SOURCES)
    stamp = code_version()
    if MANIFEST.exists() and _STAMP.exists() and _STAMP.read_text(encoding="utf-8") == stamp:
        return MANIFEST
    _STAMP.unlink(missing_ok=True)
    # not on top of what was parsed before: dbt keeps a unit test that has moved to another file, and it fails
    run_dbt(Places.from_environment(), "parse", "--no-partial-parse")
    _STAMP.write_text(stamp, encoding="utf-8")
    return MANIFEST


def released_marts(manifest: Path) -> dict[str, list[str]]:
    """Mart → key columns, of every model whose yml says `release: true`, in alphabetical order.

    Args:
        manifest: manifest.json of the dbt run that built them.
    """
    return {
        name: list(meta["key"])
        for name, meta in sorted(_meta_of_models(manifest).items())
        if meta.get("release") is True
    }


def unreleased_models(manifest: Path) -> set[str]:
    """Models of which a release has neither a table nor a view (yml: `release: view`)."""
    return {name for name, meta in _meta_of_models(manifest).items() if not meta.get("release")}


def lineage(manifest: Path) -> dict[str, dict[str, Any]]:
    """Model, seed or source → kind, description, what it reads, and the SQL that ran (empty where none did).

    Args:
        manifest: manifest.json of the dbt run that built them.
    """
    content: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    nodes = {**content["nodes"], **content["sources"]}
    return {
        _name(node): {
            "kind": node["resource_type"],
            "description": node["description"],
            "reads": sorted({_name(nodes[n]) for n in node.get("depends_on", {}).get("nodes", [])}),
            "sql": node.get("compiled_code") or "",
        }
        for node in nodes.values()
        if node["resource_type"] in ("model", "seed", "source")
    }


def _meta_of_models(manifest: Path) -> dict[str, dict[str, Any]]:
    content: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    return {
        _name(node): node["config"].get("meta", {})
        for node in content["nodes"].values()
        if node["resource_type"] == "model"
    }


def _name(node: dict[str, Any]) -> str:
    """As the table is called: two versions of a mart have one name in dbt. A source has no alias."""
    return str(node.get("alias", node["name"]))
