"""The operators of TensorFlow Lite that the networks use, each as ONNX."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from export.shipping.mediapipe.network import Operation
from export.shipping.mediapipe.translation import ConversionError, Pads, Translation

SAME = 0  # the schema's Padding
ACTIVATIONS = {0: "", 1: "Relu", 3: "Clip"}  # the schema's ActivationFunctionType: none, ReLU, ReLU6


def translate(known: Translation, outputs: Iterable[int]) -> None:
    """Adds to the graph what the tensors `outputs` need. Raises ConversionError for an unknown operator."""
    for operation in known.network.needed(outputs, known):
        if operation.kind not in OPERATORS:
            raise ConversionError(f"The operator {operation.kind} of this network is not known.")
        OPERATORS[operation.kind](known, operation)


def same_pads(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Pixels before and after an axis of `size` pixels, as TensorFlow pads: the odd one comes after."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def _conv(known: Translation, operation: Operation) -> None:
    options, graph = operation.options, known.graph
    depthwise = operation.kind == "DEPTHWISE_CONV_2D"
    weights = known.floats(operation.inputs[1]).transpose((3, 0, 1, 2) if depthwise else (0, 3, 1, 2))
    if (options.dilationHFactor, options.dilationWFactor) != (1, 1):
        raise ConversionError("A convolution of this network has dilation, which is not known.")
    kernel, stride = weights.shape[2:], (options.strideH, options.strideW)
    source, pads = operation.inputs[0], _pads(known, operation, kernel, stride)
    if options.padding != SAME:
        source, pads = known.padding(source)
    bias = known.floats(operation.inputs[2])
    if source == known.network.inputs[0]:
        result = known.picture.convolved(graph, weights, bias, stride, pads)
    else:
        result = graph.add(
            "Conv",
            known.name(source),
            graph.floats(weights),
            graph.floats(bias),
            group=known.shape(source)[3] if depthwise else 1,
            kernel_shape=kernel,
            strides=stride,
            pads=pads,
        )
    known.set(operation.outputs[0], _activated(known, result, options.fusedActivationFunction))


def _max_pool(known: Translation, operation: Operation) -> None:
    options = operation.options
    kernel, stride = (options.filterHeight, options.filterWidth), (options.strideH, options.strideW)
    pads = _pads(known, operation, kernel, stride)
    result = known.graph.add(
        "MaxPool", known.name(operation.inputs[0]), kernel_shape=kernel, strides=stride, pads=pads
    )
    known.set(operation.outputs[0], _activated(known, result, options.fusedActivationFunction))


def _pads(known: Translation, operation: Operation, kernel: tuple[int, ...], stride: tuple[int, int]) -> Pads:
    if operation.options.padding != SAME:
        return 0, 0, 0, 0
    _, height, width, _ = known.shape(operation.inputs[0])
    top, bottom = same_pads(height, kernel[0], stride[0])
    left, right = same_pads(width, kernel[1], stride[1])
    return top, left, bottom, right


def _activated(known: Translation, value: str, activation: int) -> str:
    if activation not in ACTIVATIONS:
        raise ConversionError(f"The activation {activation} of this network is not known.")
    kind = ACTIVATIONS[activation]
    if kind == "Clip":
        return known.graph.add("Clip", value, known.graph.floats(0), known.graph.floats(6))
    return known.graph.add(kind, value) if kind else value


def _relu(known: Translation, operation: Operation) -> None:
    known.set(operation.outputs[0], known.graph.add("Relu", known.name(operation.inputs[0])))


def _prelu(known: Translation, operation: Operation) -> None:
    slopes = known.graph.floats(known.floats(operation.inputs[1]).reshape(-1, 1, 1))
    result = known.graph.add("PRelu", known.name(operation.inputs[0]), slopes)
    known.set(operation.outputs[0], result)


def _binary(known: Translation, operation: Operation) -> None:
    kind = {"ADD": "Add", "MUL": "Mul"}[operation.kind]
    result = known.graph.add(kind, *(_operand(known, place) for place in operation.inputs))
    activation = operation.options.fusedActivationFunction
    known.set(operation.outputs[0], _activated(known, result, activation))


def _operand(known: Translation, place: int) -> str:
    if known.values(place) is None:
        return known.name(place)
    values = known.floats(place)
    if values.size != 1:
        raise ConversionError(f"A constant of the shape {values.shape} is not known.")
    return known.graph.floats(values.reshape(()))


def _pad(known: Translation, operation: Operation) -> None:
    source, target = operation.inputs[0], operation.outputs[0]
    before, after = known.integers(operation.inputs[1]).T.tolist()
    if before[3] == after[3] == 0:
        known.pad(target, source, (before[1], before[2], after[1], after[2]))
        return
    if any(before[:3]) or any(after[:3]):
        raise ConversionError("Padding of channels and pixels at once is not known.")
    known.set(target, _wider(known, known.name(source), known.shape(source)[3], before[3], after[3]))


def _wider(known: Translation, value: str, channels: int, before: int, after: int) -> str:
    """More channels, of zeros: as a convolution, which ONNX Runtime adds to the next one in place."""
    weights = np.pad(np.eye(channels, dtype=np.float32), ((before, after), (0, 0)))
    return known.graph.add(
        "Conv",
        value,
        known.graph.floats(weights[:, :, None, None]),
        known.graph.floats(np.zeros(len(weights))),
        group=1,
        kernel_shape=(1, 1),
        strides=(1, 1),
        pads=(0, 0, 0, 0),
    )


def _reshape(known: Translation, operation: Operation) -> None:
    value, before = known.name(operation.inputs[0]), known.shape(operation.inputs[0])
    after = known.shape(operation.outputs[0])
    if len(before) == 4 and before[1:3] != (1, 1):
        value = known.graph.add("Transpose", value, perm=[0, 2, 3, 1])
    if len(after) == 4 and after[1:3] != (1, 1):
        raise ConversionError(f"A change of shape to {after} is not known.")
    shape = (0, after[3], 1, 1) if len(after) == 4 else (0, *after[1:])
    known.set(operation.outputs[0], known.graph.add("Reshape", value, known.graph.integers(shape)))


def _concatenation(known: Translation, operation: Operation) -> None:
    axes = len(known.shape(operation.outputs[0]))
    axis = operation.options.axis % axes
    axis = (0, 2, 3, 1)[axis] if axes == 4 else axis
    names = [known.name(place) for place in operation.inputs]
    known.set(operation.outputs[0], known.graph.add("Concat", *names, axis=axis))


def _resize(known: Translation, operation: Operation) -> None:
    _, height, width, _ = known.shape(operation.inputs[0])
    to = known.integers(operation.inputs[1])
    scales = known.graph.floats([1, 1, to[0] / height, to[1] / width])
    mode = "half_pixel" if operation.options.halfPixelCenters else "asymmetric"
    if operation.options.alignCorners:
        mode = "align_corners"
    value = known.name(operation.inputs[0])
    result = known.graph.add("Resize", value, "", scales, mode="linear", coordinate_transformation_mode=mode)
    known.set(operation.outputs[0], result)


def _depth_to_space(known: Translation, operation: Operation) -> None:
    """As changes of shape and order, of which those that cancel each other go away when a network is
    loaded."""
    graph, size = known.graph, operation.options.blockSize
    _, height, width, channels = known.shape(operation.inputs[0])
    inside = channels // size**2
    value = graph.add("Transpose", known.name(operation.inputs[0]), perm=[0, 2, 3, 1])
    value = graph.add("Reshape", value, graph.integers([0, height, width, size, size, inside]))
    value = graph.add("Transpose", value, perm=[0, 1, 3, 2, 4, 5])
    value = graph.add("Reshape", value, graph.integers([0, height * size, width * size, inside]))
    known.set(operation.outputs[0], graph.add("Transpose", value, perm=[0, 3, 1, 2]))


def _slice(known: Translation, operation: Operation) -> None:
    if known.shape(operation.inputs[0]) != known.shape(operation.outputs[0]):
        raise ConversionError("A slice that leaves something out is not known.")
    known.set(operation.outputs[0], known.name(operation.inputs[0]))


OPERATORS: dict[str, Callable[[Translation, Operation], None]] = {
    "CONV_2D": _conv,
    "DEPTHWISE_CONV_2D": _conv,
    "MAX_POOL_2D": _max_pool,
    "RELU": _relu,
    "PRELU": _prelu,
    "ADD": _binary,
    "MUL": _binary,
    "PAD": _pad,
    "RESHAPE": _reshape,
    "CONCATENATION": _concatenation,
    "RESIZE_BILINEAR": _resize,
    "DEPTH_TO_SPACE": _depth_to_space,
    "STRIDED_SLICE": _slice,
}
