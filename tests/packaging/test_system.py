"""The check of the system's libraries, on made-up machines: a folder of stand-ins comes first on PATH."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SYSTEM, PYTHON = ROOT / "packaging/system.sh", ROOT / "packaging/python.sh"
TOOLS = ROOT / "packaging/tools.sh"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the check is for Linux")


def stand_in(folder, name, script):
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def machine(tmp_path):
    """A machine with every library but libGL and libEGL, where apt-get writes down what it was asked."""
    kept = [name for name in files_wanted() if name not in ("libGL.so.1", "libEGL.so.1")]
    listed = "\n".join(f"\t{name} (libc6,x86-64) => /usr/lib/{name}" for name in kept)
    stand_in(tmp_path, "ldconfig", f"cat <<'END'\n{listed}\nEND")
    stand_in(tmp_path, "apt-get", f'echo "$@" >> {tmp_path}/asked')
    return tmp_path


def check(machine, user, *arguments, script=SYSTEM):
    stand_in(machine, "id", f"echo {user}")
    environment = os.environ | {"PATH": f"{machine}:{os.environ['PATH']}", "MIEN_PYTHON": sys.executable}
    return subprocess.run([script, *arguments], env=environment, capture_output=True, text=True, check=False)


def test_an_ordinary_user_is_told_the_one_line(machine):
    done = check(machine, 1000)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].strip() == "sudo apt-get install libegl1 libgl1"
    assert not (machine / "asked").exists()


def test_root_gets_them_installed(machine):
    done = check(machine, 0)
    assert done.returncode == 0
    assert (machine / "asked").read_text().splitlines()[-1].endswith("libegl1 libgl1")


def test_nothing_is_said_when_nothing_is_missing(machine):
    everything = "\n".join(f"\t{n} (libc6) => /usr/lib/{n}" for n in files_wanted())
    stand_in(machine, "ldconfig", f"cat <<'END'\n{everything}\nEND")
    done = check(machine, 1000)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_building_the_package_wants_the_libraries_that_qt_names_for_wayland(machine):
    python = f"libpython{sys.version_info[0]}.{sys.version_info[1]}.so.1.0"
    names = [*files_wanted(), python, "libwayland-client.so.0"]
    listed = "\n".join(f"\t{name} (libc6,x86-64) => /usr/lib/{name}" for name in names)
    stand_in(machine, "ldconfig", f"cat <<'END'\n{listed}\nEND")
    for name in ("objdump", "Xvfb", "strace"):
        stand_in(machine, name, "exit 0")
    done = check(machine, 1000, "--quick", script=TOOLS)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].strip() == "sudo apt-get install libwayland-cursor0 libwayland-egl1"
    check(machine, 0, "--quick", script=TOOLS)
    assert (machine / "asked").read_text().splitlines()[-1].endswith(" libwayland-cursor0 libwayland-egl1")


def test_what_the_appimage_and_the_trials_need_is_listed_for_a_machine_of_another_kind(machine):
    listed = set(check(machine, 1000, "--packages", script=TOOLS).stdout.split())
    assert {"gcc", "squashfs-tools", "libsquashfuse-dev", "libfuse3-dev", "nsis"} <= listed


def test_packages_are_listed_for_the_debian_package(machine):
    assert "libxcb-cursor0" in check(machine, 1000, "--packages").stdout.split()


def test_an_unfit_python_is_refused_in_one_sentence(machine):
    stand_in(machine, "old-python", "exit 1")
    environment = os.environ | {"MIEN_PYTHON": str(machine / "old-python")}
    done = subprocess.run([PYTHON], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Python 3.11, 3.12 or 3.13" in done.stderr and len(done.stderr.splitlines()) == 1


def files_wanted():
    lines = SYSTEM.read_text().splitlines()
    return [line.split()[0] for line in lines if line.startswith("lib") and len(line.split()) == 2]
