"""MediaPipe's face mesh with two detectors that run only when told to. The only file that knows MediaPipe.

The graph in MediaPipe's wheel has one detector, for near faces, which misses those smaller than about a tenth
of the picture; the one for far faces misses those that fill it. Here both feed the same landmark network, and
each runs only in the frames that ask for it: the landmarks of known faces are found without.
"""

from __future__ import annotations

import locale
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np

from app.stages.cards import Card
from app.stages.detect import detection_of, distinct
from app.stages.faces.find_landmarks import TOO_FAR_RIGHT
from app.stages.faces.region import around_faces
from app.stages.faces.schedule import Schedule
from app.stages.faces.thresholds import FAR_SCORE, NEAR_SCORE, PRESENCE, SAME_FACE
from app.system.quiet import without_chatter
from app.types import DEFAULT_MAX_FACES, Box, Detection, Image, Landmarks, Workload

if "mediapipe" not in sys.modules and (_spec := find_spec("mediapipe")):
    # Importing the package's front would load all its solutions and matplotlib (0.4 s), none of them used.
    sys.modules["mediapipe"] = module_from_spec(_spec)
from mediapipe.calculators.core import gate_calculator_pb2
from mediapipe.calculators.util import association_calculator_pb2, non_max_suppression_calculator_pb2
from mediapipe.framework import calculator_pb2
from mediapipe.python import solution_base

# A node keeps its options only where their message is known.
for _options in (
    "core.split_vector",
    "tensor.image_to_tensor",
    "tensor.inference",
    "tensor.tensors_to_floats",
    "tensor.tensors_to_landmarks",
    "tflite.ssd_anchors",
    "util.detections_to_rects",
    "util.landmarks_refinement",
    "util.rect_transformation",
):
    import_module(f"mediapipe.calculators.{_options}_calculator_pb2")

INPUT = 192  # pixels, width of the landmark network's input
GRAPH = "modules/face_landmark/face_landmark_front_cpu.binarypb"


class MediaPipeDetector:
    """MediaPipe's face mesh with refined eyes; see `detect.Detector`."""

    name = "mediapipe"
    cards: tuple[Card, ...] = ()  # its networks are inside MediaPipe
    unmeasured: tuple[Box, ...] = ()  # it does not see more faces than are wanted

    def __init__(self, max_faces: int = DEFAULT_MAX_FACES, *, still: bool = False) -> None:
        """Finds `max_faces` at most. With `still` the pictures are unrelated: each is searched in full."""
        self.search_every = Workload().search_every
        self._mesh = FaceMesh(max_faces, still=still)
        self._still = still
        self._schedule = Schedule(max_faces, still=still)

    @property
    def max_faces(self) -> int:
        """How many faces are found at most; another number takes a new graph, which knows nobody."""
        return self._schedule.max_faces

    @max_faces.setter
    def max_faces(self, number: int) -> None:
        if number != self.max_faces:
            self._mesh.close()
            self._mesh, self._schedule = (
                FaceMesh(number, still=self._still),
                Schedule(number, still=self._still),
            )

    def search_now(self) -> None:
        """Search in the next frame, whoever is known; see `detect.Detector`."""
        self._schedule.search_now()

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """The faces in a (height, width, 3) BGR picture; those known from the frame before come first.

        The same pictures in the same order give the same faces.
        """
        search = self._schedule.next(self.search_every)
        height, width = image.shape[:2]
        scale = np.array([width, height, width], np.float32)
        rgb = cast(Image, cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
        found = self._mesh.find(rgb, far=search.far, near=search.near)
        # The graph gives known faces last; here they come first: they stay where there are too many faces, or
        # two at one place.
        meshes = [detection_of(landmarks * scale) for landmarks in reversed(found)]
        faces = distinct(map(detection_of, _mended(meshes)))[: self.max_faces]
        self._schedule.found(len(faces))
        return tuple(faces)

    def close(self) -> None:
        """Frees MediaPipe's graph; nothing can be detected afterwards."""
        self._mesh.close()


class FaceMesh:
    """Finds the landmarks of several faces in the frames of one source."""

    def __init__(self, max_faces: int, *, still: bool) -> None:
        """Finds `max_faces` at most. With `still` pictures are unrelated; else known faces are followed."""
        self._fresh = True  # the landmark network has not found a face yet
        with without_chatter(), _english_letters():
            self._graph: Any = solution_base.SolutionBase(
                graph_config=_graph(max_faces),
                side_inputs={"with_attention": True, "use_prev_landmarks": not still},
                calculator_params={
                    f"{_DETECTION.format('fullrange')}.min_score_thresh": FAR_SCORE,
                    f"{_DETECTION.format('shortrange')}.min_score_thresh": NEAR_SCORE,
                    "facelandmarkcpu__ThresholdingCalculator.threshold": 1 / (1 + math.exp(-PRESENCE)),
                },
                outputs=["multi_face_landmarks"],
                stream_type_hints=dict.fromkeys(("far", "near"), solution_base.PacketDataType.BOOL),
            )
            self._graph.process({"image": np.zeros((64, 64, 3), np.uint8), "far": True, "near": True})

    def find(self, rgb: Image, *, far: bool, near: bool) -> list[Landmarks]:
        """The landmarks (478, 3) of each face in a (height, width, 3) picture whose colours are RGB.

        x and y are shares of its width and height, z is in the scale of x; new faces come first. `far` and
        `near` run the detectors for small and for large faces; without, only known faces are found.
        """
        inputs = {"image": rgb, "far": far, "near": near}
        if self._fresh:  # the landmark network prints to the terminal when it first runs
            with without_chatter():
                found = self._graph.process(inputs).multi_face_landmarks
            self._fresh = not found
        else:
            found = self._graph.process(inputs).multi_face_landmarks
        return [landmarks_of(face) for face in found or ()]

    def close(self) -> None:
        """Frees the graph; nothing can be found afterwards."""
        self._graph.close()


@contextmanager
def _english_letters() -> Iterator[None]:
    """While the block runs, C++ code changes capitals to small letters as English does.

    MediaPipe does so with the names in its graph, and in Turkish and Azeri I would become a letter that it
    does not allow.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    try:
        yield
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _mended(faces: Sequence[Detection]) -> Sequence[Landmarks]:
    """The landmarks of n faces without what the network puts too far right.

    The graph does not tell its regions; those around the landmarks themselves are as large, to a few percent.
    """
    if not faces:
        return ()
    regions = around_faces(faces)
    right = (TOO_FAR_RIGHT / INPUT * regions.sides[:, None] * regions.across).astype(np.float32)
    shifts = np.column_stack([right, np.zeros_like(right[:, :1])])
    return [face.landmarks - shift for face, shift in zip(faces, shifts, strict=True)]


# A landmark on the wire: its tag and length, then x, y and z, each after a tag of its own; nothing else.
_POINT = np.dtype({"names": ["x", "y", "z"], "formats": ["<f4"] * 3, "offsets": [3, 8, 13], "itemsize": 17})


def landmarks_of(face: Any) -> Landmarks:
    """MediaPipe's list of landmarks as (478, 3) float32, by its bytes: a tenth of the time of its fields."""
    wire = np.frombuffer(face.SerializeToString(), _POINT)
    return np.stack([wire["x"], wire["y"], wire["z"]], 1)


_DETECTION = "facedetection{0}cpu__facedetection{0}__facedetection__TensorsToDetectionsCalculator"


def _graph(max_faces: int) -> calculator_pb2.CalculatorGraphConfig:
    """The wheel's graph, its gated detector replaced by two, with a gate each."""
    root = Path(solution_base.__file__).parents[1]
    graph = calculator_pb2.CalculatorGraphConfig.FromString((root / GRAPH).read_bytes())
    graph.type = ""  # as a graph of its own, not as a part of another
    # Its steps follow each other: to hand them from thread to thread costs up to a fifth of the whole.
    graph.executor.add(type="ApplicationThreadExecutor")
    replaced = {
        "NormalizedRectVectorHasMinSizeCalculator",
        "FaceDetectionShortRangeCpu",
        "ClipDetectionVectorSizeCalculator",
    }
    graph.input_side_packet.remove("NUM_FACES:num_faces")
    kept = [n for n in graph.node if n.calculator not in replaced and "gated_image" not in n.output_stream]
    del graph.node[:]
    graph.node.extend(kept)
    for node in graph.node:
        if node.calculator == "ImagePropertiesCalculator":
            node.input_stream[0] = "IMAGE:image"
        elif node.calculator == "AssociationNormRectCalculator":
            options = association_calculator_pb2.AssociationCalculatorOptions.ext
            node.options.Extensions[options].min_similarity_threshold = SAME_FACE
    for name, detector in (("far", "FaceDetectionFullRangeCpu"), ("near", "FaceDetectionShortRangeCpu")):
        graph.input_stream.append(f"{name.upper()}:{name}")
        gate = graph.node.add(calculator="GateCalculator")
        gate.input_stream.extend(["image", f"ALLOW:{name}"])
        gate.output_stream.append(f"{name}_image")
        gate.options.Extensions[gate_calculator_pb2.GateCalculatorOptions.ext].SetInParent()
        find = graph.node.add(calculator=detector)
        find.input_stream.append(f"IMAGE:{name}_image")
        find.output_stream.append(f"DETECTIONS:{name}_detections")
    best = graph.node.add(calculator="NonMaxSuppressionCalculator")
    best.input_stream.extend(["far_detections", "near_detections"])
    best.output_stream.append("face_detections")
    choice = non_max_suppression_calculator_pb2.NonMaxSuppressionCalculatorOptions
    best.options.Extensions[choice.ext].CopyFrom(
        choice(
            num_detection_streams=2,
            max_num_detections=max_faces,
            min_suppression_threshold=SAME_FACE,
            overlap_type=choice.INTERSECTION_OVER_UNION,
        )
    )
    return graph
