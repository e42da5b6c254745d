"""Makes the file of a quantised network small: what is still in floats, and what the graph says more than
once.

Only `linear_layers` changes the answers, as rounding weights to 8 bits does.
"""

from __future__ import annotations

from itertools import count

import numpy as np
import onnx
from onnx import GraphProto, ModelProto, TensorProto, helper, numpy_helper


def compact(model: ModelProto) -> ModelProto:
    """`model`, changed in place: the weights of linear layers in 8 bits, and no byte more than it needs.

    Raises onnx.checker.ValidationError when the result is not valid.
    """
    linear_layers(model.graph)
    without_zeros(model.graph)
    shared(model.graph)
    renamed(model.graph)
    model.graph.ClearField("value_info")  # the runtime infers the shapes by itself
    model.graph.ClearField("doc_string")
    onnx.checker.check_model(model)
    return model


def linear_layers(graph: GraphProto) -> None:
    """Keeps the weights (out, in) of each Gemm as int8 with a scale for each row; they are multiplied as
    floats."""
    weights = {node.input[1] for node in graph.node if node.op_type == "Gemm"}
    before = []
    for tensor in [tensor for tensor in graph.initializer if tensor.name in weights]:
        floats = numpy_helper.to_array(tensor)
        scale = np.maximum(np.abs(floats).max(1) / 127, 1e-12).astype(np.float32)
        integers = np.round(floats / scale[:, None]).astype(np.int8)
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(integers, f"{name} int8"))
        graph.initializer.append(numpy_helper.from_array(scale, f"{name} scale"))
        inputs = [f"{name} int8", f"{name} scale"]
        before.append(helper.make_node("DequantizeLinear", inputs, [name], axis=0))
    nodes = [*before, *graph.node]
    graph.ClearField("node")
    graph.node.extend(nodes)


def without_zeros(graph: GraphProto) -> None:
    """Removes the zero points of signed weights and biases where they are all 0: without one, 0 is meant."""
    held = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and len(node.input) == 3 and node.input[2] in held:
            point = held[node.input[2]]
            signed = point.data_type in (TensorProto.INT8, TensorProto.INT32)
            if signed and not numpy_helper.to_array(point).any():
                del node.input[2]
    used = {name for node in graph.node for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    graph.ClearField("initializer")
    graph.initializer.extend(kept)


def shared(graph: GraphProto) -> None:
    """Keeps one of several tensors that hold the same."""
    first: dict[tuple[str, tuple[int, ...], bytes], str] = {}
    same: dict[str, str] = {}
    kept = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        one = first.setdefault((values.dtype.str, values.shape, values.tobytes()), tensor.name)
        same[tensor.name] = one
        if one == tensor.name:
            kept.append(tensor)
    graph.ClearField("initializer")
    graph.initializer.extend(kept)
    for node in graph.node:
        node.input[:] = [same.get(name, name) for name in node.input]


def renamed(graph: GraphProto) -> None:
    """Gives short names to what passes between nodes, none to the nodes; inputs and outputs keep theirs."""
    kept = {value.name for value in [*graph.input, *graph.output]}
    free = (name for number in count() if (name := f"{number:x}") not in kept)
    short = {name: name for name in kept} | {"": ""}  # an empty name is an input left out
    for tensor in graph.initializer:
        short[tensor.name] = tensor.name = next(free)
    for node in graph.node:
        node.ClearField("name")
        node.ClearField("doc_string")
        for name in node.output:
            short.setdefault(name, next(free))
        node.input[:] = [short[name] for name in node.input]
        node.output[:] = [short[name] for name in node.output]
