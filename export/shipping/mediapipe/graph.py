"""An ONNX graph while it is written: constants and nodes get their names here."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, ValueInfoProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 9  # what ONNX Runtime 1.17 and later read


class Graph:
    """Nodes in the order of their computation, and constants; equal constants are kept once."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        self._tensors: list[TensorProto] = []
        self._count = 0

    def floats(self, values: Any) -> str:
        """The name of a float32 constant."""
        return self._constant(np.asarray(values, np.float32))

    def integers(self, values: Any) -> str:
        """The name of an int64 constant."""
        return self._constant(np.asarray(values, np.int64))

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """The name of the output of a new node; "" is an input left out."""
        name = self._name()
        self._nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def name(self, value: str, output: str) -> None:
        """Calls `value` `output`, as the network's output."""
        self._nodes.append(helper.make_node("Identity", [value], [output]))

    def model(self, inputs: list[ValueInfoProto], outputs: list[ValueInfoProto]) -> ModelProto:
        """The finished model. Raises onnx.checker.ValidationError when it is not valid."""
        graph = helper.make_graph(self._nodes, "graph", inputs, outputs, self._tensors)
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION, producer_name="mien")
        onnx.checker.check_model(model, full_check=True)
        return model

    def _constant(self, values: NDArray[Any]) -> str:
        key = (values.dtype.str, values.shape, values.tobytes())
        if key not in self._constants:
            self._constants[key] = self._name()
            self._tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), self._constants[key]))
        return self._constants[key]

    def _name(self) -> str:
        self._count += 1
        return f"{self._count - 1:x}"
