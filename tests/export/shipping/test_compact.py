"""A made-up quantised network made small: the same answers, fewer bytes, and what exactly went."""

from __future__ import annotations

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx is not installed; install the extra [export]")

import onnxruntime as ort  # noqa: E402
from onnx import helper, numpy_helper  # noqa: E402

from export.shipping.compact import compact  # noqa: E402

RNG = np.random.default_rng(0)
WEIGHT = np.linspace(-1.27, 1.27, 12, dtype=np.float32).reshape(3, 4) * np.array([[1], [10], [0]], np.float32)


def network() -> onnx.ModelProto:
    """x (n, 4), shifted by integers with zero points, then two linear layers of the same weights."""
    tensors = {
        "a long name of integers": np.arange(-2, 2, dtype=np.int8),
        "a long name of a scale": np.float32(0.5),
        "a long name of a zero point": np.int8(0),
        "unsigned": np.arange(4, dtype=np.uint8),
        "zero of the unsigned": np.uint8(2),
        "weight": WEIGHT,
        "bias": np.ones(3, np.float32),
        "the same bias": np.ones(3, np.float32),
    }
    integers = ["a long name of integers", "a long name of a scale", "a long name of a zero point"]
    unsigned = ["unsigned", "a long name of a scale", "zero of the unsigned"]
    nodes = [
        helper.make_node("DequantizeLinear", integers, ["signed floats"], name="first", doc_string="words"),
        helper.make_node("DequantizeLinear", unsigned, ["unsigned floats"]),
        helper.make_node("Add", ["x", "signed floats"], ["shifted"]),
        helper.make_node("Add", ["shifted", "unsigned floats"], ["twice"]),
        helper.make_node("Gemm", ["twice", "weight", "bias"], ["y"], transB=1),
        helper.make_node("Gemm", ["shifted", "weight", "the same bias"], ["z"], transB=1),
    ]
    floats = onnx.TensorProto.FLOAT
    ends = [helper.make_tensor_value_info(name, floats, ["n", 3]) for name in "yz"]
    graph = helper.make_graph(
        nodes,
        "made up",
        [helper.make_tensor_value_info("x", floats, ["n", 4])],
        ends,
        [numpy_helper.from_array(np.asarray(value), name) for name, value in tensors.items()],
        doc_string="words",
        value_info=[helper.make_tensor_value_info("shifted", floats, ["n", 4])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def answers(model: onnx.ModelProto, x: np.ndarray) -> list[np.ndarray]:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["y", "z"], {"x": x})


def test_the_answers_stay_but_for_the_rounding_of_the_linear_layers_weights():
    x = RNG.normal(size=(5, 4)).astype(np.float32)
    before = answers(network(), x)
    after = answers(compact(network()), x)
    step = np.abs(WEIGHT).max(1) / 127  # of each row
    most = 0.5 * step * (np.abs(x) + 2).sum(1, keepdims=True) + 1e-5
    assert all((np.abs(a - b) <= most).all() for a, b in zip(before, after, strict=True))
    assert np.abs(before[0] - after[0]).max() > 0  # it did round


def test_linear_weights_are_bytes_with_a_scale_a_row_and_zero_points_of_signed_numbers_are_gone():
    graph = compact(network()).graph
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    (weight,) = (value for value in held.values() if value.shape == (3, 4))
    assert weight.dtype == np.int8 and (np.abs(weight).max(1) == [127, 127, 0]).all()
    dequantise = [node for node in graph.node if node.op_type == "DequantizeLinear"]
    inputs = {tuple(held[name].dtype.str[1:] for name in node.input) for node in dequantise}
    assert inputs == {("i1", "f4"), ("u1", "f4", "u1")}


def test_equal_tensors_are_kept_once_and_nothing_has_a_name_or_words_that_it_does_not_need():
    model = compact(network())
    graph = model.graph
    ones = [tensor for tensor in graph.initializer if numpy_helper.to_array(tensor).tolist() == [1, 1, 1]]
    assert len(ones) == 1
    assert not graph.value_info and not graph.doc_string
    assert not any(node.name or node.doc_string for node in graph.node)
    inner = {name for node in graph.node for name in (*node.input, *node.output)} - {"x", "y", "z"}
    assert max(len(name) for name in inner) <= 2
    assert [value.name for value in graph.input] == ["x"]
    assert [value.name for value in graph.output] == ["y", "z"]
    assert b"long name" not in model.SerializeToString()
