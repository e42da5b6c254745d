"""The tables of `export.compare`: a row for each recipe, read from the cards in the folders of the runs."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from app.stages.models import load
from app.system.atomic import replace_text
from export.affect import report
from export.shipping import card

FIGURES = {
    "accuracy %": ("measured.accuracy", ".1f"),
    "mean recall %": ("measured.mean_recall", ".1f"),
    "V RMSE": ("measured.valence.rmse", ".3f"),
    "V CCC": ("measured.valence.ccc", ".3f"),
    "V CC": ("measured.valence.cc", ".3f"),
    "V sign %": ("measured.valence.sign_agreement", ".1f"),
    "A RMSE": ("measured.arousal.rmse", ".3f"),
    "A CCC": ("measured.arousal.ccc", ".3f"),
    "A CC": ("measured.arousal.cc", ".3f"),
    "A sign %": ("measured.arousal.sign_agreement", ".1f"),
    "parameters": ("training.parameters", ",d"),
    "MB": ("megabytes", ".1f"),
    "ms a face": ("milliseconds", ".2f"),
    "PublicTest accuracy %": ("training.figures_at_best_epoch.accuracy", ".1f"),
}
"""The heading of each column, where its figure is on a card, and how it is printed."""
PREFACE = """\
Figures are of the exported ONNX files on FER+ PrivateTest, majority vote of eight, without the pictures that
are also in Training: {faces} faces. The epoch was chosen by the accuracy on PublicTest (last column). V and
A are valence and arousal, against targets derived from the votes. Milliseconds are medians of one thread's
processor time; the networks took turns, so rows can be compared with each other, not with other machines.
There is one seed for each row, and the size of the test set alone leaves a standard error of {error:.1f}
points of accuracy: small differences mean nothing.
"""


@dataclass(frozen=True, slots=True)
class Budget:
    """What every row of a short comparison gets."""

    share: float  # of the training faces
    epochs: int
    batch: int
    seed: int

    def __str__(self) -> str:
        """The budget in words, for the tables."""
        faces = f"{self.share:.0%} of the training faces"
        return f"{self.epochs} epochs on {faces} in batches of {self.batch}, seed {self.seed}"


def measured(path: Path) -> bool:
    """Whether there is a card at `path` with figures of test data on it."""
    return path.exists() and "measured" in card.read(path)


def write(cards: Sequence[Path], budget: Budget | None, command: str, to: Path) -> list[Path]:
    """Writes `to`/affect-comparison[-short].md and .csv of those of `cards` that are measured; gives both
    paths.

    `budget` is that of all rows, None where each had its recipe's own; `command` is the one that makes them.
    Raises FileNotFoundError where nothing is measured.
    """
    done = [path for path in cards if measured(path)]
    if not done:
        raise FileNotFoundError("Nothing is measured yet; run the same command without --table.")
    times = report.milliseconds([load(path, threads=1) for path in done], 100)
    rows = {path.stem: figures(path, time["median"]) for path, time in zip(done, times, strict=True)}
    losses = {name: row for name, row in rows.items() if name.startswith("loss_")}
    networks = {name: row for name, row in rows.items() if not name.startswith("loss_")}
    left = [path.stem for path in cards if path not in done]
    first = card.read(done[0])["measured"]
    share = first["accuracy"] / 100
    error = 100 * (share * (1 - share) / first["faces"]) ** 0.5  # of a share of so many faces
    parts = [
        f"# Networks and losses, compared\n\n`{command}`\n",
        f"**Short runs**, each {budget}: they rank beginnings, not ends.\n" if budget else "",
        PREFACE.format(faces=f"{first['faces']:,}", error=error),
        section("Networks", networks),
        section(
            "Losses on the network that ships, which was trained with that of `loss_votes`",
            losses,
        ),
        f"Not run: {', '.join(left)}.\n" if left else "",
    ]
    to.mkdir(parents=True, exist_ok=True)
    stem = "affect-comparison-short" if budget else "affect-comparison"
    page, sheet = to / f"{stem}.md", to / f"{stem}.csv"
    replace_text(page, "\n".join(part for part in parts if part))
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["recipe", "budget", *FIGURES])
        writer.writerows([name, budget or "its own", *row] for name, row in rows.items())
    return [page, sheet]


def figures(path: Path, milliseconds: float) -> list[str]:
    """The cells of one row, from the card at `path` and the network beside it."""
    found = card.read(path) | {"milliseconds": milliseconds}
    found["megabytes"] = path.with_suffix(".onnx").stat().st_size / 1e6
    return [f"{value(found, name):{form}}".replace(",", "") for name, form in FIGURES.values()]


def value(table: dict[str, Any], name: str) -> Any:
    """The value at a dotted `name` in nested tables. Raises KeyError."""
    return reduce(dict.__getitem__, name.split("."), table)


def section(title: str, rows: dict[str, list[str]]) -> str:
    """A heading with its table; nothing where there are no rows."""
    return f"## {title}\n\n{markdown(rows)}" if rows else ""


def markdown(rows: dict[str, list[str]]) -> str:
    """A Markdown table with a row for each recipe, in the order of `rows`; their cells are those of
    FIGURES."""
    lines = [f"| recipe | {' | '.join(FIGURES)} |", f"| --- |{' ---: |' * len(FIGURES)}"]
    lines += [f"| {name} | {' | '.join(row)} |" for name, row in rows.items()]
    return "\n".join(lines) + "\n"
