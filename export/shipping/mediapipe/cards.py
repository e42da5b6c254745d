"""What is written beside the converted networks: a card for each, and the notice of their origin."""

from __future__ import annotations

import hashlib
from typing import Any

from export.shipping.mediapipe import wheel
from export.shipping.mediapipe.networks import SOURCES, Source, read

COMMAND = "python -m export.shipping.mediapipe.convert"
LICENCE = "Apache-2.0"
AUTHORS = "The MediaPipe Authors"


def card(source: Source, content: bytes, samples: int, difference: dict[str, float]) -> dict[str, Any]:
    """The tables of the card of a converted network.

    `content` is its file, and `difference` the largest of each output on that many `samples`.
    """
    return {
        "name": source.name,
        "task": source.task,
        "file": f"{source.name}.onnx",
        "sha256": hashlib.sha256(content).hexdigest(),
        "licence": LICENCE,
        "input": {"name": source.input, "channels": 3, "size": source.size, "colours": "BGR"},
        "outputs": {"names": list(source.head.shapes)},
        "origin": {
            "package": "mediapipe",
            "version": wheel.VERSION,
            "file": source.origin.file,
            "sha256": source.origin.sha256,
            "authors": AUTHORS,
            "left_out": left_out(source),
        },
        "export": {
            "command": f"{COMMAND} {source.name}",
            "compared_on": samples,
            "difference": difference,
        },
    }


def left_out(source: Source) -> list[str]:
    """The outputs of the original that the converted network does not give."""
    original = read(source)
    names = [original.tensors[place].name for place in original.outputs]
    return [name for name in names if name not in source.head.used]


def notice() -> str:
    """The text of the file NOTICE: where the networks that ship come from, and what was changed."""
    rows = "\n".join(
        f"  {source.name}.onnx  from  mediapipe/{source.origin.file}" for source in SOURCES if source.ships
    )
    return f"""Some networks in this folder are MediaPipe's.

{rows}

They come from the package mediapipe {wheel.VERSION} (https://github.com/google-ai-edge/mediapipe).
Copyright {AUTHORS}. Licensed under the Apache License, Version 2.0: see LICENSE of Mien, or
https://www.apache.org/licenses/LICENSE-2.0.

Changes: the command `{COMMAND}` converted the networks from
TensorFlow Lite to ONNX. They take pictures in bytes whose colours are blue, green, red. In landmarks.onnx the
part that finds the lips is left out, and eyes and irises are put among the landmarks. The card of each names
the original file, its hash, and how far the answers differ.
"""
