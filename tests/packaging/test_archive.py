"""What is packed depends on the files alone: twice the same gives the same bytes."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "packaging"), str(ROOT / "packaging/linux"), str(ROOT / "packaging/windows")]
import appimage  # noqa: E402
import archive  # noqa: E402
import deb  # noqa: E402
import installer  # noqa: E402
import trials  # noqa: E402

WHEN = 1_700_000_000


@pytest.fixture
def program(tmp_path):
    """A folder of the packaged program's shape."""
    made = tmp_path / "dist/mien"
    (made / "_internal/lib").mkdir(parents=True)
    (made / "mien").write_text('#!/bin/sh\necho started with "$@"\n')
    (made / "mien").chmod(0o755)
    (made / "_internal/lib/ü.txt").write_text("text")
    if sys.platform != "win32":
        (made / "_internal/link").symlink_to("lib/ü.txt")
    return made


def later(program, name):
    """The same program, copied later by somebody else: other times, other rights, another order."""
    copy = program.with_name(name)
    shutil.copytree(program, copy, symlinks=True)
    os.utime(copy / "mien", (WHEN + 5, WHEN + 5))
    (copy / "_internal/lib/ü.txt").chmod(0o600)
    return copy


def test_an_archive_has_the_same_bytes_twice(program, tmp_path):
    one = archive.tar(program, tmp_path / "one", "mien-1", WHEN)
    other = archive.tar(later(program, "again"), tmp_path / "other", "mien-1", WHEN)
    assert one.read_bytes() == other.read_bytes()
    with tarfile.open(one) as file:
        entries = file.getmembers()
    assert {entry.mtime for entry in entries} == {WHEN} and {entry.uname for entry in entries} == {"root"}
    assert [entry.name for entry in entries if entry.isfile()] == [
        "mien-1/_internal/lib/ü.txt",
        "mien-1/mien",
    ]


def test_what_differs_is_named(program):
    again = later(program, "again")
    assert archive.differences(program, again) == []
    (again / "_internal/lib/ü.txt").write_text("other")
    (again / "new").touch()
    assert archive.differences(program, again) == ["_internal/lib/ü.txt", "new"]


@pytest.mark.skipif(sys.platform == "win32", reason="the check is for Linux")
def test_every_file_gets_the_same_time_and_links_are_not_followed(program, tmp_path):
    outside = tmp_path / "outside"
    outside.touch()
    (program / "away").symlink_to(outside)
    archive.same_times(program, WHEN)
    assert {path.lstat().st_mtime for path in program.rglob("*")} == {WHEN}
    assert outside.stat().st_mtime != WHEN


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg-deb is not installed")
def test_the_debian_package_has_the_same_bytes_twice(program, tmp_path, monkeypatch):
    monkeypatch.setattr(deb, "depends", lambda _: ["libc6"])
    archive.same_times(program, WHEN)
    one = deb.build(program, "1.0.0", tmp_path, WHEN).read_bytes()
    other = deb.build(later(program, "again"), "1.0.0", tmp_path, WHEN).read_bytes()
    assert one == other


@pytest.mark.skipif(not shutil.which("makensis"), reason="makensis is not installed")
def test_the_installer_has_the_same_bytes_twice(program, tmp_path):
    made = [installer.build(program, "1.0.0", tmp_path / f"mien-{i}.exe", WHEN).read_bytes() for i in (1, 2)]
    assert made[0] == made[1] and made[0][:2] == b"MZ"


def can_make_an_appimage():
    return (
        sys.platform == "linux"
        and all(map(shutil.which, ("gcc", "mksquashfs")))
        and any(Path("/usr/lib").glob("*/libsquashfuse.a"))
    )


@pytest.mark.skipif(not can_make_an_appimage(), reason="squashfuse is not installed")
def test_an_appimage_has_the_same_bytes_twice_and_runs_what_is_in_it(program, tmp_path):
    image = appimage.build(program, "1.0.0", tmp_path, WHEN)
    first = image.read_bytes()
    assert first[:4] == b"\x7fELF" and first[8:11] == b"AI\x02"
    assert appimage.build(later(program, "again"), "1.0.0", tmp_path, WHEN).read_bytes() == first

    def said(*arguments, **environment):
        done = subprocess.run(
            [image, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True,
            env=os.environ | {"TMPDIR": str(tmp_path / "tmp")} | environment,
        )  # fmt: skip
        return done.stdout

    (tmp_path / "tmp").mkdir()
    assert first[int(said("--appimage-offset")) :][:4] == b"hsqs"
    assert said("--appimage-extract-and-run", "a b", "c") == "started with a b c\n"
    assert said("a", APPIMAGE_EXTRACT_AND_RUN="1") == "started with a\n"
    assert list((tmp_path / "tmp").iterdir()) == []
    said("--appimage-extract")
    assert (tmp_path / "squashfs-root/usr/lib/mien/_internal/link").read_text() == "text"
    assert (tmp_path / "squashfs-root/mien.desktop").read_text().startswith("[Desktop Entry]\n")
    assert (tmp_path / "squashfs-root/usr/share/doc/mien/libfuse3-dev.txt").stat().st_size > 1000


def test_a_trial_without_its_tools_is_left_out_and_named(monkeypatch, tmp_path):
    monkeypatch.setattr(trials, "of", lambda _: [trials.Trial("made up", ("false",), ("no-such-tool",))])
    said = []
    trials.main([tmp_path], said.append)
    assert said == ["made up: left out, since no-such-tool is missing"]
    monkeypatch.setattr(trials, "of", lambda _: [trials.Trial("made up", (sys.executable, "-c", "exit(3)"))])
    with pytest.raises(SystemExit, match="FAILED: made up"):
        trials.main([tmp_path], said.append)
