"""Markers from other programs on this computer: each UDP datagram is a line of text."""

from __future__ import annotations

import socket
import threading
import time

from app.streams.marked import Marked, plain
from app.system.errors import UserError


class UdpError(UserError):
    """The port cannot be listened to; the message is one sentence for the user."""


class UdpMarkers:
    """Listens on the loopback interface only; several lines in a datagram are several markers."""

    def __init__(self, port: int, marked: Marked) -> None:
        """Raises UdpError."""
        self._marked = marked
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind(("127.0.0.1", port))
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
        self._stop.set()
        self._thread.join(1.0)
        self._socket.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                data = self._socket.recv(4096)
            except TimeoutError:
                continue
            except OSError:  # Windows reports a receiver of ours that went away
                continue
            now = time.perf_counter()
            for line in data.decode("utf-8", "replace").splitlines():
                if text := plain(line):
                    self._marked(text, "udp", now)
