#!/bin/sh
# Installs the Debian package on a machine that has nothing, and runs it there as an ordinary user; then removes
# it, and runs the AppImage:
#   sudo packaging/linux/fresh-machine.sh dist/mien_0.1.0_amd64.deb dist/Mien-0.1.0-x86_64.AppImage
# The machine is a minimal Debian tree made by debootstrap in a temporary folder, which is removed afterwards.
# Needs root, debootstrap, Xvfb and Debian's mirror; MIRROR and SUITE choose another.
set -eu
package=$(realpath "$1")
image=$(realpath "$2")
tree=$(mktemp -d)
chmod 755 "$tree"
screen=:$((90 + $$ % 100))
server=

cleanup() {
  [ -z "$server" ] || kill "$server" || true
  for mount in tmp/.X11-unix usr/lib/mien proc dev; do
    if mountpoint -q "$tree/$mount"; then umount --lazy "$tree/$mount"; fi
  done
  rm -rf --one-file-system "$tree"
}
trap cleanup EXIT

echo "Making a minimal Debian tree"
debootstrap --variant=minbase "${SUITE:-bookworm}" "$tree" ${MIRROR:-} >/dev/null
mount -t proc proc "$tree/proc"
mount --rbind /dev "$tree/dev" && mount --make-rslave "$tree/dev"
cp /etc/resolv.conf /etc/hosts "$tree/etc/"
cp "$package" "$tree/tmp/mien.deb"

echo "Installing the package with what it depends on"
chroot "$tree" sh -c 'export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends /tmp/mien.deb' >/dev/null 2>&1
echo "  $(chroot "$tree" dpkg-query -W -f '${binary:Package}\n' | wc -l) packages are installed, Python is" \
     "$(chroot "$tree" sh -c 'command -v python3 || echo not among them')"
chroot "$tree" useradd --create-home visitor
mount --bind "$tree/usr/lib/mien" "$tree/usr/lib/mien"
mount -o remount,bind,ro "$tree/usr/lib/mien"

Xvfb "$screen" -ac -screen 0 1440x900x24 -nolisten tcp 2>/dev/null &
server=$!
mkdir -p "$tree/tmp/.X11-unix"
sleep 2
mount --bind /tmp/.X11-unix "$tree/tmp/.X11-unix"

program=mien
as_visitor() {
  echo "$program $*"
  unshare --net chroot --userspec=visitor "$tree" \
    env -i HOME=/home/visitor PATH=/usr/bin:/bin LANG=C.UTF-8 DISPLAY="$screen" APPIMAGE_EXTRACT_AND_RUN=1 \
    sh -c 'cd; exec "$@"' sh "$program" "$@"
}
as_visitor --version
as_visitor --selftest --full
as_visitor analyze /usr/lib/mien/_internal/app/shipped/assets/sample.mp4 -o sessions
as_visitor --record --screenshot window.png --after 10
find "$tree/home/visitor" -name window.png -size +50k | grep -q . || { echo "FAILED: no picture" >&2; exit 1; }
grep -q '"finished": true' "$tree"/home/visitor/Documents/*/*/session.json
cp "$tree/home/visitor/window.png" "$(dirname "$package")/fresh-machine.png"
chroot "$tree" dpkg --purge mien >/dev/null 2>&1 || { umount "$tree/usr/lib/mien" && chroot "$tree" dpkg --purge mien >/dev/null; }
ls "$tree"/home/visitor/Documents/*/*/faces.csv >/dev/null
echo "  The package is removed; the recordings are there."

# What the package depended on stays, as on any desktop: the AppImage brings no graphics driver and no fonts.
cp "$image" "$tree/home/visitor/Mien.AppImage"
chmod 755 "$tree/home/visitor/Mien.AppImage"
program=./Mien.AppImage
as_visitor --version
as_visitor --selftest --full
as_visitor --record --screenshot appimage.png --after 5
find "$tree/home/visitor" -name appimage.png -size +50k | grep -q . || { echo "FAILED: no picture" >&2; exit 1; }
[ -z "$(ls -A "$tree/tmp" | grep '^\.mount_mien' || true)" ] || { echo "FAILED: left in /tmp" >&2; exit 1; }
echo "Package and AppImage work on a fresh machine."
