"""Measures a task's networks on test data: `python -m export.evaluate eye-centres|affect ...`."""

from __future__ import annotations

import importlib
import sys

EVALUATIONS = {"eye-centres": "export.eyes.evaluate", "affect": "export.affect.evaluate"}


def main(argv: list[str] | None = None) -> int:
    """The exit code of the task's own evaluation, which reads the other arguments."""
    task, *rest = (sys.argv[1:] if argv is None else argv) or [""]
    if task not in EVALUATIONS:
        print(f"Name what to evaluate: python -m export.evaluate {'|'.join(EVALUATIONS)}.", file=sys.stderr)
        return 2
    result: int = importlib.import_module(EVALUATIONS[task]).main(rest)
    return result


if __name__ == "__main__":
    sys.exit(main())
