"""An ONNX graph while it is made: nodes with their inputs by name, and constants as arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, ValueInfoProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 9  # what ONNX Runtime 1.17 and later read


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One step of the computation, with one output."""

    kind: str  # as Conv
    inputs: tuple[str, ...]  # "" is an input left out
    output: str
    attributes: Mapping[str, Any]


class Graph:
    """Nodes in the order of their computation. Names given here begin with #, unlike those of inputs."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.constants: dict[str, NDArray[Any]] = {}
        self._names: Iterator[str] = (f"#{number}" for number in count())

    def floats(self, values: Any) -> str:
        """The name of a new float32 constant."""
        return self._constant(np.asarray(values, np.float32))

    def integers(self, values: Any) -> str:
        """The name of a new int64 constant."""
        return self._constant(np.asarray(values, np.int64))

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """The name of the output of a new node; an input "" is left out."""
        name = next(self._names)
        self.nodes.append(Node(kind, inputs, name, attributes))
        return name

    def uses(self) -> Counter[str]:
        """How many inputs of nodes each name is."""
        return Counter(name for node in self.nodes for name in node.inputs)

    def producers(self) -> dict[str, Node]:
        """The node that makes each name, except inputs and constants."""
        return {node.output: node for node in self.nodes}

    def prune(self, ends: Iterable[str]) -> None:
        """Leaves out the nodes that the names `ends` do not need."""
        needed = set(ends)
        kept = []
        for node in reversed(self.nodes):
            if node.output in needed:
                kept.append(node)
                needed |= set(node.inputs)
        self.nodes = kept[::-1]

    def model(
        self, inputs: list[ValueInfoProto], outputs: list[ValueInfoProto], ends: Mapping[str, str]
    ) -> ModelProto:
        """The model: of each output, `ends` has the name in this graph; what they do not need is left out.

        Raises onnx.checker.ValidationError when it is not valid.
        """
        self.prune(ends.values())
        names = {"": ""} | {value.name: value.name for value in inputs}
        tensors = self._tensors(names)
        names |= {node.output: f"v{number:x}" for number, node in enumerate(self.nodes)}
        nodes = [
            helper.make_node(
                node.kind, [names[name] for name in node.inputs], [names[node.output]], **node.attributes
            )
            for node in self.nodes
        ]
        nodes += [helper.make_node("Identity", [names[end]], [name]) for name, end in ends.items()]
        graph = helper.make_graph(nodes, "graph", inputs, outputs, tensors)
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION, producer_name="mien")
        onnx.checker.check_model(model, full_check=True)
        return model

    def _tensors(self, names: dict[str, str]) -> list[onnx.TensorProto]:
        """The constants that nodes need, equal ones once; `names` gets what each is called."""
        needed = self.uses()
        kept: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        tensors = []
        for name, values in self.constants.items():
            if name in needed:
                key = (values.dtype.str, values.shape, values.tobytes())
                if key not in kept:
                    kept[key] = f"c{len(kept):x}"
                    tensors.append(numpy_helper.from_array(np.array(values, order="C"), kept[key]))
                names[name] = kept[key]
        return tensors

    def _constant(self, values: NDArray[Any]) -> str:
        name = next(self._names)
        self.constants[name] = values
        return name
