"""The table of all commands, in the order of `mien --help`."""

from __future__ import annotations

from app.cli import (
    analyze,
    bench,
    export,
    gather,
    recover,
    replay,
    report,
    selftest,
    study,
    synthesize,
    table,
    verify,
    window,
)

WINDOW = window.COMMAND  # what `mien` does without the name of a command

COMMANDS = (
    analyze.COMMAND,
    replay.COMMAND,
    report.COMMAND,
    export.COMMAND,
    gather.COMMAND,
    study.COMMAND,
    table.COMMAND,
    verify.COMMAND,
    recover.COMMAND,
    synthesize.COMMAND,
    bench.COMMAND,
    selftest.COMMAND,
)
