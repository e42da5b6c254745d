"""The five networks for faces inside MediaPipe's wheel, and what each becomes here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from onnx import ModelProto, TensorProto, helper

from export.shipping.mediapipe import network, wheel
from export.shipping.mediapipe.blocks import in_blocks
from export.shipping.mediapipe.graph import Graph
from export.shipping.mediapipe.heads import Head, Reshaped, WithAttention
from export.shipping.mediapipe.in_turn import in_turn
from export.shipping.mediapipe.picture import Picture
from export.shipping.mediapipe.prelu import without_prelu
from export.shipping.mediapipe.shortcuts import split_shortcuts
from export.shipping.mediapipe.translation import Translation
from export.shipping.mediapipe.wheel import Origin


@dataclass(frozen=True, slots=True)
class Source:
    """A network of the wheel, under the name that it gets here."""

    name: str
    task: str
    origin: Origin
    shows: Literal["picture", "face", "eye"]  # what its input shows
    size: int  # width and height of the input, in pixels
    black: float  # what a black pixel is for the original; a white one is 1
    head: Head
    ships: bool  # whether the program uses it
    in_turn: int = (
        0  # pixels: pictures of a batch are computed one after the other down to this size; 0: none
    )

    @property
    def input(self) -> str:
        """The name of the input."""
        return "picture" if self.shows == "picture" else "crop"


def read(source: Source) -> network.Network:
    """The network as its file has it. Raises WheelError without the package."""
    return network.read(wheel.read(source.origin), wheel.schema())


def convert(source: Source) -> ModelProto:
    """The network as ONNX. Raises WheelError without the package, ConversionError for what is not known."""
    graph = Graph()
    known = Translation(read(source), graph, Picture(source.input, source.size, source.black))
    ends = source.head.outputs(known)
    in_blocks(graph, ends.values())
    without_prelu(graph, ends.values())
    split_shortcuts(graph, ends.values())
    shown = (source.size, source.size, 3)
    model = graph.model(
        [helper.make_tensor_value_info(source.input, TensorProto.UINT8, ("n", *shown))],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ("n", *shape))
            for name, shape in source.head.shapes.items()
        ],
        ends,
    )
    return in_turn(model, source.in_turn) if source.in_turn else model


SOURCES = (
    Source(
        name="faces_near",
        task="face-detection",
        origin=Origin(
            "modules/face_detection/face_detection_short_range.tflite",
            "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
        ),
        shows="picture",
        size=128,
        black=-1,
        head=Reshaped(
            {"boxes": "regressors", "scores": "classificators"}, {"boxes": (896, 16), "scores": (896,)}
        ),
        ships=True,
    ),
    Source(
        name="faces_far",
        task="face-detection",
        origin=Origin(
            "modules/face_detection/face_detection_full_range_sparse.tflite",
            "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
        ),
        shows="picture",
        size=192,
        black=-1,
        head=Reshaped(
            {"boxes": "Identity", "scores": "Identity_1"}, {"boxes": (2304, 16), "scores": (2304,)}
        ),
        ships=True,
    ),
    Source(
        name="landmarks",
        task="face-landmarks",
        origin=Origin(
            "modules/face_landmark/face_landmark_with_attention.tflite",
            "e06a804e0144f9929eda782122916b35d60c697c3c9344013ca2bbe76a6ce2b4",
        ),
        shows="face",
        size=192,
        black=0,
        head=WithAttention(),
        ships=True,
        in_turn=12,
    ),
    Source(
        name="landmarks_plain",
        task="face-landmarks-plain",
        origin=Origin(
            "modules/face_landmark/face_landmark.tflite",
            "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
        ),
        shows="face",
        size=192,
        black=0,
        head=Reshaped(
            {"landmarks": "conv2d_21", "presence": "conv2d_31"}, {"landmarks": (468, 3), "presence": ()}
        ),
        ships=False,
    ),
    Source(
        name="iris",
        task="iris-landmarks",
        origin=Origin(
            "modules/iris_landmark/iris_landmark.tflite",
            "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
        ),
        shows="eye",
        size=64,
        black=0,
        head=Reshaped(
            {"eye": "output_eyes_contours_and_brows", "iris": "output_iris"},
            {"eye": (71, 3), "iris": (5, 3)},
        ),
        ships=False,
    ),
)
"""All of them, those that ship first."""
