"""The start of a network, one picture of a batch after the other: what is large stays near the processor.

At its start a network makes much of a picture: 0.6 MB at a time, of four pictures more than a processor keeps
in its cache. After some steps little is left, and weights are what has to be fetched; then all pictures at
once take less. In ONNX a loop over the first axis is the operator Scan.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

import numpy as np
import onnx
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from export.shipping.mediapipe.translation import ConversionError

AXIS = "first axis"  # the name of a constant
Shapes = dict[str, list[int]]
"""The lengths of each value; 0 for those that are not known, such as the number of pictures."""


def in_turn(model: ModelProto, size: int) -> ModelProto:
    """`model`, whose nodes before the first picture smaller than `size` pixels are in a loop over pictures.

    It is changed in place. Its one input is of uint8, (n, ...). Raises ConversionError when no picture is
    smaller, or the start of the network has no fixed shapes.
    """
    graph, shapes = model.graph, _shapes(model)
    inside, after = _cut(graph, shapes, size)
    made = {name for node in inside for name in node.output}
    crossing = list(dict.fromkeys(name for node in after for name in node.input if name in made))
    if any(0 in shapes[name][1:] for name in crossing):
        raise ConversionError("The start of this network has no fixed shapes.")
    (shown,) = graph.input
    loop = helper.make_node(
        "Scan",
        [shown.name],
        [f"{name} each" for name in crossing],
        body=_body(graph, inside, shapes, shown.name, crossing),
        num_scan_inputs=1,
    )
    joined = [helper.make_node("Reshape", [f"{name} each", f"{name} shape"], [name]) for name in crossing]
    constants = [
        numpy_helper.from_array(np.array([0, *shapes[name][1:]]), f"{name} shape") for name in crossing
    ]
    constants += _constants(graph, after)
    graph.ClearField("node")
    graph.node.extend([loop, *joined, *after])
    graph.ClearField("initializer")
    graph.initializer.extend(constants)
    onnx.checker.check_model(model, full_check=True)
    return model


def _shapes(model: ModelProto) -> Shapes:
    inferred = onnx.shape_inference.infer_shapes(model).graph
    known = [*inferred.value_info, *inferred.input, *inferred.output]
    return {value.name: [length.dim_value for length in value.type.tensor_type.shape.dim] for value in known}


def _cut(graph: GraphProto, shapes: Shapes, size: int) -> tuple[list[NodeProto], list[NodeProto]]:
    """The nodes inside the loop, and those after it.

    Inside is also what only puts a value from inside into another order: the loop writes it that way.
    """
    small = (
        place
        for place, node in enumerate(graph.node)
        if node.op_type in ("Conv", "MaxPool") and shapes[node.output[0]][2] < size
    )
    first = next(small, None)
    if first is None:
        raise ConversionError(f"No picture in this network is smaller than {size} pixels.")
    inside, after = list(graph.node[:first]), []
    made = {name for node in inside for name in node.output}
    for node in graph.node[first:]:
        if node.op_type == "Transpose" and node.input[0] in made:
            inside.append(node)
        else:
            after.append(node)
    return inside, after


def _body(
    graph: GraphProto, inside: list[NodeProto], shapes: Shapes, shown: str, crossing: list[str]
) -> GraphProto:
    """What is done with one picture. It has names of its own: a loop must not repeat those around it."""
    nodes = [helper.make_node("Unsqueeze", ["picture", AXIS], [_own(shown)])]
    for node in inside:
        copy = NodeProto.FromString(node.SerializeToString())
        copy.input[:] = map(_own, node.input)
        copy.output[:] = map(_own, node.output)
        nodes.append(copy)
    constants = _constants(graph, inside)
    for constant in constants:
        constant.name = _own(constant.name)
    (picture,) = graph.input
    return helper.make_graph(
        nodes,
        "one picture",
        [helper.make_tensor_value_info("picture", TensorProto.UINT8, shapes[picture.name][1:])],
        [
            helper.make_tensor_value_info(_own(name), TensorProto.FLOAT, [1, *shapes[name][1:]])
            for name in crossing
        ],
        [numpy_helper.from_array(np.array([0]), AXIS), *constants],
    )


def _own(name: str) -> str:
    return f"{name} of one" if name else ""


def _constants(graph: GraphProto, nodes: Iterable[NodeProto]) -> list[TensorProto]:
    """Copies of those that the nodes need."""
    needed: Container[str] = {name for node in nodes for name in node.input}
    return [
        TensorProto.FromString(tensor.SerializeToString())
        for tensor in graph.initializer
        if tensor.name in needed
    ]
