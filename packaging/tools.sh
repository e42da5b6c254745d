#!/bin/sh
# What building the package needs on Linux besides Python: as root on Debian it is installed, otherwise named.
# Prints the Python to build with: one that has its shared library, which the package brings along.
set -eu
here=$(dirname "$0")
[ "$(uname -s)" = Linux ] || exec "$here/python.sh"
"$here/system.sh" >&2

missing=""
for pair in objdump:binutils Xvfb:xvfb strace:strace; do
  command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair##*:}"
done
# Qt's plugins for Wayland name these; the Debian package depends on whatever packages hold them here.
known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
for pair in client.so.0:client0 cursor.so.0:cursor0 egl.so.1:egl1; do
  echo "$known" | grep -q "libwayland-${pair%%:*} " || missing="$missing libwayland-${pair##*:}"
done
python=${MIEN_PYTHON:-/usr/bin/python3}
version=$(MIEN_PYTHON=$python "$here/python.sh" >/dev/null && "$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
echo "$known" | grep -q "libpython$version.so" || missing="$missing libpython$version"

if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  patient="-o Acquire::Retries=3 -o DPkg::Lock::Timeout=300"
  apt-get $patient update -qq >&2
  apt-get $patient install -y -qq --no-install-recommends $missing >/dev/null
elif [ -n "$missing" ]; then
  echo "Building the package needs more. Run this, then try again:" >&2
  echo "  sudo apt-get install$missing" >&2
  exit 1
fi
echo "$python"
