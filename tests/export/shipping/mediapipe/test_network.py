"""Reading a .tflite file: one that is written here, with the schema of MediaPipe's wheel."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed; install the extra [export]")
if find_spec("mediapipe") is None:
    pytest.skip("mediapipe is not installed; install the extra [mediapipe]", allow_module_level=True)

import flatbuffers

from export.shipping.mediapipe import wheel
from export.shipping.mediapipe.network import read

SCHEMA = wheel.schema()
FLOAT32, FLOAT16 = 0, 1


def tensor(name: str, shape: list[int], kind: int = FLOAT32, buffer: int = 0):
    made = SCHEMA.TensorT()
    made.name, made.shape, made.type, made.buffer = name, np.array(shape, np.int32), kind, buffer
    return made


def operator(code: int, inputs: list[int], outputs: list[int]):
    made = SCHEMA.OperatorT()
    made.opcodeIndex, made.inputs, made.outputs = code, np.array(inputs), np.array(outputs)
    return made


def written(operators, tensors, kinds, buffers) -> bytes:
    model, graph = SCHEMA.ModelT(), SCHEMA.SubGraphT()
    graph.tensors, graph.operators = tensors, operators
    graph.inputs, graph.outputs = np.array([0]), np.array([len(tensors) - 1])
    model.subgraphs, model.version, model.buffers, model.operatorCodes = [graph], 3, [], []
    for kind in kinds:
        code = SCHEMA.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = getattr(SCHEMA.BuiltinOperator, kind)
        model.operatorCodes.append(code)
    for content in buffers:
        buffer = SCHEMA.BufferT()
        buffer.data = np.frombuffer(content, np.uint8) if content else None
        model.buffers.append(buffer)
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder))
    return bytes(builder.Output())


def test_a_constant_in_half_the_bytes_is_a_constant():
    halves = np.array([1, 2, 3], np.float16)
    tensors = [
        tensor("x", [1, 2, 2, 3]),
        tensor("half", [3], FLOAT16, 1),
        tensor("whole", [3]),
        tensor("y", [1, 2, 2, 3]),
        tensor("z", [1, 2, 2, 3]),
    ]
    operators = [operator(0, [1], [2]), operator(1, [0, 2], [3]), operator(2, [3], [4])]
    content = written(operators, tensors, ["DEQUANTIZE", "PRELU", "RELU"], [b"", halves.tobytes()])
    network = read(content, SCHEMA)
    assert [operation.kind for operation in network.operations] == ["PRELU", "RELU"]
    assert network.tensors[2].values.tolist() == [1, 2, 3]
    assert network.inputs == (0,) and network.find("z") == 4
    with pytest.raises(KeyError):
        network.find("y")
    assert network.producer(4).kind == "RELU"
    with pytest.raises(KeyError):
        network.producer(0)


def test_only_what_is_needed():
    tensors = [tensor(name, [1, 1, 1, 1]) for name in "xabz"]
    operators = [operator(0, [0], [1]), operator(0, [0], [2]), operator(0, [2], [3])]
    network = read(written(operators, tensors, ["RELU"], [b""]), SCHEMA)
    assert [operation.outputs for operation in network.needed([3], set())] == [(2,), (3,)]
    assert [operation.outputs for operation in network.needed([3], {2})] == [(3,)]
    assert network.needed([3], {3}) == []
