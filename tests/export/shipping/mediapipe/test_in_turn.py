"""The start of a network in a loop over the pictures gives what it gave for all of them at once."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed; install the extra [export]")

from onnx import ModelProto, TensorProto, helper

from app.stages.models import make_session
from export.shipping.mediapipe.in_turn import in_turn
from export.shipping.mediapipe.translation import ConversionError
from tests.export.shipping.mediapipe.made import Layers


def made() -> ModelProto:
    """Pictures of 8 pixels, halved twice; what was found at 4 pixels is needed again at the end."""
    layers = Layers()
    graph = layers.graph
    rows = graph.add("Reshape", "crop", graph.integers([0, 3, 8, 8]))
    large = layers.conv(
        layers.conv(graph.add("Cast", rows, to=TensorProto.FLOAT), 3, 4, 3), 4, 4, 3, stride=2
    )
    small = layers.conv(graph.add("Relu", large), 4, 6, 3, stride=2)
    again = graph.add("Transpose", large, perm=[0, 2, 3, 1])
    sums = graph.add("ReduceSum", again, graph.integers([1, 2, 3]))
    end = graph.add("Add", small, sums)
    taken = helper.make_tensor_value_info("crop", TensorProto.UINT8, ["n", 8, 8, 3])
    given = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 6, 2, 2])
    return graph.model([taken], [given], {"y": end})


def answer(model: ModelProto, crops: np.ndarray) -> np.ndarray:
    (values,) = make_session(model.SerializeToString(), 1).run(None, {"crop": crops})
    return values


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_answers_are_the_same(count):
    crops = np.random.default_rng(0).integers(0, 256, (count, 8, 8, 3), np.uint8)
    expected = answer(made(), crops)
    np.testing.assert_allclose(answer(in_turn(made(), 4), crops), expected, rtol=1e-6)


def test_what_is_large_is_in_the_loop_and_what_is_small_is_not():
    graph = in_turn(made(), 4).graph
    loop = graph.node[0]
    assert loop.op_type == "Scan"
    (body,) = (attribute.g for attribute in loop.attribute if attribute.name == "body")
    kinds = [node.op_type for node in body.node]
    assert kinds.count("Conv") == 2 and kinds[-1] == "Transpose"
    assert [node.op_type for node in graph.node].count("Conv") == 1


def test_a_network_without_small_pictures_is_refused():
    with pytest.raises(ConversionError, match="smaller than 2 pixels"):
        in_turn(made(), 2)
