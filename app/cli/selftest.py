"""`mien selftest`, also spelled `mien --selftest`: does everything work that came with the program?"""

from __future__ import annotations

import argparse

from app.cli.command import Command, Example


def add(parser: argparse.ArgumentParser) -> None:
    """It has no options."""


def run(arguments: argparse.Namespace) -> int:
    """Prints a line for each part that works. Raises UserError for the first that does not."""
    from app.analysis.selftest import selftest
    from app.system import paths

    for check in selftest(paths.models(), paths.sample_clip()):
        print(f"{check.name:<14} {check.ms:8.2f} ms   {check.note}")
    print("Everything works.")
    return 0


COMMAND = Command(
    "selftest",
    "check that everything works that came with the program",
    "Checks the hash of each network and runs it once, then looks for the face in the sample clip. Prints a "
    "line for each with the time it took. The exit code is 2 when a part is missing or damaged.",
    (Example("mien selftest", "the same as mien --selftest"),),
    add,
    run,
)
