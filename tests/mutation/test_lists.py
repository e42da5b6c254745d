"""The lists of `make mutants` name modules and tests that exist, and say why a change changes nothing."""

import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MODULES = tomllib.loads((HERE / "modules.toml").read_text(encoding="utf-8"))["module"]
SAME = tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8"))["same"]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module["path"])
def test_a_module_has_tests_that_exist(module):
    assert (ROOT / module["path"]).is_file() and module["tests"]
    for test in module["tests"]:
        file, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8") or not name, test


@pytest.mark.parametrize("same", SAME, ids=lambda same: f"{same['module']}: {same['old']}")
def test_a_change_that_no_test_can_notice_says_why(same):
    assert same["module"] in {module["path"] for module in MODULES}
    assert same["old"] and same["new"] and same["old"] not in same["new"] and same["why"].endswith(".")


def test_what_was_found_is_of_modules_of_the_list():
    found = tomllib.loads((HERE / "results.toml").read_text(encoding="utf-8"))["module"]
    listed = [module["path"] for module in MODULES]
    assert [one["path"] for one in found] == [
        path for path in listed if path in {one["path"] for one in found}
    ]
    for one in found:
        assert 0 <= one["unnoticed"] <= 0.1 * (one["changes"] - one["equivalent"]), one["path"]
