#!/bin/sh
# Pins every dependency with its hashes, for all platforms at once: versions and hashes only, no address.
# Needs `uv`. MediaPipe asks for packages that it never imports (470 MB); the locks leave them out,
# which is why they are installed with --no-deps.
set -eu
cd "$(dirname "$0")/.."
unused="jax jaxlib scipy sentencepiece sounddevice cffi pycparser ml-dtypes opt-einsum"
lock() {
  out=$1; shift
  uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet \
    --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
    $(printf -- '--no-emit-package %s ' $unused) "$@" -o "packaging/$out"
}
lock run.lock
lock extras.lock --extra formats --extra lsl --extra osc
lock dev.lock --extra dev --extra formats --extra lsl --extra osc
lock package.lock --extra package
