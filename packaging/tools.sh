#!/bin/sh
# What building the package needs on Linux besides Python: as root on Debian it is installed, otherwise named.
# With --quick only what `packaging/build.py --quick` needs. What only trials need is never asked for by name:
# they say that they are left out.
# With --packages it prints Debian's packages of all this, for a machine of another kind to install by itself.
# Prints the Python to build with: one that has its shared library, which the package brings along.
set -eu
if [ "${1:-}" = --packages ]; then
  echo gcc squashfs-tools libsquashfuse-dev libfuse3-dev libzstd-dev liblzma-dev zlib1g-dev liblz4-dev liblzo2-dev \
    libc6-dev nsis weston tigervnc-standalone-server locales
  [ "$(uname -m)" != x86_64 ] || echo wine wine64
  exit
fi
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

trials=""
if [ "${1:-}" != --quick ]; then
  for pair in gcc:gcc mksquashfs:squashfs-tools; do
    command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair##*:}"
  done
  for pair in squashfuse:libsquashfuse fuse3:libfuse3 zstd:libzstd lzma:liblzma z:zlib1g lz4:liblz4 lzo2:liblzo2 \
    c:libc6; do
    [ -n "$(ls /usr/lib/*/lib"${pair%%:*}".a 2>/dev/null)" ] || missing="$missing ${pair##*:}-dev"
  done
  for pair in makensis:nsis wine:wine wine:wine64 debootstrap:debootstrap weston:weston \
    Xvnc:tigervnc-standalone-server localedef:locales; do
    command -v "${pair%%:*}" >/dev/null || trials="$trials ${pair##*:}"
  done
  [ -e /usr/share/i18n/locales/tr_TR ] || trials="$trials locales"
fi

if [ -n "$missing$trials" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  patient="-o Acquire::Retries=3 -o DPkg::Lock::Timeout=300"
  apt-get $patient update -qq >&2
  apt-get $patient install -y -qq --no-install-recommends $missing $trials >/dev/null
elif [ -n "$missing" ]; then
  echo "Building the package needs more. Run this, then try again:" >&2
  echo "  sudo apt-get install$missing" >&2
  exit 1
fi
echo "$python"
