"""Tries the AppImage: what its head answers, mounted where FUSE is, then unpacked and smoke-tested."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from app import __version__  # noqa: E402

HANGS = 900  # s that no run takes


def said(image: Path, *arguments: str, folder: Path, **environment: str) -> str:
    """What the AppImage prints, run in `folder`. Raises SystemExit where it fails."""
    done = subprocess.run(
        [str(image), *arguments], cwd=folder, env=os.environ | environment, capture_output=True, text=True,
        timeout=HANGS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"FAILED: {image.name} {' '.join(arguments)}: {done.returncode}\n{done.stderr}")
    return done.stdout.strip()


def main(image: Path) -> None:
    """Raises SystemExit with what failed."""
    image = image.resolve()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "tmp").mkdir()
        here = {"TMPDIR": str(work / "tmp")}
        begin = int(said(image, "--appimage-offset", folder=work))
        with image.open("rb") as file:
            assert file.read(11)[8:] == b"AI\x02", "AppImage's mark is missing"
            file.seek(begin)
            assert file.read(4) == b"hsqs", "no image where the head says"
        wanted = f"mien {__version__}"
        if os.access("/dev/fuse", os.R_OK | os.W_OK):
            assert said(image, "--version", folder=work, **here) == wanted
            print("mounted:    it starts with FUSE")
        assert said(image, "--appimage-extract-and-run", "--version", folder=work, **here) == wanted
        assert not list((work / "tmp").iterdir()), "something is left in the temporary folder"
        print("unpacked:   it starts without FUSE, and leaves nothing behind")
        said(image, "--appimage-extract", folder=work)
        smoke = [sys.executable, str(ROOT / "packaging/smoke.py"), str(work / "squashfs-root/AppRun")]
        if subprocess.run(smoke, check=False).returncode:
            raise SystemExit("FAILED: the unpacked AppImage")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
