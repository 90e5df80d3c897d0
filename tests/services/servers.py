"""Throw-away servers on localhost: PostgreSQL and sshd. Each lives in a folder that goes with it."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

import psycopg

_READY_SECONDS = 30


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server(Protocol):
    """What is started for tests and leaves nothing behind."""

    def start(self) -> None:
        """Start, and wait until it answers."""

    def remove(self) -> None:
        """Stop, and remove everything."""


_Server = TypeVar("_Server", bound=Server)


def running(server: _Server) -> Iterator[_Server]:
    """A server while it is needed; removed even when it could not start."""
    try:
        server.start()
        yield server
    finally:
        server.remove()


def _wait(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _READY_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"a server did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


class Postgres:
    """A PostgreSQL cluster with one superuser; made when constructed, not started."""

    def __init__(self) -> None:
        installed = [str(p) for p in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
        initdb = installed[-1] if installed else shutil.which("initdb")
        if initdb is None:
            raise RuntimeError("PostgreSQL is not installed: run these tests with `make test-services`.")
        self._bin = Path(initdb).resolve().parent
        self.folder = Path(tempfile.mkdtemp(prefix="chiso-postgres-"))
        self.port = free_port()
        self.user = "reader"
        self.password = secrets.token_hex(16)
        # PostgreSQL refuses to run as root
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self._as = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self.log = self.folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        words = self.folder / "password"
        words.write_text(self.password)
        words.chmod(0o644)  # only throw-away servers have this password
        command = [f"{self._bin}/initdb", "-D", f"{self.folder}/data", "-U", self.user]
        command += [
            f"--pwfile={words}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True, **self._as)

    @property
    def url(self) -> str:
        """Address with user and password."""
        return f"postgresql://{self.user}:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [f"{self._bin}/postgres", "-D", f"{self.folder}/data", "-p", str(self.port)]
        for setting in (
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
            "fsync=off",
            "TimeZone=UTC",
        ):
            command += ["-c", setting]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, **self._as)
        _wait(self._answers, self._process, self.log)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop; SIGINT ends sessions in order, SIGQUIT drops them."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_READY_SECONDS)
            self._process = None

    def remove(self) -> None:
        """Stop, and remove everything."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)


class Sshd:
    """An SFTP server for the user who runs the tests, with a key of its own, and a home that knows both."""

    def __init__(self) -> None:
        self._sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
        if self._sshd is None:
            raise RuntimeError("sshd is not installed: run these tests with `make test-services`.")
        self.folder = Path(tempfile.mkdtemp(prefix="chiso-sshd-"))
        self.port = free_port()
        self.home = self.folder / "home"
        self.user = pwd.getpwuid(os.geteuid()).pw_name
        self.log = self.folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        ssh = self.home / ".ssh"
        ssh.mkdir(parents=True)
        for key in (self.folder / "host_key", ssh / "id_ed25519"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        self.known_hosts = ssh / "known_hosts"
        host_key = (self.folder / "host_key.pub").read_text()
        self.known_hosts.write_text(f"[127.0.0.1]:{self.port} {host_key}")
        self.authorized_keys = self.folder / "authorized_keys"
        shutil.copy(ssh / "id_ed25519.pub", self.authorized_keys)
        is_root = os.geteuid() == 0
        if is_root:
            Path("/run/sshd").mkdir(
                mode=0o755, exist_ok=True
            )  # sshd insists, and only a booted system has it
        (self.folder / "config").write_text(
            f"""ListenAddress 127.0.0.1:{self.port}
HostKey {self.folder}/host_key
PidFile none
AuthorizedKeysFile {self.authorized_keys}
StrictModes no
UsePAM {"yes" if is_root else "no"}
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowUsers {self.user}
Subsystem sftp internal-sftp
"""
        )

    def url(self, folder: Path) -> str:
        """Address of a folder of this machine."""
        return f"sftp://{self.user}@127.0.0.1:{self.port}{folder}"

    def start(self) -> None:
        """Start, and wait until it listens."""
        assert self._sshd is not None
        with self.log.open("ab") as log:
            command = [self._sshd, "-D", "-e", "-f", str(self.folder / "config")]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        _wait(self._listens, self._process, self.log)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def cut_connections(self) -> None:
        """End the sessions of this server, as a broken line would; the server goes on."""
        assert self._process is not None
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it ended meanwhile
            if parent == self._process.pid:
                os.kill(int(stat.parent.name), signal.SIGKILL)

    def stop(self) -> None:
        """Stop the server and its sessions."""
        if self._process is not None:
            self.cut_connections()
            self._process.terminate()
            self._process.wait(_READY_SECONDS)
            self._process = None

    def remove(self) -> None:
        """Stop, and remove everything."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
