"""Measures on test data: networks of a task, or how faces are found: `python -m export.evaluate TASK ...`.

TASK is eye-centres, affect, actions, synthesis, faces or detector; `python -m export.evaluate TASK --help`
says what it needs and writes.

  python -m export.evaluate affect
  python -m export.evaluate eye-centres --checks
"""

from __future__ import annotations

import importlib
import sys

EVALUATIONS = {
    "eye-centres": "export.eyes.evaluate",
    "affect": "export.affect.evaluate",
    "actions": "export.affect.actions.evaluate",
    "synthesis": "export.synthesis.gan.evaluate",
    "faces": "export.limits.faces.evaluate",
    "detector": "export.limits.detector",
}


def main(argv: list[str] | None = None) -> int:
    """The exit code of the evaluation of the named task, which reads the other arguments; 2 for another
    task."""
    task, *rest = (sys.argv[1:] if argv is None else argv) or [""]
    if task in ("-h", "--help"):
        print(__doc__)
        return 0
    if task not in EVALUATIONS:
        print(f"Name what to evaluate: python -m export.evaluate {'|'.join(EVALUATIONS)}.", file=sys.stderr)
        return 2
    result: int = importlib.import_module(EVALUATIONS[task]).main(rest)
    return result


if __name__ == "__main__":
    sys.exit(main())
