"""`mien selftest`, also spelled `mien --selftest`: does everything work that came with the program?"""

from __future__ import annotations

import argparse

from app.cli.command import Command, Example


class Arguments(argparse.Namespace):
    """What the options say."""

    full: bool


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the option."""
    parser.add_argument(
        "--full", action="store_true",
        help="also analyse, report and export, load every extra, write into the user's folders; opens no "
        "camera and no socket",
    )  # fmt: skip


def run(arguments: Arguments) -> int:
    """Prints a line for each part that works. Raises UserError for the first that does not."""
    from app.analysis.selftest import selftest
    from app.system import paths

    for check in selftest(paths.models(), paths.sample_clip()):
        print(f"{check.name:<16} {check.ms:8.2f} ms   {check.note}")
    if arguments.full:
        from app.analysis.full_selftest import full_selftest

        for check in full_selftest(paths.models(), paths.sample_clip()):
            print(f"{check.name:<16} {check.ms:8.2f} ms   {check.note}", flush=True)
    print("Everything works.")
    return 0


COMMAND = Command(
    "selftest",
    "check that everything works that came with the program",
    "Checks the hash of each network and runs it once, then looks for the face in the sample clip. Prints a "
    "line for each with the time it took. With --full it goes through all that needs neither a person nor a "
    "network, as an administrator may want after installing Mien. The exit code is 2 when a part is missing "
    "or damaged.",
    (
        Example("mien selftest", "the same as mien --selftest"),
        Example("mien selftest --full", "everything, for an administrator"),
    ),
    add,
    run,
    shares=frozenset({"full"}),
)
