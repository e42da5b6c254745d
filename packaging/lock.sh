#!/bin/sh
# Pins every dependency with its hashes, for all platforms at once: versions and hashes only, no address.
# Needs uv, which `make test` installs. What is pinned stays as it is while pyproject.toml allows it;
# `lock.sh --upgrade` takes the newest.
# dev.lock comes first and binds the others, so that one environment can hold them all.
set -eu
cd "$(dirname "$0")/.."
PATH="$PATH:.venv/bin"
how="$*"
lock() {
  out=$1; shift
  uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --quiet $how \
    --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
    "$@" -o "packaging/$out"
}
lock dev.lock --extra dev --extra cluster --extra formats --extra lsl --extra mediapipe --extra osc
lock run.lock --constraint packaging/dev.lock
lock extras.lock --constraint packaging/dev.lock --extra cluster --extra formats --extra lsl --extra mediapipe --extra osc
lock docs.lock --constraint packaging/dev.lock --extra docs
lock package.lock --constraint packaging/dev.lock --extra package --extra formats --extra lsl --extra osc
lock mutants.lock --constraint packaging/dev.lock --extra mutants
