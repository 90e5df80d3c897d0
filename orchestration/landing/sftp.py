"""SFTP as the drop zone needs it: only servers that this machine knows, and no waiting without end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import paramiko

_CONNECT_SECONDS = 15.0
_SILENT_SECONDS = 60.0  # a server that says nothing for so long is gone


class UnknownServer(Exception):
    """The server's key is not in ~/.ssh/known_hosts, or another one is; the message says what to do."""


class _KnownHostsOnly(paramiko.MissingHostKeyPolicy):
    """fsspec would trust any server that answers; extracts name persons, so ask known_hosts as ssh does."""

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        known = Path("~/.ssh/known_hosts").expanduser()
        if known.is_file() and paramiko.HostKeys(str(known)).check(hostname, key):
            return
        raise UnknownServer(
            f"the key of {hostname} ({key.get_name()}) is not in ~/.ssh/known_hosts: connect once with sftp, "
            "compare the fingerprint with what its administrator says, and accept it"
        )


def sftp_options() -> dict[str, Any]:
    """What fsspec hands to paramiko when it connects."""
    return {
        "host_key_policy": _KnownHostsOnly(),
        "timeout": _CONNECT_SECONDS,
        "banner_timeout": _CONNECT_SECONDS,
        "auth_timeout": _CONNECT_SECONDS,
    }


def limit_silence(ftp: paramiko.SFTPClient) -> None:
    """A transfer that stands still becomes a TimeoutError instead of a night that never ends."""
    channel = ftp.get_channel()
    if channel is not None:
        channel.settimeout(_SILENT_SECONDS)
