#!/usr/bin/env bash
# Installs from Debian what the tests in this folder start or load: PostgreSQL, its ODBC driver, sshd.
# Nothing when they are there.
set -euo pipefail

missing=()
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
compgen -G '/usr/lib/*/odbc/psqlodbcw.so' >/dev/null || missing+=(odbc-postgresql unixodbc)
test -x /usr/sbin/sshd || command -v sshd >/dev/null || missing+=(openssh-server)
test ${#missing[@]} -eq 0 && exit 0

as_root=()
if test "$(id -u)" -ne 0; then
    as_root=(sudo)
fi
if ! command -v apt-get >/dev/null || ! command -v "${as_root[@]:-true}" >/dev/null; then
    echo "make test-services needs ${missing[*]}; install them (here there is no apt-get, or no sudo) and call it again." >&2
    exit 1
fi
echo "Installing ${missing[*]} from Debian (once)"
if ! { "${as_root[@]}" apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
    "${as_root[@]}" apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null; }; then
    echo "Could not install ${missing[*]}: install them by hand and call make test-services again." >&2
    exit 1
fi
