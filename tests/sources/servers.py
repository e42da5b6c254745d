"""Servers on this computer for the tests of addresses: a file, a stream, silence."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np

KNOWN = "Basic c29tZWJvZHk6c2VjcmV0"  # somebody:secret
BOUNDARY = b"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"


def picture(i: int) -> bytes:
    """A grey JPEG of 64 x 48."""
    return cv2.imencode(".jpg", np.full((48, 64, 3), 8 * i % 256, np.uint8))[1].tobytes()


class Served(str):
    """The address of a server; `streamed` is set once it has sent all pictures of a stream."""

    streamed: threading.Event


@contextmanager
def serve(folder: Path, pictures: int = 20, pause: float = 0.02) -> Iterator[Served]:
    """Serves the files in `folder`, with ranges unless the query says `whole`, and some streams.

    Gives the address with a user and a password in it, which files whose name begins with `secret` need.
    `/stream.mjpg` has so many `pictures`, `/silent.mjpg` never ends, but goes silent after them; `/away`
    leads to what the query names. With the query `half` a file ends in its middle; with
    `slow` a download comes in small pieces, with `late` FFmpeg gets nothing but an answer for 3 s.
    """
    over, streamed = threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            if path.endswith(".mjpg"):
                self._stream()
                streamed.set()
                if path == "/silent.mjpg":
                    over.wait(30)
            elif path == "/away":
                self.send_response(302)
                self.send_header("Location", query)
                self.end_headers()
            elif path.startswith("/secret") and self.headers.get("Authorization") != KNOWN:
                self.send_error(401)
            elif (folder / path[1:]).is_file():
                self._file((folder / path[1:]).read_bytes(), query)
            else:
                self.send_error(404)

        def _stream(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
            self.end_headers()
            for i in range(pictures):
                data = picture(i)
                self.wfile.write(BOUNDARY % len(data) + data + b"\r\n")
                time.sleep(pause)

        def _file(self, data: bytes, query: str) -> None:
            begin = 0
            if query not in ("whole", "half", "slow", "late") and (asked := self.headers.get("Range")):
                begin = int(asked.partition("=")[2].partition("-")[0])
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(data) - begin))
            self.end_headers()
            if query == "slow" and self.headers.get("User-Agent", "").startswith("Python"):
                for at in range(100):
                    self.wfile.write(data[100 * at : 100 * at + 100])
                    over.wait(0.1)
            elif query == "late" and "Lavf" in self.headers.get("User-Agent", ""):
                over.wait(3)
            self.wfile.write(data[begin:] if query != "half" else data[: len(data) // 2])

        def log_message(self, format: str, *values: object) -> None:
            """Says nothing."""

        def handle(self) -> None:
            with suppress(OSError):  # whoever asked went away
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        served = Served(f"http://somebody:secret@127.0.0.1:{server.server_port}")
        served.streamed = streamed
        yield served
    finally:
        over.set()
        server.shutdown()
        server.server_close()


@contextmanager
def silence() -> Iterator[str]:
    """An address whose server takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
