"""Makes an 8-bit network of an exported one: `python -m export.shipping.quantize RECIPE [--name NAME]
[--smoke]`.

Needs: models/NAME-float32.onnx and its card, which `python -m export.to_onnx RECIPE --name NAME-float32`
writes, and the recipe's data, since it looks how large the numbers become on real crops. Writes
models/NAME.onnx and its card; --to names another folder for all of these. `export.evaluate --model` measures
the result like any other network.

  python -m export.to_onnx affect --name affect-float32
  python -m export.shipping.quantize affect

The quantisation is static, with one scale for each channel of the weights, in the QDQ form of ONNX Runtime.
Convolutions and what is between them become integers; standardisation, gates, heads and softmax compute with
floats, but the weights of linear layers are kept in 8 bits too (`compact`).
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from tqdm import tqdm

from export.data.arrays import Crops as CropArray
from export.shipping import card, pair
from export.shipping.asked import read
from export.shipping.compact import compact
from export.training import outcome
from export.training.task import build

COUNT = 512  # crops to see the range of the numbers on
BATCH = 16
INTEGER = ("Conv", "Relu", "Add", "Mul", "AveragePool", "Resize")
Ends = tuple[int, int]  # how many of the first and of the last convolutions stay in floats


class Crops(CalibrationDataReader):  # type: ignore[misc]  # ONNX Runtime has no stubs
    """Real crops (n, 1, size, size) in batches, with a progress bar."""

    def __init__(self, crops: CropArray) -> None:
        parts = [crops[start : start + BATCH] for start in range(0, len(crops), BATCH)]
        self._parts = iter(tqdm(parts, "crops", unit="batch"))

    def get_next(self) -> dict[str, CropArray] | None:
        """The next batch as the network's input; None after the last."""
        part = next(self._parts, None)
        return None if part is None else {"crop": part}


def trunk(path: Path, ends: Ends = (0, 0)) -> list[str]:
    """The names of the nodes of the network at `path` that become integers.

    That is from the first convolution on, or from the one after those that `ends` leaves in floats, up to the
    last that it leaves so, if any, or up to an upsampling convolution; but not within the gates of squeeze
    and excitation.
    """
    nodes = onnx.load(path).graph.node
    convolutions = [index for index, node in enumerate(nodes) if node.op_type == "Conv"]
    upsampling = [index for index, node in enumerate(nodes) if node.op_type == "ConvTranspose"]
    first, last = ends
    end = convolutions[-last] if last else min(upsampling, default=len(nodes))
    of_gates = {name for node in nodes if node.op_type == "Gemm" for name in node.output}
    return [
        node.name
        for node in nodes[convolutions[first] : end]
        if node.op_type in INTEGER and not of_gates & set(node.input)
    ]


def quantize(path: Path, crops: CropArray, to: Path, ends: Ends = (0, 0)) -> None:
    """Writes the network at `path` to `to` in integers; `crops` (n, 1, size, size) uint8 are real ones.

    `ends` convolutions stay in floats.

    Weights stay within -64..64 (`reduce_range`): processors without VNNI (most before 2019) add two products
    in 16 bits, which larger weights could overflow.
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
        nodes_to_quantize=trunk(path, ends),
    )
    onnx.save(compact(onnx.load(to)), to)


def ship(path: Path, crops: CropArray, to: Path, command: str, ends: Ends = (0, 0)) -> None:
    """Writes the network at `path` to `to` as `quantize` does, and its card, which names the `command`."""
    quantize(path, crops, to, ends)
    table = card.read(path.with_suffix(".toml"))
    table |= {
        "name": to.stem,
        "file": to.name,
        "sha256": hashlib.sha256(to.read_bytes()).hexdigest(),
        "precision": "int8",
    }
    table["export"] = {"command": command, "calibrated_on": len(crops)}
    table.pop("measured", None)
    tables = {key: value for key, value in table.items() if isinstance(value, dict)}
    card.write(to.with_suffix(".toml"), {k: v for k, v in table.items() if k not in tables} | tables)


def main(argv: list[str] | None = None) -> int:
    """0 when the network is written; 2 where something it needs is missing or wrong, with one sentence."""
    return outcome.run(lambda: _quantize(argv), "nothing is written.")


def _quantize(argv: list[str] | None) -> None:
    request = read("shipping.quantize", __doc__, argv)
    path = request.to / f"{pair.floats(request.name)}.onnx"
    if not path.exists():
        command = pair.command(request.recipe.name, request.name)
        raise FileNotFoundError(f"{path} is missing; run {command} first.")
    crops = build(request.recipe, request.smoke).crops(32 if request.smoke else COUNT)
    to = request.to / f"{request.name}.onnx"
    named = "" if request.name == request.recipe.name else f" --name {request.name}"
    command = f"python -m export.shipping.quantize {request.recipe.name}{named}"
    ship(path, crops, to, command)
    print(f"{to} and its card are written: {to.stat().st_size / path.stat().st_size:.0%} of the size.")


if __name__ == "__main__":
    sys.exit(main())
