"""OSC over UDP for artists: who is in sight and what their faces show, a bundle for each frame.

/mien/faces            int       people in sight
/mien/1/present        int       1 while somebody has slot 1, else 0; slots go from 1 on
/mien/1/valence        float     -1 unpleasant .. 1 pleasant, smoothed; /mien/1/arousal likewise
/mien/1/expression     string, float    the most probable expression and its probability
/mien/1/actions        floats    0..1 each, in the order of the columns au1_left to au43_right
/mien/1/eyes           4 floats  left x y, right x y, 0..1 of the picture; the person's own left
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any

from app.streams.person_slots import PersonSlots
from app.system.errors import UserError
from app.system.extras import need
from app.system.network import LOOPBACK
from app.types import DEFAULT_MAX_FACES, Face, Result


class OscError(UserError):
    """OSC messages cannot be sent; the text is one sentence for the user."""


class OscSender:
    """A sink of the engine that sends each result. It never waits: what the network does not take is lost."""

    name = "OSC"

    def __init__(self, port: int, host: str = LOOPBACK, people: int = DEFAULT_MAX_FACES) -> None:
        """Has slots for `people`. Raises MissingExtra, and OscError when `host` is not known."""
        self._build: Any = need("pythonosc.osc_message_builder", "OSC").build_msg
        self._bundles: Any = need("pythonosc.osc_bundle_builder", "OSC")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        except OSError as error:
            raise OscError(f"OSC cannot be sent to {host} ({error.strerror}): check the name.") from error
        family, self.address = found[0][0], found[0][4]  # looked up once, not for every frame
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._slots, self._present = PersonSlots(people), [False] * people

    def __call__(self, result: Result) -> None:
        """Sends one bundle with the faces of `result`."""
        bundle = self._bundles.OscBundleBuilder(self._bundles.IMMEDIATELY)
        bundle.add_content(self._build("/mien/faces", len(result.faces)))
        for i, face in enumerate(self._slots.assign(result)):
            if face is not None:
                self._add(bundle, f"/mien/{i + 1}", face, result)
            elif self._present[i]:
                bundle.add_content(self._build(f"/mien/{i + 1}/present", 0))
            self._present[i] = face is not None
        with suppress(OSError):  # no network, or its buffer is full: the next frame is newer anyway
            self._socket.sendto(bundle.build().dgram, self.address)

    def close(self) -> None:
        """Ends it; safe to call twice."""
        self._socket.close()

    def _add(self, bundle: Any, slot: str, face: Face, result: Result) -> None:
        height, width = result.frame.image.shape[:2]
        eyes = [float(v) for x, y in face.smooth.eyes.tolist() for v in (x / width, y / height)]
        best = face.smooth.expression
        for name, values in (
            ("present", 1),
            ("valence", float(face.smooth.valence)),
            ("arousal", float(face.smooth.arousal)),
            ("expression", [best, float(face.smooth.probs.max())]),
            ("eyes", eyes),
            *([] if face.actions is None else [("actions", face.actions.shown.tolist())]),
        ):
            bundle.add_content(self._build(f"{slot}/{name}", values))
