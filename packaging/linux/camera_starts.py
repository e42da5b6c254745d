"""Starts Mien where the camera is taken, or may not be used: `camera_starts.py dist/mien/mien`, as root.

In a mount namespace of its own the system has one camera, which no driver stands behind: a file that another
program of the same user has open, or a device that root alone may open. Mien runs as an ordinary user, must
say in one sentence what is wrong, and must end well.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import first_starts

NAME = "Laptop camera"
# Makes the camera, then runs the program as the user nobody. Arguments: folder, kind, its folder, words.
INSIDE = """set -eu
work=$1 kind=$2
mkdir -p "$work/dev/shm" "$work/class/video4linux/video0" "$work/program"
mount --bind "$3" "$work/program"
shift 3
for name in null zero full random urandom tty; do cp -a "/dev/$name" "$work/dev"; done
ln -s /proc/self/fd "$work/dev/fd"
chmod 1777 "$work/dev/shm"
if [ "$kind" = taken ]; then
  : > "$work/dev/video0"
  chmod 666 "$work/dev/video0"
else
  mknod -m 600 "$work/dev/video0" c 81 0
fi
echo 0 > "$work/class/video4linux/video0/index"
echo "$NAME" > "$work/class/video4linux/video0/name"
chown 65534:65534 "$work/home" "$work/run"
mount --bind "$work/dev" /dev
mount --bind "$work/class" /sys/class
user="setpriv --reuid=65534 --regid=65534 --clear-groups"
holder=
[ "$kind" = forbidden ] || { $user tail -f /dev/video0 & holder=$!; }
code=0
$user timeout 120 "$work/program/mien" "$@" || code=$?
[ -z "$holder" ] || kill "$holder"
exit "$code"
"""


@dataclass(frozen=True, slots=True)
class Camera:
    """What is wrong with the camera, and what Mien must say of it."""

    kind: str
    says: str


CAMERAS = (
    Camera("taken", f"{NAME} is used by tail: close it there"),
    Camera("forbidden", f"{NAME} may not be used by this account: add it to the group 'video'"),
)


def attempt(camera: Camera, program: Path) -> str:
    """Starts the window with the camera; gives what it said. Raises SystemExit where that is wrong."""
    start = first_starts.STARTS[0]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        work.chmod(0o755)
        for name in ("home", "run"):
            (work / name).mkdir(mode=0o700)
        environment = {"HOME": str(work / "home"), "XDG_RUNTIME_DIR": str(work / "run"), "LANG": "C.UTF-8"}
        with first_starts.screen(start, work, environment):
            done = subprocess.run(
                ["unshare", "--mount", "sh", "-c", INSIDE, "sh", folder, camera.kind,
                 str(program.parent), "--camera", "0", "--screenshot",
                 str(work / "home/first.png"), "--after", "4"],
                env=os.environ | environment | {"NAME": NAME}, capture_output=True, text=True, check=False,
                cwd=work,
            )  # fmt: skip
    lines = done.stderr.strip().splitlines()
    if done.returncode != 1 or len(lines) != 1 or camera.says not in lines[0]:
        raise SystemExit(f"FAILED: {camera.kind}: {done.returncode}\n{done.stdout}{done.stderr}")
    return lines[0]


def main(program: Path) -> None:
    """Tries all. Raises SystemExit with the first that fails."""
    for camera in CAMERAS:
        print(f"camera {camera.kind}: {attempt(camera, program.resolve())}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
