"""What a hosting service, a robot or another program reads of this repository: well formed, and true."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import app

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
LOCKS = sorted((ROOT / "packaging").glob("*.lock"))
PIN = re.compile(r"[a-z0-9.-]+==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")


def read(path):
    return yaml.safe_load(path.read_text("utf-8"))


def steps(workflow):
    return [step for job in read(workflow)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_have_a_version_and_what_is_run_exists(workflow):
    for step in steps(workflow):
        assert "run" in step or re.fullmatch(r"[\w-]+/[\w-]+@v\d+(\.\d+)*", step["uses"]), step
        for name in re.findall(r"(?:packaging|docs)/[\w.-]+\w", step.get("run", "")):
            assert (ROOT / name).exists(), name


def test_the_tests_run_on_three_systems_with_the_oldest_and_the_newest_python():
    matrix = read(GITHUB / "workflows/test.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert {name.split("-")[0] for name in matrix["system"]} == {"ubuntu", "windows", "macos"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest, beyond = (int(n) for n in re.findall(r"3\.(\d+)", project["requires-python"]))
    assert {matrix["python"][0], matrix["python"][-1]} == {f"3.{oldest}", f"3.{beyond - 1}"}
    listed = [c for c in project["classifiers"] if re.search(r":: 3\.\d+$", c)]
    assert len(listed) == beyond - oldest


@pytest.mark.parametrize("form", ["bug", "idea", "question"])
def test_a_form_asks_for_something_and_each_answer_has_a_name(form):
    told = read(GITHUB / f"ISSUE_TEMPLATE/{form}.yml")
    assert told["name"] and told["description"]
    asked = [field for field in told["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in asked}) == len(asked)
    assert any(field["validations"]["required"] for field in asked if "validations" in field)


def test_the_citation_names_this_version():
    cited = read(ROOT / "CITATION.cff")
    assert str(cited["version"]) == app.__version__
    assert cited["license"] == "Apache-2.0" and cited["authors"] == [{"name": "The Mien developers"}]


def test_the_hooks_are_what_make_lint_runs():
    hooks = [hook for repo in read(ROOT / ".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    recipe = re.search(r"^lint:.*\n(\t.*\n)+", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[0]
    tool = re.compile(r"python\)? -m (ruff check|ruff format|mypy)")
    assert {tool.search(hook["entry"])[1] for hook in hooks} == set(tool.findall(recipe))
    assert len(hooks) == 3


def test_types_are_strict_for_program_and_training():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    assert told["strict"] is True and told["files"] == ["app", "export"]
    looser = {
        key for entry in told["overrides"] for key in entry if key not in ("module", "ignore_missing_imports")
    }
    assert looser == {"disallow_subclassing_any"}  # of pyqtgraph, which has no types


def test_one_job_runs_the_tests_of_training_with_torch():
    (job,) = (
        job for job in read(GITHUB / "workflows/test.yml")["jobs"].values()
        if any("tests/export" in step.get("run", "") for step in job["steps"])
    )  # fmt: skip
    runs = [step.get("run", "") for step in job["steps"]]
    assert runs.index("make export") < next(i for i, run in enumerate(runs) if "tests/export" in run)


def test_the_continuous_integration_makes_everything():
    made = re.findall(
        r"^(?:exec )?make (\w+)(?: ARGS=--quick)?$", (ROOT / ".ci/run").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(made) == ["docs", "export", "lint", "locks", "package", "test", "wheel"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_a_lock_holds_versions_and_hashes_and_no_address(lock):
    for line in lock.read_text("utf-8").splitlines():
        assert PIN.fullmatch(line), line


def test_one_environment_can_hold_every_lock_that_make_installs():
    versions = {}
    for lock in LOCKS:
        pins = re.findall(r"^(\S+)==(\S+)(?: \\| ;)", lock.read_text("utf-8"), re.MULTILINE)
        for name in {name for name, _ in pins}:
            versions.setdefault(name, set()).add(tuple(sorted(pin for other, pin in pins if other == name)))
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
