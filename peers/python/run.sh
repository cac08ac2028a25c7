#!/usr/bin/env bash
# Runs the suite against the Python package and writes the reports.
# Usage: run.sh [DIRECTORY] [FLAGS OF arcp conformance]
# The reports python.json and python.txt go to DIRECTORY, else to docs/peers.
#
# Exit status 0: the run was made and the reports are written, whatever they say. 3: the peer could not be started or
# reached. 4: trouble of the suite's own. 77: there is no Python for it on this machine, said in one line; nothing ran.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

reports=$root/docs/peers
case ${1-} in '' | -*) ;; *) reports=$(mkdir -p "$1" && cd "$1" && pwd); shift ;; esac
mkdir -p "$reports"

"$here/setup.sh" || exit 77

# `go run` turns every failure into status 1, and the statuses are told apart here. The reports are moved into place when
# they are whole.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$root" && go build -o "$work/arcp" ./cmd/arcp)
status=0
"$work/arcp" conformance --target "$here/target.yaml" --transcript-lines 20 \
  --json "$work/python.json" --text "$work/python.txt" "$@" || status=$?
if [ "$status" -gt 1 ]; then exit "$status"; fi

# Status 1 without a check made says nothing about the peer.
checks='import json, sys; sys.exit(json.load(open(sys.argv[1]))["counts"]["checks"] == 0)'
if ! "$here/.venv/bin/python" -c "$checks" "$work/python.json"; then
  echo 'peers/python: the run checked nothing, so there is no report' >&2
  exit 4
fi
mv "$work/python.json" "$work/python.txt" "$reports/"
