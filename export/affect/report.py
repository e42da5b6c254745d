"""What an exported affect model is worth on test pictures that were never trained on.

Used by `python -m export.evaluate affect`. Every figure is of the ONNX file itself, on crops made by the
app's own alignment; shares are in percent.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from tqdm import tqdm

from app.stages.models import Model
from app.types import EXPRESSIONS
from export.affect import figures
from export.data.arrays import Floats, Mask, Plane, Probs
from export.data.changes import CHANGES, Change, as_it_is, mirrored
from export.data.crops import aligned
from export.data.faces import Faces

MEASURES = {
    "rmse": figures.rmse,
    "ccc": figures.ccc,
    "cc": figures.cc,
    "sign_agreement": figures.sign_agreement,
}


def read(model: Model, faces: Faces, what: str, change: Change = as_it_is) -> tuple[Probs, Plane]:
    """Probabilities (n, 8) and valence, arousal (n, 2), -1..1, of every face after `change`.

    The progress bar is called `what`. Raises ModelError.
    """
    shape, batch = model.card.crop, 64
    place = [model.card.outputs.index(name) for name in ("probs", "va")]
    found: list[list[Floats]] = []
    for start in tqdm(range(0, len(faces), batch), what, unit="batch", leave=False):
        rows = range(start, min(start + batch, len(faces)))
        changed = [change(faces.images[row], faces.eyes[row]) for row in rows]
        crops, _ = aligned([image for image, _ in changed], np.stack([eyes for _, eyes in changed]), shape)
        outputs = model.run(crops)
        found.append([outputs[k] for k in place])
    probs, va = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return probs, va


def expression(probs: Probs, faces: Faces) -> dict[str, Any]:
    """Accuracy, mean recall and calibration error in percent, recall of each expression, and the confusion
    counts.

    `probs` (n, 8) are a network's answers to the n faces.
    """
    recalls = figures.recalls(probs, faces.labels)
    matrix = figures.confusion(probs, faces.labels)
    return {
        "faces": len(faces),
        "accuracy": figures.accuracy(probs, faces.labels),
        "mean_recall": float(np.nanmean(recalls)),
        "calibration_error": figures.calibration_error(probs, faces.labels),
        "recall": dict(zip(EXPRESSIONS, recalls.tolist(), strict=True)),
        "confusion": dict(zip(EXPRESSIONS, matrix.tolist(), strict=True)),
    }


def valence_arousal(va: Plane, faces: Faces) -> dict[str, dict[str, float]]:
    """RMSE, CCC and CC of valence and of arousal; sign agreement in percent, among faces whose truth is not
    0.

    `va` (n, 2) are a network's answers to the n faces.
    """
    table = {name: measure(va, faces.va) for name, measure in MEASURES.items()}
    return {
        which: {name: float(values[column]) for name, values in table.items()}
        for column, which in enumerate(("valence", "arousal"))
    }


def seven_classes(probs: Probs, faces: Faces) -> float:
    """Accuracy in percent on the labels of FER2013, which have no contempt: the most probable of the other
    seven."""
    known = [k for k, name in enumerate(EXPRESSIONS) if name != "contempt"]
    return figures.accuracy(probs[:, known], np.array([known.index(label) for label in faces.labels]))


def changed(model: Model, faces: Faces) -> dict[str, float]:
    """Accuracy in percent under each of CHANGES: every face nearer, turned, darker or brighter."""
    return {
        name: figures.accuracy(read(model, faces, name, change)[0], faces.labels)
        for name, change in CHANGES.items()
    }


def milliseconds(models: Sequence[Model], runs: int = 300) -> list[dict[str, float]]:
    """Median and 95th percentile of the milliseconds that one face takes, for models loaded with one thread.

    The time is this thread's, not the clock's, and the models take turns, so that other work hardly counts.
    """
    rng = np.random.default_rng(0)
    times = np.empty((runs, len(models)))
    for row in times:
        for column, model in enumerate(models):
            batch = rng.integers(0, 256, (1, 1, model.card.crop.size, model.card.crop.size), np.uint8)
            start = time.thread_time()
            model.run(batch)
            row[column] = 1000 * (time.thread_time() - start)
    return [{"median": float(np.median(t)), "p95": float(np.percentile(t, 95))} for t in times.T]


def other(model: Model, faces: Faces) -> dict[str, Any]:
    """The figures on another set's test faces; expressions that the set does not have are taken out of the
    answers."""
    probs, va = read(model, faces, "faces")
    probs = probs * (np.bincount(faces.labels, minlength=len(EXPRESSIONS)) > 0)
    return {**expression(probs / probs.sum(1, keepdims=True), faces), **valence_arousal(va, faces)}


def measure(model: Model, private: Faces, agreed: Mask, old: Faces) -> tuple[dict[str, Any], Probs]:
    """All figures for the card, and the probabilities (n, 8) of the n faces that are not `repeated`.

    `private` is PrivateTest with votes, `agreed` (n,) where more than half of these agree, `old` PrivateTest
    with FER2013's labels.
    """
    probs, va = read(model, private, "PrivateTest")
    fresh = ~private.repeated
    clear = fresh & agreed
    seen = private.take(fresh)
    both = probs[fresh] + read(model, seen, "mirrored", mirrored)[0]
    table = {
        **expression(probs[fresh], seen),
        **valence_arousal(va[fresh], seen),
        "with_repeated_pictures": {
            "faces": len(private),
            "accuracy": figures.accuracy(probs, private.labels),
        },
        "where_more_than_half_agree": {
            "faces": int(clear.sum()),
            "accuracy": figures.accuracy(probs[clear], private.labels[clear]),
            "mean_recall": float(np.nanmean(figures.recalls(probs[clear], private.labels[clear]))),
        },
        "with_mirror_image": {
            "accuracy": figures.accuracy(both, seen.labels),
            "mean_recall": float(np.nanmean(figures.recalls(both, seen.labels))),
        },
        "fer2013_labels": {"faces": len(old), "accuracy": seven_classes(read(model, old, "FER2013")[0], old)},
        "accuracy_when": changed(model, seen),
        "milliseconds_a_face_on_one_thread": milliseconds([model])[0],
    }
    return table, probs[fresh]
