"""The few lines that are printed when a file has been analysed."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

from app.analysis.strongest_moments import FOLDER
from app.types import MOST_FACES, Result

NEEDED = "A face is found if it looks towards the camera and is at least 40 pixels high."


class AnalysisSummary:
    """Counts and means over the results of one file; it keeps no rows."""

    def __init__(self) -> None:
        self.frames = 0
        self.frames_with_faces = 0
        self.rows = 0  # with a face
        self.good = 0  # rows whose status is ok
        self.most_at_once = 0  # faces in one frame that were measured
        self.most_seen = 0  # in one frame in which not all were measured
        self.seconds = 0.0  # that the analysis took
        self.note = ""  # what else is to be said of the file
        self.explained: int | None = None  # how many heat maps were written; None: not asked for
        self._valence = self._arousal = 0.0  # sums over all rows
        self._expressions: Counter[str] = Counter()
        self._ids: set[int] = set()

    def add(self, result: Result) -> None:
        """Counts one more result."""
        self.frames += 1
        self.frames_with_faces += bool(result.faces)
        self.most_at_once = max(self.most_at_once, len(result.faces))
        if result.unmeasured:
            self.most_seen = max(self.most_seen, result.seen)
        for face in result.faces:
            self.rows += 1
            self.good += face.status == "ok"
            self._ids.add(face.id)
            self._expressions[face.raw.expression] += 1
            self._valence += face.raw.valence
            self._arousal += face.raw.arousal

    @property
    def faces(self) -> int:
        """How many ids there were."""
        return len(self._ids)

    @property
    def means(self) -> tuple[float, float]:
        """Mean valence and mean arousal over the rows with a face; NaN where there are none."""
        if not self.rows:
            return math.nan, math.nan
        return self._valence / self.rows, self._arousal / self.rows

    @property
    def ok_share(self) -> float:
        """The share of the rows whose values can be believed, 0 to 1; a frame without a face has one row."""
        every = self.rows + self.frames - self.frames_with_faces
        return self.good / every if every else 0.0

    @property
    def expression(self) -> str:
        """The most frequent one; "" where there are no faces."""
        return self._expressions.most_common(1)[0][0] if self._expressions else ""

    def heat_maps(self, session: Path) -> str | None:
        """How many heat maps there are, and where in the folder `session`; None where none were wanted."""
        if self.explained is None:
            return None
        return f"{self.explained} picture{'s' * (self.explained != 1)} in {session / FOLDER}"

    def text(self, name: str, csv: Path) -> str:
        """What was found in the file `name`, whose rows are in `csv`, as a few lines for the terminal."""
        each = 1e3 * self.seconds / max(1, self.frames)
        noun = "frame" if self.frames == 1 else "frames"
        lines = [f"{name}: {self.frames} {noun} in {self.seconds:.1f} s, {each:.1f} ms a frame"]
        if self.rows:
            expression, count = self._expressions.most_common(1)[0]
            lines += [
                f"  faces       {len(self._ids)}, at most {self.most_at_once} at once, "
                f"in {self.frames_with_faces} of {self.frames} frames",
                f"  expression  {expression} ({count / self.rows:.0%} of the rows with a face)",
                f"  valence     mean {self._valence / self.rows:+.2f}",
                f"  arousal     mean {self._arousal / self.rows:+.2f}",
            ]
        else:
            lines.append(f"  No face was found in {self.frames} {noun}. {NEEDED}")
        if self.most_seen:
            wanted = min(self.most_seen, MOST_FACES)
            remedy = f" (--faces {wanted} measures more)" if wanted > self.most_at_once else ""
            lines.append(f"  measured    {self.most_at_once} of {self.most_seen} faces in sight{remedy}")
        if self.note:
            lines.append(f"  note        {self.note}")
        lines.append(f"  written to  {csv}")
        if (heat_maps := self.heat_maps(csv.parent)) is not None:
            lines.append(f"  explained   {heat_maps}")
        return "\n".join(lines)
