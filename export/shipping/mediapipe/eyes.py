"""The parts of the face that the network with attention looks at again, computed together.

Their branches are alike, and each alone is too small to keep a processor busy.
"""

from __future__ import annotations

import numpy as np

from export.shipping.mediapipe import attention
from export.shipping.mediapipe.graph import Graph
from export.shipping.mediapipe.network import Network, Operation
from export.shipping.mediapipe.operators import translate
from export.shipping.mediapipe.together import together
from export.shipping.mediapipe.translation import ConversionError, Translation

BLOCK = 16  # ONNX Runtime computes groups fast whose channels are a multiple of this


def looked_again(known: Translation, points: str, outputs: list[int]) -> tuple[str, int]:
    """Points (n, parts * k, 2) of the parts `outputs`, in pixels of the input, and k.

    A part with fewer points has its own first. `points` are those of the mesh, (n, 468, 2) in such pixels.
    """
    graph, network = known.graph, known.network
    moves = [_back(network, place, "TransformLandmarks") for place in outputs]
    scalings = [_back(network, move.inputs[1], "MUL") for move in moves]
    matrices = [_back(network, _moving(known, scaling), "Landmarks2TransformMatrix") for scaling in scalings]
    boxes = list(dict.fromkeys(matrices))
    in_features = [_back(network, box.inputs[0], "MUL") for box in boxes]
    size = graph.floats(known.floats(_constant(known, in_features[0])))
    options = [box.custom for box in boxes]
    found = attention.boxes(graph, graph.add("Mul", points, size), options)

    samples = [_sample(network, box) for box in boxes]
    features = samples[0].inputs[0]
    translate(known, [features])
    _, height, width, channels = known.shape(features)
    pixels = options[0]["output_height"], options[0]["output_width"]
    name = known.name(features)
    everything = attention.sampled(graph, name, found, (height, width, channels), pixels, len(boxes))
    shares = [
        attention.part(graph, everything, index * channels, (index + 1) * channels, 1)
        for index in range(len(boxes))
    ]
    for sample, share in zip(samples, shares, strict=True):
        known.set(sample.outputs[0], share)

    convolutions = [_back(network, move.inputs[0], "CONV_2D").outputs[0] for move in moves]
    translate(known, convolutions)
    most = max(known.shape(place)[3] for place in convolutions)
    most += -most % BLOCK
    ends = tuple(_wider(graph, known.name(place), most) for place in convolutions)
    joined = together(graph, ends, {tuple(shares): everything})
    flat = graph.add("Reshape", joined, graph.integers([0, len(outputs), most // 2, 2]))
    to_input = attention.columns(known.floats(_constant(known, scalings[0])))
    which = graph.integers([boxes.index(matrix) for matrix in matrices])
    back = graph.add("Mul", graph.add("Gather", found, which, axis=1), graph.floats(to_input))
    moved = attention.moved(graph, flat, back)
    return graph.add("Reshape", moved, graph.integers([0, len(outputs) * most // 2, 2])), most // 2


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


def _wider(graph: Graph, name: str, outputs: int) -> str:
    """The convolution that makes `name`, with more outputs, which are 0."""
    node = graph.producers()[name]
    more = [(0, outputs - len(graph.constants[node.inputs[1]]))]
    weights = np.pad(graph.constants[node.inputs[1]], [*more, (0, 0), (0, 0), (0, 0)])
    bias = np.pad(graph.constants[node.inputs[2]], more)
    return graph.add("Conv", node.inputs[0], graph.floats(weights), graph.floats(bias), **node.attributes)
