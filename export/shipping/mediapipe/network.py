"""Reads a .tflite file: tensors, and the operations between them in the order of their computation."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.shipping.mediapipe.sparse import dense

Values = NDArray[Any]
"""The numbers of a constant tensor, in the shape and type that the file gives."""

UNPACKING = ("DEQUANTIZE", "DENSIFY")  # of constants, which are kept as float16 or sparse
TYPES = {0: np.float32, 1: np.float16, 2: np.int32, 3: np.uint8, 4: np.int64, 9: np.int8}


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """What passes between operations, or a constant."""

    name: str
    shape: tuple[int, ...]  # the batch is 1; pictures are (1, height, width, channels)
    values: Values | None  # of a constant


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One step of the computation. Tensors are named by their place in `Network.tensors`; -1 is none."""

    kind: str  # as CONV_2D; of a custom operator its own name, as TransformLandmarks
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Any  # the schema's object of this kind, as Conv2DOptionsT; None where there is none
    custom: Mapping[str, Any]  # the options of a custom operator


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A network as its file gives it."""

    tensors: tuple[Tensor, ...]
    operations: tuple[Operation, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]

    def find(self, name: str) -> int:
        """The place of the output called `name`. Raises KeyError when there is none."""
        for place in self.outputs:
            if self.tensors[place].name == name:
                return place
        raise KeyError(name)

    def producer(self, place: int) -> Operation:
        """The operation whose result the tensor is. Raises KeyError for an input or a constant."""
        for operation in self.operations:
            if place in operation.outputs:
                return operation
        raise KeyError(place)

    def needed(self, outputs: Iterable[int], known: Container[int]) -> list[Operation]:
        """The operations that `outputs` depend on, in order; the tensors `known` are computed already."""
        wanted = {place for place in outputs if place not in known}
        kept = []
        for operation in reversed(self.operations):
            if wanted & set(operation.outputs):
                kept.append(operation)
                wanted |= {place for place in operation.inputs if place not in known}
        return kept[::-1]


def read(content: bytes, schema: ModuleType) -> Network:
    """The network in the content of a .tflite file, read with the classes of `schema`."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    kinds = {number: name for name, number in vars(schema.BuiltinOperator).items() if isinstance(number, int)}
    graph = model.subgraphs[0]
    tensors = [_tensor(tensor, model.buffers[tensor.buffer].data) for tensor in graph.tensors]
    operations = []
    for operator in graph.operators:
        operation = _operation(operator, model.operatorCodes[operator.opcodeIndex], kinds)
        values = tensors[operation.inputs[0]].values
        if operation.kind in UNPACKING and values is not None:
            unpacked = operation.outputs[0]
            tensors[unpacked] = replace(tensors[unpacked], values=values)
        else:
            operations.append(operation)
    return Network(
        tensors=tuple(tensors),
        operations=tuple(operations),
        inputs=tuple(int(place) for place in graph.inputs),
        outputs=tuple(int(place) for place in graph.outputs),
    )


def _tensor(tensor: Any, data: Any) -> Tensor:
    shape = tuple(int(length) for length in tensor.shape) if tensor.shape is not None else ()
    values = None
    if data is not None and len(data):
        numbers = np.frombuffer(bytes(data), TYPES[tensor.type])
        values = dense(numbers, shape, tensor.sparsity) if tensor.sparsity else numbers.reshape(shape)
    return Tensor(tensor.name.decode(), shape, values)


def _operation(operator: Any, code: Any, kinds: dict[int, str]) -> Operation:
    kind = kinds[max(code.builtinCode, code.deprecatedBuiltinCode)]  # the older field holds those below 127
    custom = operator.customOptions
    return Operation(
        kind=code.customCode.decode() if kind == "CUSTOM" else kind,
        inputs=tuple(int(place) for place in operator.inputs),
        outputs=tuple(int(place) for place in operator.outputs),
        options=operator.builtinOptions,
        custom=_loads(bytes(custom)) if custom is not None and len(custom) else {},
    )


def _loads(content: bytes) -> Mapping[str, Any]:
    """Options in the format FlexBuffers, whose package comes with the schema's."""
    loaded: Mapping[str, Any] = import_module("flatbuffers.flexbuffers").Loads(content)
    return loaded
