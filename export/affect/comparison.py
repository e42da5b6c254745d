"""The tables of `export.compare`: a row for each recipe, read from the cards in the folders of the runs."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from app.stages.models import load
from app.system.atomic import replace_text
from export.affect import report
from export.shipping import card
from export.training.task import Recipe

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
    "8 bits: accuracy %": ("integers.measured.accuracy", ".1f"),
    "PublicTest accuracy %": ("training.figures_at_best_epoch.accuracy", ".1f"),
    "epochs": ("training.epochs", ".0f"),
    "best": ("training.best_epoch", ".0f"),
    "minutes": ("minutes", ".0f"),
    "parameters": ("training.parameters", ".0f"),
    "MB": ("megabytes", ".1f"),
    "ms a face": ("milliseconds", ".2f"),
    "8 bits: ms": ("integers.milliseconds", ".2f"),
}
"""The heading of each column, where its figure is on a card, and how it is printed."""
SPREAD = "accuracy +/-"
"""The heading of the standard deviation of the accuracy over the seeds."""
LESSONS = Path(__file__).with_name("lessons.toml")
"""What a row teaches, one sentence a recipe: the tables [whole] and [short]."""
PREFACE = """\
Figures are of the exported ONNX files, in float32 and ("8 bits") in 8-bit integers, on PrivateTest without
the pictures that are also in Training: {faces} faces in the first row. The epoch ("best") was chosen by the
accuracy on PublicTest. V and A are valence and arousal, against targets that are a linear function of the
votes: a loss on them brings no new information here, only rated data could show its effect. "minutes" is
the time to the best epoch on a machine that did other work as well ({machine}), so it bounds the cost from
above. Milliseconds are medians of one thread's processor time; the networks took turns, so rows can be
compared with each other, not with other machines. {seeds} The size of the test set alone leaves a standard
error of {error:.1f} points of accuracy: small differences mean nothing.
"""


@dataclass(frozen=True, slots=True)
class Budget:
    """What every row of a short comparison gets."""

    share: float  # of the training faces
    epochs: int
    batch: int
    seeds: tuple[int, ...]

    def __str__(self) -> str:
        """The budget in words, for the tables."""
        faces = f"{self.share:.0%} of the training faces"
        seeds = f"seed{'s' if len(self.seeds) > 1 else ''} {', '.join(map(str, self.seeds))}"
        return f"{self.epochs} epochs on {faces} in batches of {self.batch}, {seeds}"


@dataclass(frozen=True, slots=True)
class Row:
    """A recipe with the cards of its runs, one for each seed."""

    recipe: Recipe
    cards: tuple[Path, ...]

    @property
    def section(self) -> str:
        """The heading of the table in which the row belongs."""
        if self.recipe.data.get("set") == "fer2013":
            return "FER2013's own labels, seven expressions"
        return "Losses on the light CNN" if self.recipe.name.startswith("loss_") else "Networks"


def integers(path: Path) -> Path:
    """The card of the 8-bit network that is made of the one whose card is at `path`."""
    return path.with_name(f"{path.stem}-int8.toml")


def measured(path: Path) -> bool:
    """Whether there is a card at `path` with figures of test data on it."""
    return path.exists() and "measured" in card.read(path)


def write(rows: Sequence[Row], budget: Budget | None, command: str, to: Path) -> list[Path]:
    """Writes `to`/affect-comparison[-short].md and .csv of those of `rows` that are measured; gives both
    paths.

    `budget` is that of all rows, None where each had its recipe's own; `command` is the one that makes them.
    Raises FileNotFoundError where nothing is measured.
    """
    done = [row for row in rows if all(measured(p) and measured(integers(p)) for p in row.cards)]
    if not done:
        raise FileNotFoundError("Nothing is measured yet; run the same command without --table.")
    first = [row.cards[0] for row in done]  # every seed takes the same time
    times = report.milliseconds([load(p, threads=1) for path in first for p in (path, integers(path))], 100)
    pairs = zip(times[::2], times[1::2], strict=True)
    cells = {
        row.recipe.name: figures(row.cards, floats["median"], whole["median"])
        for row, (floats, whole) in zip(done, pairs, strict=True)
    }
    sections: dict[str, dict[str, list[str]]] = {}
    for row in done:
        sections.setdefault(row.section, {})[row.recipe.name] = cells[row.recipe.name]
    left = [row.recipe.name for row in rows if row not in done]
    heading = [*FIGURES, SPREAD] if budget and len(budget.seeds) > 1 else list(FIGURES)
    parts = [
        f"# Networks and losses, compared\n\n`{command}`\n",
        f"**Short runs**, each {budget}: they rank beginnings, not ends.\n" if budget else "",
        preface(first[0], budget),
        *(f"## {title}\n\n{markdown(table, heading)}" for title, table in sections.items()),
        taught("short" if budget else "whole", cells),
        f"Not run: {', '.join(left)}.\n" if left else "",
    ]
    to.mkdir(parents=True, exist_ok=True)
    stem = "affect-comparison-short" if budget else "affect-comparison"
    page, sheet = to / f"{stem}.md", to / f"{stem}.csv"
    replace_text(page, "\n".join(part for part in parts if part))
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["recipe", "budget", *heading])
        writer.writerows([name, budget or "its own", *row] for name, row in cells.items())
    return [page, sheet]


def preface(path: Path, budget: Budget | None) -> str:
    """What all tables have in common, with the figures of the card at `path` of one row."""
    known = card.read(path)
    share, faces = known["measured"]["accuracy"] / 100, known["measured"]["faces"]
    several = budget is not None and len(budget.seeds) > 1
    return PREFACE.format(
        faces=f"{faces:,}",
        machine=known["training"]["machine"],
        seeds=f'Figures are means over the seeds; "{SPREAD}" is the standard deviation over them.'
        if several
        else "There is one seed for each row.",
        error=100 * (share * (1 - share) / faces) ** 0.5,  # of a share of so many faces
    )


def figures(cards: Sequence[Path], floats: float, whole: float) -> list[str]:
    """The cells of one row: means over its `cards`, and with several the spread of the accuracy.

    `floats` and `whole` are the milliseconds that a face takes in float32 and in 8 bits.
    """
    found = []
    for path in cards:
        table = card.read(path) | {"milliseconds": floats}
        table["integers"] = card.read(integers(path)) | {"milliseconds": whole}
        table["megabytes"] = path.with_suffix(".onnx").stat().st_size / 1e6
        table["minutes"] = table["training"]["seconds_to_best_epoch"] / 60
        found.append(table)
    means = {name: np.mean([value(table, name) for table in found]) for name, _ in FIGURES.values()}
    cells = ["-" if np.isnan(means[name]) else f"{means[name]:{form}}" for name, form in FIGURES.values()]
    accuracies = [value(table, "measured.accuracy") for table in found]
    return [*cells, f"{np.std(accuracies, ddof=1):.1f}"] if len(cards) > 1 else cells


def taught(which: str, cells: dict[str, list[str]]) -> str:
    """What the rows of `cells` teach, a line each, from the table `which` of LESSONS; nothing where it says
    nothing."""
    said = tomllib.loads(LESSONS.read_text("utf-8")).get(which, {})
    known = [f"- `{name}`: {said[name]}\n" for name in cells if name in said]
    return "".join(chain(["## What each row teaches\n\n"], known)) if known else ""


def value(table: dict[str, Any], name: str) -> float:
    """The number at a dotted `name` in nested tables; NaN where a network has no such figure."""
    found: Any = table
    for key in name.split("."):
        found = found.get(key, {})
    return float(found) if found != {} else float("nan")


def markdown(rows: dict[str, list[str]], heading: Sequence[str]) -> str:
    """A Markdown table with a row for each recipe, in the order of `rows`, below the `heading` of its
    cells."""
    lines = [f"| recipe | {' | '.join(heading)} |", f"| --- |{' ---: |' * len(heading)}"]
    lines += [f"| {name} | {' | '.join(row)} |" for name, row in rows.items()]
    return "\n".join(lines) + "\n"
