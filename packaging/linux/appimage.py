"""Makes the AppImage of the packaged program: one file for any Linux that has a desktop.

Its head is `runtime.c`, compiled here. Needs gcc, squashfs-tools, and the static libraries of squashfuse and
libfuse; `packaging/tools.sh` names Debian's packages of these.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import desktop

ROOT = Path(__file__).parents[2]
MAGIC, AT = b"AI\x02", 8  # AppImage's mark of type 2, in bytes of the ELF head that nobody uses
LIBRARIES = ("squashfuse", "fuse3", "zstd", "lzma", "z", "lz4", "lzo2", "pthread")
# Debian's packages of what is linked into the head; their licence texts come along.
LINKED = ("libsquashfuse-dev", "libfuse3-dev", "libzstd-dev", "liblzma-dev", "zlib1g-dev", "liblz4-dev",
          "liblzo2-dev", "libc6-dev")  # fmt: skip
IMAGE = ("-comp", "zstd", "-Xcompression-level", "19", "-b", "1M", "-root-owned", "-no-xattrs")


def head(out: Path) -> Path:
    """Compiles the head to the file `out`."""
    how = ("-static", "-Os", "-s", "-Wl,--build-id=none", "-D_FILE_OFFSET_BITS=64", "-I/usr/include/fuse3")
    libraries = [f"-l{name}" for name in LIBRARIES]
    source = Path(__file__).with_name("runtime.c")
    done = subprocess.run(
        ["gcc", *how, source.name, "-o", out, *libraries],
        cwd=source.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:  # otherwise it only warns that a static program loads no module of libfuse
        raise SystemExit(done.stderr)
    data = bytearray(out.read_bytes())
    data[AT : AT + len(MAGIC)] = MAGIC
    out.write_bytes(data)
    return out


def folder(program: Path, version: str, when: int, out: Path) -> None:
    """Makes `out` the folder that the image holds; `program` is the packaged folder."""
    shutil.copytree(program, out / "usr/lib/mien", symlinks=True)
    (out / "AppRun").symlink_to("usr/lib/mien/mien")
    (out / "mien.desktop").write_text(desktop.ENTRY, "utf-8")
    shutil.copy(ROOT / "assets/icon.png", out / "mien.png")
    (out / ".DirIcon").symlink_to("mien.png")
    about = out / "usr/share/metainfo/mien.appdata.xml"
    about.parent.mkdir(parents=True)
    date = datetime.fromtimestamp(when, UTC).date().isoformat()
    about.write_text(desktop.METAINFO.format(version=version, date=date), "utf-8")
    texts = out / "usr/share/doc/mien"
    texts.mkdir(parents=True)
    for package in LINKED:
        text = Path(f"/usr/share/doc/{package}/copyright").read_text("utf-8")
        (texts / f"{package}.txt").write_text(text, "utf-8")
    for path in [out, *out.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def build(program: Path, version: str, out: Path, when: int) -> Path:
    """The AppImage in the folder `out`.

    The same `program` and the same time `when`, in seconds since 1970, give the same bytes.
    """
    made = out / f"Mien-{version}-{platform.machine()}.AppImage"
    with tempfile.TemporaryDirectory(dir=out) as work:
        tree, image = Path(work) / "tree", Path(work) / "image"
        folder(program, version, when, tree)
        quiet = ("-noappend", "-quiet", "-no-progress")
        command = ["mksquashfs", tree, image, *IMAGE, *quiet]
        environment = os.environ | {"SOURCE_DATE_EPOCH": str(when)}  # of every file, and of the image
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        with head(made).open("ab") as file, image.open("rb") as behind:
            shutil.copyfileobj(behind, file)
    made.chmod(0o755)
    return made
