"""The list of what may skip: it names tests that exist, and a skip that it does not name fails the run."""

from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.skips import SkipList

pytest_plugins = "pytester"
ROOT = Path(__file__).parents[1]
LIST = ROOT / "tests" / "may_skip.toml"
FILES = [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")]
CONFTEST = f"""
from pathlib import Path
from tests.skips import SkipList

def pytest_configure(config):
    config.pluginmanager.register(SkipList.read(Path({str(LIST.name)!r})))
"""
ENTRY = """
[[skip]]
tests = ["{}"]
reason = "no camera"
why = "this is a test"
"""


@pytest.mark.parametrize("entry", SkipList.read(LIST).entries, ids=lambda entry: entry.reason)
def test_each_entry_names_tests_that_exist_and_says_why(entry):
    assert len(entry.reason) > 4 and entry.why.endswith(".")
    for pattern in entry.tests:
        name, _, test = pattern.partition("::")
        files = [file for file in FILES if fnmatch(file, name)]
        assert files, pattern
        if test not in ("", "*"):
            assert f"def {test.rstrip('*')}(" in (ROOT / files[0]).read_text(encoding="utf-8"), pattern


@pytest.mark.parametrize(
    ("pattern", "skip", "passes"),
    [
        ("test_it.py::test_one", "@pytest.mark.skip(reason='there is no camera')", True),
        ("test_it.py::test_two", "@pytest.mark.skip(reason='there is no camera')", False),
        ("test_it.py::*", "@pytest.mark.skip(reason='there is no time')", False),
        ("test_it.py", "pytest.skip('there is no camera', allow_module_level=True)", True),
        ("test_two.py", "pytest.skip('there is no camera', allow_module_level=True)", False),
        ("test_two.py", "@pytest.mark.xfail(reason='not yet')", True),
    ],
)
def test_a_skip_that_is_not_listed_fails_the_run(pytester, pattern, skip, passes):
    pytester.makeconftest(CONFTEST)
    pytester.path.joinpath(LIST.name).write_text(ENTRY.format(pattern))
    body = "assert False" if "xfail" in skip else "pass"
    pytester.makepyfile(
        test_it=f"import pytest\n{skip}\ndef test_one():\n    {body}\ndef test_three():\n    pass"
    )
    run = pytester.runpytest_inprocess("--import-mode=importlib", "-p", "no:pytest-qt")
    assert (run.ret in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)) == passes
    assert ("does not list" in run.stdout.str()) != passes


def test_nor_is_one_allowed_in_another_process(pytester):
    pytester.makeconftest(CONFTEST)
    pytester.path.joinpath(LIST.name).write_text(ENTRY.format("test_one.py"))
    skip = "import pytest\npytest.skip('there is no camera', allow_module_level=True)"
    pytester.makepyfile(test_one=skip, test_two=skip, test_three="def test_three():\n    pass")
    run = pytester.runpytest_inprocess("-n", "2", "--import-mode=importlib", "-p", "no:pytest-qt")
    assert run.ret == pytest.ExitCode.TESTS_FAILED
    run.stdout.fnmatch_lines(["*does not list*", "test_two.py: *no camera*"])
    assert "test_one.py: " not in run.stdout.str()
