"""Draws assets/icon.svg as PNG, ICO and ICNS for the three systems: `python packaging/icons.py`."""

import os
import struct
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ASSETS = Path(__file__).parents[1] / "assets"
ICNS = {b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512}  # Apple's name of each size


def png(drawing: QSvgRenderer, size: int) -> bytes:
    """The drawing as PNG, `size` pixels square, on nothing."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    drawing.render(painter, QRectF(0, 0, size, size))
    painter.end()
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return kept.data()


def ico(pictures: dict[int, bytes]) -> bytes:
    """PNG pictures in Windows' container; a size of 256 is written as 0."""
    head, offset = struct.pack("<HHH", 0, 1, len(pictures)), 6 + 16 * len(pictures)
    for size, picture in pictures.items():
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    return head + b"".join(pictures.values())


def icns(pictures: dict[bytes, bytes]) -> bytes:
    """PNG pictures in Apple's container."""
    body = b"".join(kind + struct.pack(">I", 8 + len(data)) + data for kind, data in pictures.items())
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


if __name__ == "__main__":
    application = QGuiApplication([])
    drawing = QSvgRenderer(str(ASSETS / "icon.svg"))
    (ASSETS / "icon.png").write_bytes(png(drawing, 256))
    (ASSETS / "icon.ico").write_bytes(ico({size: png(drawing, size) for size in (16, 32, 48, 256)}))
    (ASSETS / "icon.icns").write_bytes(icns({kind: png(drawing, size) for kind, size in ICNS.items()}))
