"""A throw-away Superset on localhost, from the environment that `install.sh` makes."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from orchestration.places import ROOT
from tests.services.servers import free_port

_BIN = ROOT / "data" / "superset" / "bin"
_READY_SECONDS = 300
_STOP_SECONDS = 60
# The cache is there, as it is in a Superset that people use: what the connection says must keep it away.
# A token holds for a quarter of an hour, which is short on a machine that does other things too.
_CONFIG = """
from datetime import timedelta

JWT_ACCESS_TOKEN_EXPIRES = timedelta(hours=12)
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
DATA_CACHE_CONFIG = {{
    "CACHE_TYPE": "FileSystemCache", "CACHE_DIR": "{folder}/cache", "CACHE_DEFAULT_TIMEOUT": 86400
}}
"""


class Superset:
    """A Superset with one administrator; made when constructed, not started."""

    def __init__(self) -> None:
        if not (_BIN / "superset").exists():
            raise RuntimeError("Superset is not installed: run these tests with `make test-bi`.")
        self.folder = Path(tempfile.mkdtemp(prefix="chiso-superset-"))
        self.url = f"http://127.0.0.1:{free_port()}"
        self.user = "admin"
        self.password = secrets.token_hex(16)
        self.log = self.folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        config = self.folder / "superset_config.py"
        config.write_text(_CONFIG.format(folder=self.folder), encoding="utf-8")
        # no PYTHONPATH: nothing of the project is in it
        self._environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {
            "FLASK_APP": "superset",
            "HOME": str(self.folder),  # gunicorn puts a socket there
            "SCARF_ANALYTICS": "false",
            "SUPERSET_CONFIG_PATH": str(config),
            "SUPERSET_HOME": str(self.folder),
            "SUPERSET_SECRET_KEY": secrets.token_hex(32),
        }

    def start(self) -> None:
        """Make the metadata and the administrator, start, and wait until it answers."""
        self._run("superset", "db", "upgrade")
        person = f"--username {self.user} --firstname Quản --lastname Trị --email {self.user}@localhost"
        self._run("superset", "fab", "create-admin", *person.split(), "--password", self.password)
        self._run("superset", "init")
        # two processes of four threads: DuckDB files are opened in several at once, as on a real server
        served = f"--bind {self.url.removeprefix('http://')} --workers 2 --worker-class gthread --threads 4"
        command = [str(_BIN / "gunicorn"), *served.split(), "--timeout", "120", "superset.app:create_app()"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self.folder, env=self._environment, stdout=log, stderr=log
            )
        end = time.monotonic() + _READY_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Superset did not start:\n{self.words}")
            time.sleep(0.2)

    @property
    def words(self) -> str:
        """The end of what it said so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-10_000:]

    def remove(self) -> None:
        """Stop, and remove everything."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            finally:
                self._process.kill()  # its workers see that it is gone, and end
            self._process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        with self.log.open("ab") as log:
            done = subprocess.run(
                [str(_BIN / program), *arguments],
                cwd=self.folder,
                env=self._environment,
                stdout=log,
                stderr=log,
                check=False,
            )
        if done.returncode:
            raise RuntimeError(f"{program} {' '.join(arguments[:2])} did not work:\n{self.words}")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:  # refused while it starts; URLError is one
            return False
