"""What is wrong in the pictures with the largest errors, as a person judged them on the contact sheet."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable

from export.data.errors import DataError
from export.data.places import ROOT

TABLE = ROOT / "export" / "eyes" / "causes.csv"  # picture, cause; no pictures, and no other data of the set
CAUSES = {
    "wrong label": "the answer is on the eye and the label is not",
    "between": "label and answer are both on the eye, and differ about its middle",
    "closed": "a closed or nearly closed eye",
    "profile": "a face turned so far that one eye is at its edge, or out of sight",
    "hidden": "an eye behind hair, a hand, an object or deep shadow",
    "glasses": "dark or reflecting glasses",
    "not found": "no face was found, or another one",
    "ours": "an open eye in sight, and the network misses it",
}


def read() -> dict[str, str]:
    """The cause of each judged picture, by its name in the data set. Raises DataError for a cause not in
    CAUSES."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        causes = {row["picture"]: row["cause"] for row in csv.DictReader(file)}
    unknown = sorted(set(causes.values()) - set(CAUSES))
    if unknown:
        raise DataError(f"{TABLE.name} has the unknown cause {unknown[0]}; correct it.")
    return causes


def count(names: Iterable[str]) -> dict[str, int]:
    """How many of the pictures called `names` have each cause, most frequent first; last those nobody has
    judged."""
    judged = read()
    found = Counter(judged.get(name, "not judged") for name in names)
    return dict(sorted(found.items(), key=lambda item: (item[0] == "not judged", -item[1], item[0])))
