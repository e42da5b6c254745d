#!/bin/sh
# Checks the system's libraries that Qt loads, and Python with venv.
# As root on Debian it installs what is missing; otherwise it prints the one line that does.
# Each row: the file that is looked for, the Debian package that holds it. `system.sh --packages` lists these.
set -eu
libraries="
libEGL.so.1            libegl1
libGL.so.1             libgl1
libX11-xcb.so.1        libx11-xcb1
libdbus-1.so.3         libdbus-1-3
libfontconfig.so.1     libfontconfig1
libglib-2.0.so.0       libglib2.0-0
libxcb-cursor.so.0     libxcb-cursor0
libxcb-icccm.so.4      libxcb-icccm4
libxcb-image.so.0      libxcb-image0
libxcb-keysyms.so.1    libxcb-keysyms1
libxcb-randr.so.0      libxcb-randr0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0      libxcb-shape0
libxcb-util.so.1       libxcb-util1
libxcb-xkb.so.1        libxcb-xkb1
libxkbcommon-x11.so.0  libxkbcommon-x11-0
"
if [ "${1:-}" = --packages ]; then
  echo "$libraries" | awk 'NF { print $2 }'
  exit
fi
[ "$(uname -s)" = Linux ] || exit 0

here=$(dirname "$0")
known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
missing=$(echo "$libraries" | while read -r file package; do
  [ -z "$file" ] || echo "$known" | grep -q "^[[:space:]]*$file " || echo "$package"
done)
"$here/python.sh" >/dev/null 2>&1 || missing="$missing python3-venv"
missing=$(echo $missing)
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "Mien may lack system libraries; the packages that hold them on Debian: $missing" >&2
elif [ "$(id -u)" = 0 ]; then
  echo "Installing system libraries: $missing"
  export DEBIAN_FRONTEND=noninteractive
  patient="-o Acquire::Retries=3 -o DPkg::Lock::Timeout=300"
  apt-get $patient update -qq
  apt-get $patient install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "Mien needs system libraries that are missing here. Run this, then try again:" >&2
  echo "  sudo apt-get install $missing" >&2
  exit 1
fi
