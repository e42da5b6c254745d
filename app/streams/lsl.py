"""Lab Streaming Layer: `Mien-Affect` and `Mien-Markers` go out, other programs' markers come in.

Everything is stamped with the moment of capture on LSL's clock, not with the moment of sending.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from typing import Any

from app.streams.marked import Marked, plain
from app.streams.slots import Slots
from app.system.extras import need
from app.types import EXPRESSIONS, Face, Result

AFFECT, MARKERS = "Mien-Affect", "Mien-Markers"
OF_FACE = (
    ("id", "", "number of the face"),
    ("valence", "", "unpleasant -1 to pleasant 1, raw"),
    ("arousal", "", "calm -1 to excited 1, raw"),
    *((f"p_{name}", "", f"probability of the expression {name}, raw") for name in EXPRESSIONS),
    ("valence_smooth", "", "valence, smoothed over time"),
    ("arousal_smooth", "", "arousal, smoothed over time"),
    ("left_eye_confidence", "", "0..1, of the subject's own left eye"),
    ("right_eye_confidence", "", "0..1, of the subject's own right eye"),
)
NOBODY = (math.nan,) * len(OF_FACE)
PATIENCE = 2.0  # s that a sender of markers may take to answer

log = logging.getLogger(__name__)


class AffectOutlet:
    """A sink of the engine: one sample a frame, `OF_FACE` for each of `people` places, NaN for nobody."""

    name = "LSL"

    def __init__(self, source: str, people: int) -> None:
        """Raises MissingExtra."""
        self._lsl = need("pylsl", "LSL")
        self._slots = Slots(people)
        labels = [
            (f"face{i}_{name}", unit, what) for i in range(1, people + 1) for name, unit, what in OF_FACE
        ]
        info = _info(self._lsl, AFFECT, "Affect", "float32", source, labels)
        self._outlet: Any = self._lsl.StreamOutlet(info, max_buffered=360)

    def __call__(self, result: Result) -> None:
        """Takes well under a millisecond and never waits: LSL buffers for a slow receiver, then drops."""
        values: list[float] = []
        for face in self._slots.place(result):
            values += NOBODY if face is None else _values(face)
        if self._outlet is not None:
            self._outlet.push_sample(values, _stamp(self._lsl, result.frame.captured))

    def close(self) -> None:
        self._outlet = None


class MarkerOutlet:
    """Markers as text, when they were set."""

    def __init__(self, source: str) -> None:
        """Raises MissingExtra."""
        self._lsl = need("pylsl", "LSL")
        info = _info(self._lsl, MARKERS, "Markers", "string", source, [("marker", "", "text of the marker")])
        self._outlet: Any = self._lsl.StreamOutlet(info)

    def __call__(self, text: str, when: float) -> None:
        """`when` on the clock of time.perf_counter."""
        if self._outlet is not None:
            self._outlet.push_sample([text], _stamp(self._lsl, when))

    def close(self) -> None:
        self._outlet = None


class MarkerInlet:
    """Hands on the markers of all other streams of type "Markers" in the network, from its own thread."""

    def __init__(self, marked: Marked) -> None:
        """Raises MissingExtra."""
        self._lsl, self._marked = need("pylsl", "LSL"), marked
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lsl markers", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(2 * PATIENCE)

    def _run(self) -> None:
        resolver = self._lsl.ContinuousResolver(
            pred=f"type='Markers' and name!='{MARKERS}'", forget_after=5.0
        )
        inlets: dict[str, Any] = {}
        while not self._stop.wait(0.01):
            found = {info.uid(): info for info in resolver.results()}
            inlets = {uid: inlet for uid, inlet in inlets.items() if uid in found}
            for uid, info in found.items():
                try:
                    if uid not in inlets and info.channel_format() == self._lsl.cf_string:
                        inlets[uid] = self._lsl.StreamInlet(info, max_buflen=60, recover=False)
                    if uid in inlets:
                        self._hand_on(inlets[uid])
                except self._lsl.util.TimeoutError:  # it is asked again; what it sends meanwhile is kept
                    log.info("A sender of markers is slow to answer.")
                except RuntimeError:  # the sender ended: it is looked for again
                    log.info("A stream of markers was lost.", exc_info=True)
                    inlets.pop(uid, None)

    def _hand_on(self, inlet: Any) -> None:
        inlet.open_stream(timeout=PATIENCE)  # once it is open, nothing
        inlet.time_correction(timeout=PATIENCE)  # the first takes a moment, later ones are at hand
        while inlet.samples_available():
            correction = inlet.time_correction(timeout=PATIENCE)
            sample, stamp = inlet.pull_sample(timeout=0.0)
            if sample is not None and (text := plain(sample[0])):
                ago = self._lsl.local_clock() - (stamp + correction)
                self._marked(text, "lsl", time.perf_counter() - ago)


def _values(face: Face) -> tuple[float, ...]:
    return (
        float(face.id), face.raw.valence, face.raw.arousal, *face.raw.probs.tolist(),
        face.smooth.valence, face.smooth.arousal, *face.eye_confidence.tolist(),
    )  # fmt: skip


def _stamp(lsl: Any, when: float) -> float:
    """A moment of time.perf_counter on LSL's clock."""
    return float(lsl.local_clock() - (time.perf_counter() - when))


def _info(
    lsl: Any, name: str, type: str, format: str, source: str, channels: list[tuple[str, str, str]]
) -> Any:
    """Irregular: a camera's frames never come at an even distance, and some are dropped."""
    info = lsl.StreamInfo(name, type, len(channels), lsl.IRREGULAR_RATE, format, f"mien {name} {source}")
    whole = info.desc()
    whole.append_child_value("manufacturer", "Mien")
    whole.append_child_value("source", source)
    whole.append_child_value("time_stamps", "moment of capture")
    described = whole.append_child("channels")
    for label, unit, what in channels:
        channel = described.append_child("channel")
        channel.append_child_value("label", label)
        channel.append_child_value("unit", unit or "none")
        channel.append_child_value("type", type)
        channel.append_child_value("description", what)
    return info
