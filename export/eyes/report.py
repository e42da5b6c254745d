"""The report on eye centres: a table as CSV and Markdown, curves as PNG, and figures for the card."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from export.data.arrays import EyesOfFaces, Floats
from export.eyes.errors import normalised_errors

THRESHOLDS = (0.025, 0.05, 0.10, 0.15, 0.20, 0.25)
EYES = ("max", "mean", "min")  # over the two eyes of a face; max is the usual one


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One network on one kind of input."""

    network: str
    source: str  # "face box" or "whole picture"
    centres: EyesOfFaces  # (n, 2, 2) answers in pixels; NaN where no face was found
    eyes: EyesOfFaces  # (n, 2, 2) labels
    ms: float  # processor time of the network on one crop, or median time of MediaPipe on one picture

    @property
    def errors(self) -> Floats:
        """(n, 2): each eye's error over the distance between the eyes; infinite where no face was found."""
        return np.nan_to_num(normalised_errors(self.centres, self.eyes), nan=np.inf)

    @property
    def pixels(self) -> float:
        """The median distance of an eye from its label, among faces that were found."""
        return float(np.nanmedian(np.hypot(*np.moveaxis(self.centres - self.eyes, -1, 0))))

    def shares(self, of: str = "max") -> list[float]:
        """Percent of faces with an error of at most each of THRESHOLDS; `of` is one of EYES."""
        errors = getattr(self.errors, of)(1)
        return [100 * float((errors <= t).mean()) for t in THRESHOLDS]


def figures(rows: list[Row]) -> dict[str, Any]:
    """The figures of one network for its card, from its `rows`: percent of faces within each threshold, by
    input."""
    table: dict[str, Any] = {"ms_a_face_one_thread": rows[-1].ms}
    for row in rows:
        shares = {f"e_{t}": round(s, 2) for t, s in zip(THRESHOLDS, row.shares(), strict=True)}
        table[row.source.replace(" ", "_")] = shares | {"median_pixels": row.pixels}
    return table


def confidence(row: Row, sure: Floats, path: Path) -> dict[str, float]:
    """Percent of eyes with e <= 0.05 in each quarter of the confidence `sure` (n, 2), highest first.

    Draws error over confidence of all eyes to `path`.
    """
    errors, sure = row.errors.ravel(), sure.ravel()
    order = np.argsort(-sure, kind="stable")
    parts = np.array_split(errors[order] <= 0.05, 4)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot(xlabel="confidence", ylabel="error / distance between the eyes", yscale="log")
    axes.scatter(sure, np.clip(errors, 1e-3, 1), s=4, alpha=0.3, label="an eye")
    bins = [part for part in np.array_split(order[::-1], 20) if len(part)]
    at = [float(np.median(sure[part])) for part in bins]
    for share, style, name in ((0.5, "-", "median"), (0.9, "--", "nine of ten below")):
        heights = [float(np.quantile(np.clip(errors[part], 1e-3, 1), share)) for part in bins]
        axes.plot(at, heights, f"k{style}", linewidth=1.2, label=f"{name}, of 20 groups")
    axes.axhline(0.05, color="0.5", linewidth=1)
    axes.legend(loc="lower left", fontsize=8)
    figure.savefig(path, dpi=120)
    half = errors[order][: len(order) // 2] <= 0.05
    table = {f"quarter_{n + 1}_e_0.05": 100 * float(part.mean()) for n, part in enumerate(parts)}
    return {"highest_half_e_0.05": 100 * float(half.mean())} | table | {"median": float(np.median(sure))}


def write(rows: list[Row], out: Path) -> str:
    """The table of `rows` in Markdown: the larger, mean and smaller error of each face's two eyes.

    Writes it into the folder `out` as table.csv and table.md, and the curves as curve.png.
    """
    out.mkdir(parents=True, exist_ok=True)
    header = ["network", "input", "error", *(f"e <= {t}" for t in THRESHOLDS), "median px", "ms"]
    with (out / "table.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *map(list, _cells(rows))])
    lines = [header, ["---"] * 3 + ["---:"] * (len(header) - 3), *_cells(rows)]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    (out / "table.md").write_text(table, "utf-8")
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot(xlabel="largest error / distance between the eyes", ylabel="% of faces")
    for row in rows:
        errors = np.sort(row.errors.max(1))
        axes.plot(
            errors, 100 * np.arange(1, len(errors) + 1) / len(errors), label=f"{row.network}, {row.source}"
        )
    axes.set(xlim=(0, 0.25), ylim=(0, 100))
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    figure.savefig(out / "curve.png", dpi=120)
    return table


def lines(figures: dict[str, Any], indent: str = "") -> Iterator[str]:
    """`figures` as text, one on each line, those of inner tables indented below their name."""
    for name, value in figures.items():
        if isinstance(value, dict):
            yield f"{indent}{name}:"
            yield from lines(value, indent + "  ")
        else:
            yield f"{indent}{name}: {value:.4g}" if isinstance(value, float) else f"{indent}{name}: {value}"


def _cells(rows: list[Row]) -> Iterator[list[str]]:
    for row in rows:
        for of in EYES:
            shares = [f"{share:.1f}" for share in row.shares(of)]
            yield [row.network, row.source, of, *shares, f"{row.pixels:.2f}", f"{row.ms:.2f}"]
