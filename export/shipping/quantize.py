"""An exported model in 8-bit integers: `python -m export.shipping.quantize RECIPE [--name NAME] [--smoke]`.

Reads models/<name>-float32.onnx and its card (`export.to_onnx RECIPE --name <name>-float32`), sees how large
its numbers become on real crops, and writes models/<name>.onnx with a card of its own. Static, one scale a
channel for the weights, in ONNX Runtime's QDQ form. Convolutions and what lies between them become integers;
the light's standardisation, the gates, the heads and the softmax reckon with floats, their weights being kept
in 8 bits too (`compact.py`). `export.evaluate --model` measures the result like any other.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from tqdm import tqdm

from export.shipping import card
from export.shipping.asked import read
from export.shipping.compact import compact
from export.training.task import RecipeError, build

COUNT = 512  # crops to see the range of the numbers on
BATCH = 16
INTEGER = ("Conv", "Relu", "Add", "Mul", "AveragePool")


class Crops(CalibrationDataReader):
    """Real crops in batches, with a progress bar."""

    def __init__(self, crops: np.ndarray) -> None:
        parts = [crops[start : start + BATCH] for start in range(0, len(crops), BATCH)]
        self._parts = iter(tqdm(parts, "crops", unit="batch"))

    def get_next(self) -> dict[str, np.ndarray] | None:
        part = next(self._parts, None)
        return None if part is None else {"crop": part}


def trunk(path: Path) -> list[str]:
    """Names of the nodes that become integers: from the first convolution on, but not within the gates."""
    nodes = onnx.load(path).graph.node
    first = next(index for index, node in enumerate(nodes) if node.op_type == "Conv")
    of_gates = {name for node in nodes if node.op_type == "Gemm" for name in node.output}
    return [node.name for node in nodes[first:] if node.op_type in INTEGER and not of_gates & set(node.input)]


def quantize(path: Path, crops: np.ndarray, to: Path) -> None:
    """Writes the network at `path` to `to` in integers; `crops` (n, 1, size, size) uint8 are real ones.

    Kernels keep to -64..64 (`reduce_range`): processors without VNNI (most before 2019) add two products in
    16 bits, which larger ones could overflow.
    """
    quantize_static(
        path,
        to,
        Crops(crops),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        reduce_range=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
        nodes_to_quantize=trunk(path),
    )
    onnx.save(compact(onnx.load(to)), to)


def main(argv: list[str] | None = None) -> int:
    try:
        asked = read("quantize", __doc__.split("\n")[0], argv)
        recipe, floats = asked.recipe.name, f"{asked.name}-float32"
        path = asked.to / f"{floats}.onnx"
        if not path.exists():
            command = f"python -m export.to_onnx {recipe} --name {floats}"
            raise FileNotFoundError(f"{path} is missing; run {command} first.")
        crops = build(asked.recipe, asked.smoke).crops(32 if asked.smoke else COUNT)
    except (RecipeError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    to = asked.to / f"{asked.name}.onnx"
    quantize(path, crops, to)
    table = card.read(path.with_suffix(".toml"))
    table |= {
        "name": to.stem,
        "file": to.name,
        "sha256": hashlib.sha256(to.read_bytes()).hexdigest(),
        "precision": "int8",
    }
    table["export"] = {"command": f"python -m export.shipping.quantize {recipe}", "calibrated_on": len(crops)}
    table.pop("measured", None)
    tables = {key: value for key, value in table.items() if isinstance(value, dict)}
    card.write(to.with_suffix(".toml"), {k: v for k, v in table.items() if k not in tables} | tables)
    print(f"{to} and its card are written: {to.stat().st_size / path.stat().st_size:.0%} of the size.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
