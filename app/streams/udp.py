"""Markers from other programs on this computer: each UDP datagram is a line of text."""

from __future__ import annotations

import socket
import threading

from app.streams.gate import MarkerGate
from app.streams.markers import OnMarker
from app.system import clock
from app.system.errors import UserError
from app.system.network import LOOPBACK

LONGEST = 4096  # bytes of a datagram; what is longer is cut off
PAUSE = 0.02  # s without looking, once there are too many


class UdpError(UserError):
    """The port cannot be listened to; the message is one sentence for the user."""


class UdpMarkers:
    """Receives markers on the loopback interface only; each line of a datagram is a marker.

    There is no password: any program on this computer can set markers. It can do nothing else.
    """

    def __init__(self, port: int, on_marker: OnMarker) -> None:
        """Begins to listen on `port`, 0 for any free one. Raises UdpError when the port is not free."""
        self._gate = MarkerGate(on_marker, "udp")
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind((LOOPBACK, port))
        except OSError as error:
            self._socket.close()
            raise UdpError(
                f"Markers cannot be received on port {port} ({error.strerror}): choose another port."
            ) from error
        self._socket.settimeout(0.2)
        self.port = int(self._socket.getsockname()[1])  # the real one, where 0 was asked for
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="udp markers", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends it, and waits for its thread for a second at most."""
        self._stop.set()
        self._thread.join(1.0)
        self._socket.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                data = self._socket.recv(LONGEST)
            except TimeoutError:
                continue
            except OSError:  # Windows reports a receiver of ours that went away
                continue
            now = clock.now()
            if not all(self._gate(line, now) for line in data.decode("utf-8", "replace").splitlines()):
                self._stop.wait(PAUSE)  # meanwhile the system throws away what is too much
