#!/usr/bin/env bash
# Makes the virtual environment .venv beside this script, when it is not there or requirements.txt has changed.
# Says nothing when all is well. Exit status 3: something is missing that it cannot make, in plain words on stderr.
set -euo pipefail
cd "$(dirname "$0")"

missing() { printf 'peers/python: %s\n' "$*" >&2; exit 3; }
recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

# The stamp is written last, so an environment that was left half made is made again.
if recent .venv/bin/python && cmp -s requirements.txt .venv/made-from; then exit 0; fi

python=
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
  if recent "$candidate"; then python=$candidate; break; fi
done
[ -n "$python" ] || missing "there is no Python 3.11 or later on this machine (python3)"

rm -rf .venv
said=$("$python" -m venv .venv 2>&1) ||
  missing "$python cannot make a virtual environment (on Debian: apt-get install python3-venv): ${said##*$'\n'}"
said=$(.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt 2>&1) ||
  missing "the packages of requirements.txt could not be installed: ${said##*$'\n'}"
cp requirements.txt .venv/made-from
