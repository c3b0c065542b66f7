#!/usr/bin/env sh
# Installs ecosim from this folder alone, into ./ecosim-env. No network is used.
set -eu
cd "$(dirname "$0")"
PYTHON="${PYTHON:-python3}"
"$PYTHON" -m venv ecosim-env
ecosim-env/bin/python -m pip install --no-index --find-links wheels --quiet ecosim
echo "ecosim is installed. Start it with: $(pwd)/ecosim-env/bin/ecosim --help"
