"""Lab Streaming Layer: `Mien-Affect` and `Mien-Markers` go out, other programs' markers come in.

Time stamps are on LSL's clock: when a frame was captured or a marker set, not when it was sent.
"""

from __future__ import annotations

import logging
import math
import threading
from typing import Any

from app.stages.actions.names import ACTIONS, HONEST, words
from app.streams.gate import MarkerGate
from app.streams.markers import OnMarker
from app.streams.person_slots import PersonSlots
from app.system import clock
from app.system.extras import need
from app.types import EXPRESSIONS, Face, Result

AFFECT, MARKERS = "Mien-Affect", "Mien-Markers"
FACE_CHANNELS = (
    ("id", "", "number of the face"),
    ("valence", "", "unpleasant -1 to pleasant 1, raw"),
    ("arousal", "", "calm -1 to excited 1, raw"),
    *((f"p_{name}", "", f"probability of the expression {name}, raw") for name in EXPRESSIONS),
    ("valence_smooth", "", "valence, smoothed over time"),
    ("arousal_smooth", "", "arousal, smoothed over time"),
    ("left_eye_confidence", "", "0..1, of the person's own left eye"),
    ("right_eye_confidence", "", "0..1, of the person's own right eye"),
    *((name, "", f"0..1, {words(name)}; {HONEST}") for name in ACTIONS),
    ("blink_rate", "1/min", "blinks a minute"),
)
NO_ACTIONS = (math.nan,) * len(ACTIONS)
NOBODY = (math.nan,) * len(FACE_CHANNELS)
TIMEOUT = 2.0  # s that a sender of markers may take to answer
AT_ONCE = 100  # markers of one sender before the next one's
MOST_SENDERS = 32  # of markers that are listened to
PAUSE = 0.02  # s without looking, once there are too many markers

log = logging.getLogger(__name__)


class AffectOutlet:
    """A sink of the engine: one sample a frame, with FACE_CHANNELS for each slot, all NaN for nobody."""

    name = "LSL"

    def __init__(self, source: str, people: int) -> None:
        """Opens it with slots for `people`; `source` tells it from those of others. Raises MissingExtra."""
        self._lsl = need("pylsl", "LSL")
        self._slots = PersonSlots(people)
        labels = [
            (f"face{i}_{name}", unit, what)
            for i in range(1, people + 1)
            for name, unit, what in FACE_CHANNELS
        ]
        info = _info(self._lsl, AFFECT, "Affect", "float32", source, labels)
        self._outlet: Any = self._lsl.StreamOutlet(info, max_buffered=360)

    def __call__(self, result: Result) -> None:
        """Sends one sample. It never waits: LSL buffers for a slow receiver, then drops."""
        values: list[float] = []
        for face in self._slots.assign(result):
            values += NOBODY if face is None else _values(face)
        if self._outlet is not None:
            self._outlet.push_sample(values, _stamp(self._lsl, result.frame.captured))

    def close(self) -> None:
        """Ends it; what comes later is ignored."""
        self._outlet = None


class MarkerOutlet:
    """Sends the markers that are set in this program."""

    def __init__(self, source: str) -> None:
        """Opens it; `source` tells it from those of others. Raises MissingExtra."""
        self._lsl = need("pylsl", "LSL")
        info = _info(self._lsl, MARKERS, "Markers", "string", source, [("marker", "", "text of the marker")])
        self._outlet: Any = self._lsl.StreamOutlet(info)

    def __call__(self, text: str, when: float) -> None:
        """Sends `text`, which was set at `when`, in s of clock.now."""
        if self._outlet is not None:
            self._outlet.push_sample([text], _stamp(self._lsl, when))

    def close(self) -> None:
        """Ends it; what comes later is ignored."""
        self._outlet = None


class MarkerInlet:
    """Receives the markers of all other streams of type "Markers" in the network, on a thread of its own."""

    def __init__(self, on_marker: OnMarker) -> None:
        """Begins to listen; `on_marker` is called on its thread. Raises MissingExtra."""
        self._lsl, self._gate = need("pylsl", "LSL"), MarkerGate(on_marker, "lsl")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lsl markers", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends its thread, and waits for it for twice TIMEOUT at most."""
        self._stop.set()
        self._thread.join(2 * TIMEOUT)

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
                    wanted = uid not in inlets and info.channel_format() == self._lsl.cf_string
                    if wanted and len(inlets) < MOST_SENDERS:
                        inlets[uid] = self._lsl.StreamInlet(info, max_buflen=60, recover=False)
                    if uid in inlets:
                        self._hand_on(inlets[uid])
                except self._lsl.util.TimeoutError:  # it is asked again; what it sends meanwhile is kept
                    log.info("A sender of markers is slow to answer.")
                except RuntimeError:  # the sender ended: it is looked for again
                    log.info("A stream of markers was lost.", exc_info=True)
                    inlets.pop(uid, None)

    def _hand_on(self, inlet: Any) -> None:
        inlet.open_stream(timeout=TIMEOUT)  # once it is open, nothing
        inlet.time_correction(timeout=TIMEOUT)  # the first takes a moment, later ones are at hand
        for _ in range(AT_ONCE):  # then the other senders have their turn
            if not inlet.samples_available():
                return
            correction = inlet.time_correction(timeout=TIMEOUT)
            sample, stamp = inlet.pull_sample(timeout=0.0)
            if sample is not None:
                ago = self._lsl.local_clock() - (stamp + correction)
                if not self._gate(sample[0], clock.now() - ago):
                    inlet.flush()  # else what comes later would be late
                    self._stop.wait(PAUSE)
                    return


def _values(face: Face) -> tuple[float, ...]:
    return (
        float(face.id), face.raw.valence, face.raw.arousal, *face.raw.probs.tolist(),
        face.smooth.valence, face.smooth.arousal, *face.eye_confidence.tolist(),
        *(NO_ACTIONS if face.actions is None else face.actions.values.tolist()), face.blink_rate,
    )  # fmt: skip


def _stamp(lsl: Any, when: float) -> float:
    """A moment of clock.now on LSL's clock."""
    return float(lsl.local_clock() - (clock.now() - when))


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
