"""What the tests share: tiny networks with their cards, small clips, and the list of what may skip."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

import cv2
import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

import app.system.native  # noqa: F401  (before Qt)
from app.stages.actions.card import FILE as ACTION_CARD
from app.stages.detect import Detector
from app.stages.detectors import DEFAULT_DETECTOR, NETWORKS, load_detector
from app.types import DEFAULT_MAX_FACES, EXPRESSIONS, Frame
from tests.skips import SkipList

ROOT = Path(__file__).parents[1]
CLIPS = ROOT / "tests" / "clips"
MEDIA = ROOT.parent / "shared" / "media"
CASES = MEDIA.with_name("cases")
NO_CASES = "the cases made from clips of real people are not beside this checkout"
NO_MEDIA = "the clips of real people are not beside this checkout"
SIZE = 32  # pixels of a tiny network's input

CARD = """name = "{name}"
task = "{task}"
file = "{name}.onnx"
sha256 = "{sha256}"
licence = "Apache-2.0"

[input]
name = "crop"
channels = 1
size = {size}

[crop]
size = {size}
eye_distance = 14.0
eye_row = 12

[outputs]
{outputs}

[measured]
ms = 0.1
command = "none: this network was made up"
"""


def network(
    nodes: list, constants: dict[str, np.ndarray], outputs: dict[str, list], size: int = SIZE,
    kind: int = TensorProto.FLOAT,
) -> bytes:  # fmt: skip
    """An ONNX file that casts `crop`, uint8 (n, 1, size, size), to the float32 `x` that `nodes` work on.

    `kind` is the type of the outputs.
    """
    crop = helper.make_tensor_value_info("crop", TensorProto.UINT8, ["n", 1, size, size])
    ends = [helper.make_tensor_value_info(name, kind, shape) for name, shape in outputs.items()]
    cast = helper.make_node("Cast", ["crop"], ["x"], to=TensorProto.FLOAT)
    graph = helper.make_graph(
        [cast, *nodes], "tiny", [crop], ends, [numpy_helper.from_array(v, k) for k, v in constants.items()]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString()


def eyes_network(size: int = SIZE) -> bytes:
    """Two heatmaps: how much darker than 128 each pixel is, in the half of the crop where that eye lies."""
    halves = np.zeros((1, 2, size, size), np.float32)
    halves[0, 0, :, size // 2 :] = 1  # the subject's left eye lies on the right
    halves[0, 1, :, : size // 2] = 1
    nodes = [
        helper.make_node("Sub", ["level", "x"], ["dark"]),
        helper.make_node("Relu", ["dark"], ["darker"]),
        helper.make_node("Mul", ["darker", "halves"], ["heatmaps"]),
    ]
    constants = {"level": np.float32(128), "halves": halves}
    return network(nodes, constants, {"heatmaps": ["n", 2, size, size]}, size)


def affect_network(size: int = SIZE, sign: int = 1) -> bytes:
    """Brightness as affect: a dark crop is sad, a bright one happy; valence is its brightness in -1..1.

    With a `sign` of -1 valence and arousal are the opposite.
    """
    slope = np.zeros((1, len(EXPRESSIONS)), np.float32)
    slope[0, EXPRESSIONS.index("happy")], slope[0, EXPRESSIONS.index("sad")] = 5, -5
    nodes = [
        helper.make_node("Sub", ["x", "middle"], ["centred"]),
        helper.make_node("Div", ["centred", "middle"], ["scaled"]),
        helper.make_node("AveragePool", ["scaled"], ["features"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("ReduceMean", ["features"], ["mean"], axes=[2, 3], keepdims=0),
        helper.make_node("Mul", ["mean", "slope"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probs"], axis=1),
        helper.make_node("Mul", ["mean", "signs"], ["va"]),
        helper.make_node("Mul", ["features", "slopes"], ["maps"]),
    ]
    constants = {
        "middle": np.float32(127.5),
        "slope": slope,
        "slopes": slope[..., None, None],
        "signs": np.array([[sign, -0.5 * sign]], np.float32),
    }
    grid = [size // 8, size // 8]
    shapes = {"probs": ["n", 8], "va": ["n", 2], "features": ["n", 1, *grid], "maps": ["n", 8, *grid]}
    return network(nodes, constants, shapes, size)


def write_model(folder: Path, name: str, task: str, content: bytes, size: int = SIZE) -> Path:
    """Writes a network with a card that fits it; gives the card's path."""
    outputs = 'names = ["heatmaps"]'
    if task == "affect":
        labels = ", ".join(f'"{e}"' for e in EXPRESSIONS)
        outputs = f'names = ["probs", "va", "features", "maps"]\nlabels = [{labels}]'
    (folder / f"{name}.onnx").write_bytes(content)
    card = folder / f"{name}.toml"
    sha256 = hashlib.sha256(content).hexdigest()
    card.write_text(CARD.format(name=name, task=task, sha256=sha256, size=size, outputs=outputs))
    return card


def with_detector(folder: Path) -> Path:
    """Copies what ships to find faces, landmarks and actions of the face into `folder`, with its cards."""
    shutil.copy(ROOT / "models" / ACTION_CARD, folder)
    for name in NETWORKS[DEFAULT_DETECTOR]:
        for suffix in ("onnx", "toml"):
            shutil.copy(ROOT / "models" / f"{name}.{suffix}", folder)
    return folder


def new_detector(max_faces: int = DEFAULT_MAX_FACES, *, still: bool = False) -> Detector:
    """The detector of the program, with the shipped networks."""
    return load_detector(ROOT / "models", max_faces, still=still)


def with_precision(card: Path, precision: str) -> None:
    """Writes it on a card, which says nothing of it yet."""
    card.write_text(card.read_text().replace("\n[input]", f'precision = "{precision}"\n\n[input]', 1))


def pytest_configure(config: pytest.Config) -> None:
    """A skip that tests/may_skip.toml does not list fails the run."""
    config.pluginmanager.register(SkipList.read(ROOT / "tests" / "may_skip.toml"), "skip-list")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with a tiny `eyes` and a tiny `affect` network, the shipped detector, and their cards."""
    folder = tmp_path / "models"
    folder.mkdir()
    with_detector(folder)
    write_model(folder, "eyes", "eye-centres", eyes_network())
    with_precision(write_model(folder, "affect", "affect", affect_network()), "int8")
    return folder


@pytest.fixture
def both(models: Path) -> Path:
    """The same folder with an `affect-float32` too, which finds everybody's valence the other way round."""
    write_model(models, "affect-float32", "affect", affect_network(sign=-1))
    return models


@pytest.fixture(scope="session")
def clips() -> Path:
    """The folder of small clips that every checkout has; `tests/clips/make.py` says what each shows."""
    return CLIPS


@pytest.fixture(scope="session")
def clip_frames() -> Callable[..., Iterator[Frame]]:
    """A function that gives the frames of a small clip: `clip_frames("single-face.mp4", limit=10)`."""
    return partial(read_frames, CLIPS)


@pytest.fixture(scope="session")
def media() -> Path:
    """The folder of clips of real people; the test is skipped where it is absent."""
    if not MEDIA.is_dir():
        pytest.skip(NO_MEDIA)
    return MEDIA


@pytest.fixture(scope="session")
def cases() -> Path:
    """The folder of files that were once read wrongly; the test is skipped where it is absent."""
    if not CASES.is_dir():
        pytest.skip(NO_CASES)
    return CASES


@pytest.fixture(scope="session")
def frames(media: Path) -> Callable[..., Iterator[Frame]]:
    """As `clip_frames`, of a clip of real people; the test is skipped where they are absent."""
    return partial(read_frames, media)


def read_frames(folder: Path, name: str, limit: int | None = None) -> Iterator[Frame]:
    """The frames of the clip `name` in `folder`, at most `limit` of them."""
    video = cv2.VideoCapture(str(folder / name))
    rate = video.get(cv2.CAP_PROP_FPS)
    for index in count() if limit is None else range(limit):
        good, image = video.read()
        if not good:
            return
        yield Frame(index, index / rate, image, 0.0)
