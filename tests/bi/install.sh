#!/usr/bin/env bash
# Installs Superset as tests/bi/requirements.txt says into data/superset. Nothing when it is there already.
set -euo pipefail
cd "$(dirname "$0")/../.."

locked=tests/bi/requirements.txt
home=data/superset
cmp --silent "$locked" "$home/installed.txt" && exit 0

echo "Installing Superset into $home (once; some minutes)"
# the project also runs on 3.13, for which Superset's numpy 1 has no wheels
if ! UV_PYTHON_DOWNLOADS=never .venv/bin/uv venv --quiet --clear --python '>=3.11,<3.13' "$home"; then
    echo "make test-bi needs Python 3.11 or 3.12; install one of them and call it again." >&2
    exit 1
fi
.venv/bin/uv pip sync --quiet --compile-bytecode --python "$home/bin/python" "$locked"
cp "$locked" "$home/installed.txt"
