"""The page beside an eye network's card, models/<name>.md: its table, its confidence, and its worst pictures.

It shows no test picture: they are only named.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.system.atomic import replace_text
from export.eyes import causes, face_box

PAGE = """\
# {name}: how near it comes to the eyes, and where it fails

Written by `{command}`; {pictures:,} test pictures. The figures are also on the card, `{name}.toml`.

## Errors

Percent of faces whose error, over the true distance between the eyes, is at most each threshold: of the worse
eye (max, the usual figure), the mean of both, and the better eye. "Whole picture" is what the app does, with
one crop of a face. The labels lie {shift:.2g} % of the distance between the eyes too far right, as mirror
images show, and so do the answers; the app takes that off, and "as reported" is the same without it. "Face
box" starts from the data set's own box: the 2 views are a crop where eyes are in a box on average and one
around its answer; the {views} views are {rounds} rounds of crops and their mirror images, each round around
the mean answer of the one before (`export/eyes/face_box.py`). The time is the network's, for all views of a
face together.

{table}
![Percent of faces over the largest error]({name}-curve.png)

## Whether its confidence can be believed

Of the half of the eyes with the highest confidence, {highest_half:.1f} % have an error of at most 0.05; of
the four quarters, highest first, {quarters} %.

A closed eye is placed by its lids but is not seen, so its confidence falls with their opening. The median is
{closed_median:.2f} for the {closed} eyes that the app takes for closed, and {open_median:.2f} for the
{open:,} others.

![Error over confidence]({name}-confidence.png)

## Its {count} worst pictures

A person judged them on the contact sheet of `--checks` (label and answer on each picture); the judgement of
each picture is in `export/eyes/causes.csv`.

{causes}
"""


def write(name: str, figures: dict[str, Any], table: str, plots: Path, to: Path, shift: float) -> Path:
    """Writes `to`/<name>.md and its two plots, which are taken from the folder `plots`; gives the page's
    path.

    `figures` are those of the card, `table` is the Markdown of `report.write`; `shift` is the card's
    `too_far_right`.
    """
    sure, worst = figures["confidence"], figures.get("worst", {})
    meaning = {**causes.CAUSES, "not judged": "nobody has looked yet"}
    rows = ["| cause | pictures | |", "| --- | ---: | --- |"]
    rows += [f"| {cause} | {number} | {meaning[cause]} |" for cause, number in worst.items()]
    text = PAGE.format(
        name=name,
        command=figures["command"],
        shift=100 * shift,
        pictures=figures["pictures"],
        table=table,
        views=face_box.VIEWS,
        rounds=len(face_box.ROUNDS),
        **figures["lids"],
        highest_half=sure["highest_half_e_0.05"],
        quarters=", ".join(f"{sure[f'quarter_{n}_e_0.05']:.1f}" for n in (1, 2, 3, 4)),
        count=sum(worst.values()),
        causes="\n".join(rows) if worst else "Run with `--checks`.",
    )
    for kind, plot in (("curve", plots / "curve.png"), ("confidence", plots / f"{name}-confidence.png")):
        (to / f"{name}-{kind}.png").write_bytes(plot.read_bytes())
    path = to / f"{name}.md"
    replace_text(path, text)
    return path
