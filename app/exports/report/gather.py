"""Every row of a session that a report needs, in as little memory as that can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.exports.report.action_tally import ActionTally
from app.exports.report.tally import Tally
from app.sessions.reading import RecordedSession, Rows
from app.sessions.schema.column import Values
from app.sessions.schema.limits import MOST_IN_MEMORY
from app.sessions.word_codes import Codes, WordCodes
from app.stages.actions.names import ACTIONS
from app.types import EXPRESSIONS, Floats

# Those of a row with a measured face that are kept, and how: four decimals fit a float32.
KEPT = {
    "time_s": np.float64, "face": np.int64, "valence": np.float32, "arousal": np.float32,
    "valence_smooth": np.float32, "arousal_smooth": np.float32,
    "valence_from_baseline": np.float32, "arousal_from_baseline": np.float32,
}  # fmt: skip
# All that are read.
COLUMNS = ("frame", "dropped", "status", "expression", "latency_ms", *ACTIONS, *KEPT)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the rows of a session hold, without the frames and texts themselves."""

    frames: int
    measured: int  # frames with at least one measured face
    lost: int  # frames that were dropped
    steps: Floats  # (frames - 1,) s between two frames
    times: Floats  # (n,) s, of each row
    statuses: Codes  # (n,) the status of each row
    status_words: tuple[str, ...]
    latency: Floats  # (m,) ms, of each frame that has one
    values: Rows  # of the rows with a measured face: KEPT
    expressions: Codes  # of these rows
    expression_words: tuple[str, ...]  # EXPRESSIONS, then others
    actions: ActionTally


def gather(session: RecordedSession) -> Gathered:
    """Reads every row of `session` once. Raises SessionError."""
    session.refuse_above(MOST_IN_MEMORY, "a report: export them as parquet or csv, or make several sessions")
    tally, actions = Tally(), ActionTally()
    statuses, expressions = WordCodes("status"), WordCodes("expression", EXPRESSIONS)
    parts: Mapping[str, list[Values]] = {
        name: [np.empty(0, kind)] for name, kind in
        {**KEPT, "times": np.float64, "statuses": np.uint8, "expressions": np.uint8}.items()
    }  # fmt: skip
    for block in session.blocks(COLUMNS):
        seen = ~np.isnan(block["face"]) & ~np.isnan(block["valence"])
        tally.add(block, seen)
        actions.add(block, seen)
        parts["times"].append(block["time_s"])
        parts["statuses"].append(statuses.of(block["status"]))
        for name, kind in KEPT.items():
            parts[name].append(block[name][seen].astype(kind))
        parts["expressions"].append(expressions.of(block["expression"][seen]))
    whole = {name: _joined(found) for name, found in parts.items()}
    return Gathered(
        frames=tally.frames,
        measured=tally.measured,
        lost=tally.lost,
        steps=np.diff(tally.times()),
        times=whole["times"],
        statuses=whole["statuses"],
        status_words=tuple(statuses.words),
        latency=tally.latency(),
        values=Rows({name: whole[name] for name in KEPT}),
        expressions=whole["expressions"],
        expression_words=tuple(expressions.words),
        actions=actions,
    )


def _joined(parts: list[Values]) -> Values:
    """All as one array; the parts are let go, so that both are not in memory for long."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole
