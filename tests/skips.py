"""Holds the list of tests that may skip: a skip that it does not name fails the run."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class MaySkip:
    """One entry of the list: these tests may skip for this reason."""

    tests: tuple[str, ...]  # patterns of test ids, as tests/stages/test_pose.py::*
    reason: str  # words that the reason of the skip contains
    why: str  # why that is no loss

    def covers(self, test: str, reason: str) -> bool:
        """Whether the entry lets `test` skip for `reason`. An id without `::` is a whole file."""
        return self.reason in reason and any(fnmatchcase(test, pattern) for pattern in self.tests)


@dataclass(slots=True, eq=False)
class SkipList:
    """A pytest plugin that notes each skip which no entry covers, and fails the run when there is one."""

    entries: tuple[MaySkip, ...]
    unlisted: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> SkipList:
        """The list in a TOML file of `[[skip]]` tables. Raises KeyError where one lacks a field."""
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["skip"]
        return cls(tuple(MaySkip(tuple(t["tests"]), t["reason"], t["why"]) for t in tables))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Looks at a test that has run."""
        self._look_at(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Looks at a file that has been read: a file may skip as a whole."""
        self._look_at(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fails a run that passed otherwise."""
        if self.unlisted and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Names the skips that are not in the list."""
        if self.unlisted:
            terminalreporter.section("skips that tests/may_skip.toml does not list", red=True)
            for line in self.unlisted:
                terminalreporter.line(line)

    def _look_at(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not report.skipped or hasattr(report, "wasxfail"):
            return
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not any(entry.covers(report.nodeid, reason) for entry in self.entries):
            self.unlisted.append(f"{report.nodeid}: {reason}")
