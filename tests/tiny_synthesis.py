"""A tiny network that makes faces: it adds light, the more the later an expression stands in the list."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from app.types import EXPRESSIONS
from tests.conftest import CARD, SIZE

STEP = 10  # grey levels from one expression to the next; neutral adds none
KEPT = 0.25  # its attention mask, everywhere


def synthesis_network(size: int = SIZE) -> bytes:
    """face = crop + STEP times the place of the wanted expression; mask = KEPT."""
    crop = helper.make_tensor_value_info("crop", TensorProto.UINT8, ["n", 1, size, size])
    wanted = helper.make_tensor_value_info("wanted", TensorProto.FLOAT, ["n", len(EXPRESSIONS)])
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 1, size, size])
        for name in ("face", "mask")
    ]
    steps = STEP * np.arange(len(EXPRESSIONS), dtype=np.float32)[:, None]
    nodes = [
        helper.make_node("Cast", ["crop"], ["x"], to=TensorProto.FLOAT),
        helper.make_node("MatMul", ["wanted", "steps"], ["light"]),
        helper.make_node("Reshape", ["light", "column"], ["lights"]),
        helper.make_node("Add", ["x", "lights"], ["face"]),
        helper.make_node("Mul", ["x", "nothing"], ["zero"]),
        helper.make_node("Add", ["zero", "kept"], ["mask"]),
    ]
    constants = {
        "steps": steps,
        "column": np.array([-1, 1, 1, 1]),
        "nothing": np.float32(0),
        "kept": np.float32(KEPT),
    }
    graph = helper.make_graph(
        nodes,
        "tiny",
        [crop, wanted],
        ends,
        [numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    content: bytes = model.SerializeToString()
    return content


def write_synthesis(folder: Path, size: int = SIZE) -> Path:
    """Writes it with its card as the network that makes faces in `folder`; gives the card's path."""
    content = synthesis_network(size)
    (folder / "synthesis.onnx").write_bytes(content)
    labels = ", ".join(f'"{word}"' for word in EXPRESSIONS)
    outputs = f'names = ["face", "mask"]\nlabels = [{labels}]'
    card = folder / "synthesis.toml"
    sha256 = hashlib.sha256(content).hexdigest()
    card.write_text(
        CARD.format(name="synthesis", task="synthesis", sha256=sha256, size=size, outputs=outputs)
    )
    return card
