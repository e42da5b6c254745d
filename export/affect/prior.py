"""Divides probabilities by how frequent each expression is: `python -m export.affect.prior [--model CARD]`.

Needs: the FER+ data (docs/data.md). Prints accuracy, mean recall and calibration error on PublicTest for
several powers, and on PrivateTest with the power and temperature that PublicTest chose.

  python -m export.affect.prior
  python -m export.affect.prior --loss 1

A network also learns how often each expression occurs, and so prefers the frequent ones. Here q_k is made
proportional to p_k^(1 / T) / share_k^a (Saerens, Latinne and Decaestecker, Neural Computation 2002, with a
power a besides): a = 0 leaves the answer as it is, a = 1 takes all shares alike. a has the best mean recall
on PublicTest at no more than --loss points less accuracy, T makes the majority there most likely. Nothing is
trained.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.stages.models import load
from export.affect import figures, report
from export.data import fer
from export.data.arrays import Floats, Labels, Probs
from export.data.faces import Faces
from export.data.places import DATA, MODELS, RUNS
from export.training import outcome
from export.training.arguments import parser as new_parser

POWERS = np.round(np.arange(0, 1.01, 0.05), 2)
TEMPERATURES = np.exp(np.linspace(-0.7, 0.7, 57))


@dataclass(frozen=True, slots=True)
class Worth:
    """How good probabilities are; all in percent."""

    accuracy: float
    recall: float  # mean over the expressions
    calibration_error: float


def corrected(probs: Probs, shares: Floats, power: float, temperature: float = 1.0) -> Probs:
    """(n, 8) probabilities p^(1 / `temperature`) / shares^`power`, made to sum to 1; `shares` is (8,)."""
    logs = np.log(np.maximum(probs, 1e-12)) / temperature - power * np.log(shares)
    raised = np.exp(logs - logs.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True))


def worth(probs: Probs, labels: Labels) -> Worth:
    """The figures of (n, 8) `probs` against (n,) labels."""
    recall = float(np.nanmean(figures.recalls(probs, labels)))
    return Worth(figures.accuracy(probs, labels), recall, figures.calibration_error(probs, labels))


def choose(probs: Probs, labels: Labels, shares: Floats, loss: float) -> tuple[float, float]:
    """The power of the highest mean recall at `loss` points less accuracy at most, and the temperature."""
    plain = worth(probs, labels).accuracy
    found = {power: worth(corrected(probs, shares, power), labels) for power in POWERS.tolist()}
    kept = [power for power in found if found[power].accuracy >= plain - loss]
    power = max(kept, key=lambda p: found[p].recall)
    return power, temperature(probs, labels, shares, power)


def temperature(probs: Probs, labels: Labels, shares: Floats, power: float) -> float:
    """The T of TEMPERATURES that makes the labels most likely while each answer keeps its order: the power is
    divided by T as the logarithms are."""
    rows = np.arange(len(labels))
    likely = [
        np.log(corrected(probs, shares, power / t, t)[rows, labels] + 1e-12).mean() for t in TEMPERATURES
    ]
    return float(TEMPERATURES[int(np.argmax(likely))])


def main(argv: list[str] | None = None) -> int:
    """0 when it is measured; 2 where something it needs is missing or wrong, with one sentence."""
    parser = new_parser("affect.prior", __doc__)
    parser.add_argument(
        "--model", type=Path, default=MODELS / "affect.toml", help="a card, models/affect.toml if not given"
    )
    parser.add_argument("--loss", type=float, default=0.3, help="points of accuracy that recall may cost")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of FER+; $MIEN_DATA if not given")
    args = parser.parse_args(argv)
    return outcome.run(lambda: _report(args.model, args.loss, args.data), "nothing is written.")


def _report(path: Path, loss: float, data: Path) -> None:
    model, cache = load(path, threads=1), RUNS / "cache"
    shares = fer.load("Training", data, cache).votes.mean(0)

    def read(part: fer.Part) -> tuple[Probs, Faces]:
        faces = fer.load(part, data, cache)
        faces = faces.take(~faces.repeated)
        return report.read(model, faces, part)[0], faces

    probs, chosen = read("PublicTest")
    for power in POWERS[::2].tolist():
        print(f"PublicTest, power {power:.1f}: {line(worth(corrected(probs, shares, power), chosen.labels))}")
    power, heat = choose(probs, chosen.labels, shares, loss)
    print(f"chosen on PublicTest: power {power:.2f}, temperature {heat:.2f}")
    probs, test = read("PrivateTest")
    print(f"PrivateTest as it is: {line(worth(probs, test.labels))}")
    print(f"PrivateTest corrected: {line(worth(corrected(probs, shares, power / heat, heat), test.labels))}")


def line(found: Worth) -> str:
    """The figures in words."""
    return (
        f"accuracy {found.accuracy:.2f} %, mean recall {found.recall:.2f} %, "
        f"calibration error {found.calibration_error:.2f} %"
    )


if __name__ == "__main__":
    sys.exit(main())
