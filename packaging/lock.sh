#!/bin/sh
# Pins every dependency with its hashes, for all platforms at once: versions and hashes only, no address.
# Needs `uv`. What is pinned stays as it is while pyproject.toml allows it; `lock.sh --upgrade` takes the newest.
# dev.lock comes first and binds the others, so that one environment can hold them all.
# MediaPipe asks for packages that it never imports (470 MB); the locks leave them out, which is why they are
# installed with --no-deps.
set -eu
cd "$(dirname "$0")/.."
unused="jax jaxlib scipy sentencepiece sounddevice cffi pycparser ml-dtypes opt-einsum"
how="$*"
lock() {
  out=$1; shift
  uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet $how \
    --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
    $(printf -- '--no-emit-package %s ' $unused) "$@" -o "packaging/$out"
}
lock dev.lock --extra dev --extra formats --extra lsl --extra osc
lock run.lock --constraint packaging/dev.lock
lock extras.lock --constraint packaging/dev.lock --extra formats --extra lsl --extra osc
lock docs.lock --constraint packaging/dev.lock --extra docs
lock package.lock --constraint packaging/dev.lock --extra package
