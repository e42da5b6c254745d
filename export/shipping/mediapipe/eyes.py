"""The eyes and irises, which the network with attention refines from crops of its features, in one batch.

Their branches are alike, and each alone is too small to keep a processor busy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from export.shipping.mediapipe import attention
from export.shipping.mediapipe.branches import merge_branches
from export.shipping.mediapipe.graph import Graph
from export.shipping.mediapipe.network import Network, Operation
from export.shipping.mediapipe.operators import translate
from export.shipping.mediapipe.translation import ConversionError, Translation

BLOCK = 16  # ONNX Runtime computes groups fast whose channels are a multiple of this


@dataclass(frozen=True, slots=True)
class _Looks:
    """What the file says of the parts."""

    convolutions: tuple[int, ...]  # of each part: the tensor of its points, in its own unit
    scales: tuple[float, ...]  # of each part: pixels of its sample for one of that unit
    boxes: tuple[Operation, ...]  # where it is looked again: the eye and its iris share one
    which: tuple[int, ...]  # of each part: its box
    unit: float  # pixels of the features for one of the input


def refined_parts(known: Translation, points: str, outputs: list[int]) -> tuple[str, int]:
    """Points (n, parts * k, 2) of the parts `outputs`, in pixels of the input, and k.

    A part with fewer points has its own first. `points` are those of the mesh, (n, 468, 2) in such pixels.
    Raises ConversionError for parts of another kind.
    """
    graph = known.graph
    looks = _read(known, outputs)
    options = looks.boxes[0].custom
    matrices = attention.boxes(graph, points, [box.custom for box in looks.boxes])
    joined = _sampled(known, matrices, looks)
    translate(known, looks.convolutions)
    most = max(known.shape(place)[3] for place in looks.convolutions)
    most += -most % BLOCK
    middle = (options["output_width"] / 2, options["output_height"] / 2)
    ends = tuple(
        _from_middle(graph, known.name(place), scale, middle, most)
        for place, scale in zip(looks.convolutions, looks.scales, strict=True)
    )
    each = [0, len(outputs), most // 2, 2]
    found = graph.add("Reshape", merge_branches(graph, ends, joined), graph.integers(each))
    of_parts = graph.add("Gather", matrices, graph.integers(looks.which), axis=1)
    moved = attention.moved(graph, found, of_parts)
    return graph.add("Reshape", moved, graph.integers([0, len(outputs) * most // 2, 2])), most // 2


def _read(known: Translation, outputs: list[int]) -> _Looks:
    """What the file says of the parts `outputs`. Raises ConversionError for parts of another kind."""
    network = known.network
    moves = [_back(network, place, "TransformLandmarks") for place in outputs]
    scalings = [_back(network, move.inputs[1], "MUL") for move in moves]
    of_parts = [_back(network, _moving(known, one), "Landmarks2TransformMatrix") for one in scalings]
    boxes = tuple(dict.fromkeys(of_parts))
    unit = float(known.floats(_constant(known, _back(network, boxes[0].inputs[0], "MUL"))).item())
    return _Looks(
        convolutions=tuple(_back(network, move.inputs[0], "CONV_2D").outputs[0] for move in moves),
        scales=tuple(_scale(known, scaling, unit) for scaling in scalings),
        boxes=boxes,
        which=tuple(boxes.index(box) for box in of_parts),
        unit=unit,
    )


def _sampled(known: Translation, matrices: str, looks: _Looks) -> dict[tuple[str, ...], str]:
    """Samples the features in all boxes: the names of the samples, and that of all of them joined."""
    graph = known.graph
    samples = [_sample(known.network, box) for box in looks.boxes]
    features = samples[0].inputs[0]
    translate(known, [features])
    _, size, _, channels = known.shape(features)
    height, width = (looks.boxes[0].custom[name] for name in ("output_height", "output_width"))
    wanted = attention.Sample(len(samples), height, width, channels, looks.unit)
    everything = attention.sampled(graph, known.name(features), size, matrices, wanted)
    everything = _unchanged(graph, everything, len(samples) * channels)
    for index, sample in enumerate(samples):
        share = attention.part(graph, everything, index * channels, (index + 1) * channels, 1)
        known.set(sample.outputs[0], share)
    return {tuple(known.name(sample.outputs[0]) for sample in samples): everything}


def _scale(known: Translation, scaling: Operation, unit: float) -> float:
    """How many pixels of the sample 1 is in the points of a part.

    `scaling` multiplies the matrix of the features, whose pixels are `unit` of the input's, before it moves
    the points. Raises ConversionError where the shift is not one in pixels of the input afterwards.
    """
    factors = known.floats(_constant(known, scaling))[0] * unit
    axes, shift = factors[:2, :2], factors[:2, 3]
    if not np.array_equal(shift, [1, 1]) or np.ptp(axes):
        raise ConversionError("Parts of this network are in another unit than its landmarks.")
    return float(axes[0, 0])


def _back(network: Network, place: int, kind: str) -> Operation:
    """The operation of that kind that makes the tensor, which may be reshaped after it."""
    operation = network.producer(place)
    while operation.kind == "RESHAPE":
        operation = network.producer(operation.inputs[0])
    if operation.kind != kind:
        raise ConversionError(f"{kind} is expected in this network, where {operation.kind} is.")
    return operation


def _constant(known: Translation, operation: Operation) -> int:
    """The input of an operation that is a constant."""
    return next(place for place in operation.inputs if known.values(place) is not None)


def _moving(known: Translation, operation: Operation) -> int:
    """The input of an operation that is no constant."""
    return next(place for place in operation.inputs if known.values(place) is None)


def _sample(network: Network, box: Operation) -> Operation:
    """The operation that samples the features inside a box."""
    return next(
        operation
        for operation in network.operations
        if operation.kind == "TransformTensorBilinear" and operation.inputs[1] == box.outputs[0]
    )


def _unchanged(graph: Graph, value: str, channels: int) -> str:
    """`value` by a convolution that changes nothing: ONNX Runtime then adds to it without a new layout."""
    ones, zeros = graph.floats(np.ones((channels, 1, 1, 1))), graph.floats(np.zeros(channels))
    return graph.add("Conv", value, ones, zeros, group=channels, kernel_shape=(1, 1))


def _from_middle(graph: Graph, name: str, scale: float, middle: tuple[float, float], outputs: int) -> str:
    """The convolution that makes the points `name`, in pixels of the sample and counted from its middle.

    It gets more outputs, up to `outputs`, which are 0.
    """
    node = graph.producers()[name]
    weights, bias = (graph.constants[constant] * scale for constant in node.inputs[1:])
    more = [(0, outputs - len(weights))]
    weights = np.pad(weights, [*more, (0, 0), (0, 0), (0, 0)])
    bias = np.pad((bias.reshape(-1, 2) - middle).ravel(), more)
    return graph.add("Conv", node.inputs[0], graph.floats(weights), graph.floats(bias), **node.attributes)
