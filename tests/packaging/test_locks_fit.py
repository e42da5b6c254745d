"""Whether pins could be installed elsewhere, asked of the index that pip knows: here, of made-up wheels."""

import hashlib
import os
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "packaging"))
import locks_fit  # noqa: E402


def wheel(folder, tag):
    path = folder / f"made_up-1.0-{tag}.whl"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(
            "made_up-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n"
        )
        file.writestr(
            "made_up-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n"
        )
        file.writestr("made_up-1.0.dist-info/RECORD", "")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with (folder / "made-up/index.html").open("a") as page:
        page.write(f'<a href="../{path.name}#sha256={digest}">{path.name}</a>')
    return digest


@pytest.fixture
def index(tmp_path):
    """The environment in which uv asks an index in a folder, and no other."""
    (tmp_path / "made-up").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    return kept | {"UV_DEFAULT_INDEX": tmp_path.as_uri(), "UV_NO_CACHE": "1"}


def lock(folder, *hashes, marker=""):
    path = folder / "made-up.lock"
    lines = " \\\n".join(f"    --hash=sha256:{digest}" for digest in hashes)
    path.write_text(f"made-up==1.0{marker} \\\n{lines}\n")
    return path


def test_a_pin_fits_where_one_of_its_wheels_does(tmp_path, index):
    pins = [
        lock(tmp_path, wheel(tmp_path, "cp311-cp311-win_amd64"), wheel(tmp_path, "cp312-cp312-win_amd64"))
    ]
    assert locks_fit.lacking("x86_64-pc-windows-msvc", "3.11", pins, index) == ""
    assert locks_fit.lacking("x86_64-pc-windows-msvc", "3.12", pins, index) == ""
    assert "made-up" in locks_fit.lacking("x86_64-pc-windows-msvc", "3.13", pins, index)
    assert "made-up" in locks_fit.lacking("x86_64-manylinux_2_36", "3.11", pins, index)


def test_a_marker_is_read_as_on_the_other_system(tmp_path, index):
    pins = [lock(tmp_path, wheel(tmp_path, "py3-none-win_amd64"), marker=" ; sys_platform == 'win32'")]
    assert locks_fit.lacking("x86_64-pc-windows-msvc", "3.11", pins, index) == ""
    assert locks_fit.lacking("aarch64-apple-darwin", "3.11", pins, index) == ""


def test_uv_asks_the_index_that_pip_asks(monkeypatch):
    for name in locks_fit.SETTINGS.values():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.invalid/simple")
    assert locks_fit.environment()["UV_DEFAULT_INDEX"] == "https://index.invalid/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://other.invalid/simple")
    assert locks_fit.environment()["UV_DEFAULT_INDEX"] == "https://other.invalid/simple"


@pytest.mark.parametrize(("python", "ends"), [("3.11", True), ("3.14", False)])
def test_only_what_is_promised_has_to_fit(monkeypatch, capsys, python, ends):
    monkeypatch.setattr(locks_fit, "PYTHONS", (python,))
    monkeypatch.setattr(locks_fit, "lacking", lambda platform, *_: "no wheel" if "apple" in platform else "")
    if ends:
        with pytest.raises(SystemExit, match="Not every"):
            locks_fit.main()
    else:
        locks_fit.main()
    said = capsys.readouterr().out
    assert f"macOS arm64, Python {python}: no wheel" in said and said.count("fits") == 3
