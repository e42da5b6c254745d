"""Networks: each is `models/NAME.onnx`, checked against its card `models/NAME.toml` when it is loaded."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from app.stages.align import CropShape
from app.system.errors import UserError
from app.types import EXPRESSIONS, LANDMARKS, Crops

T = TypeVar("T")
Output = NDArray[np.float32]
"""(n, ...): one output of a network for n faces; TASKS and OPTIONAL have the other lengths."""

# The outputs of each task, without the batch axis; None is any length, "size" that of the input.
TASKS: dict[str, dict[str, tuple[int | str | None, ...]]] = {
    "eye-centres": {"heatmaps": (2, "size", "size")},
    "affect": {"probs": (len(EXPRESSIONS),), "va": (2,), "features": (None, None, None)},
    "face-detection": {"boxes": (None, 16), "scores": (None,)},
    "face-landmarks": {"landmarks": (LANDMARKS, 3), "presence": ()},
}
# Outputs that a network may have, which explain the others: maps of each expression, weights of its regions.
OPTIONAL: dict[str, dict[str, tuple[int | str | None, ...]]] = {
    "eye-centres": {},
    "affect": {"maps": (len(EXPRESSIONS), None, None), "relations": (None,)},
    "face-detection": {},
    "face-landmarks": {},
}
ALIGNED = frozenset({"eye-centres", "affect"})  # tasks whose input is a crop with the eyes in place
REMEDY = "put back the model and the card that belong together, or install Mien again"


class ModelError(UserError):
    """A network cannot be used; the text is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a network; its file is `models/NAME.toml`."""

    path: Path
    name: str
    task: str  # a key of TASKS
    file: str  # the ONNX file, beside the card
    sha256: str  # of that file
    licence: str
    input: str  # name of the input, uint8: (n, channels, size, size), grey, or (n, size, size, channels), BGR
    channels: int
    size: int  # pixels, width and height of the input
    alignment: CropShape | None  # where the eyes have to be in the input; None for tasks not in ALIGNED
    outputs: tuple[str, ...]
    labels: tuple[str, ...]  # of the probabilities; () where there are none
    too_far_right: float  # eye distances by which eye centres lie there in the crop, as they were labelled
    precision: str  # "float32" or "int8"
    measured: Mapping[str, Any]  # figures, and the command that gives them

    @property
    def crop(self) -> CropShape:
        """Where the eyes have to be in the input. Raises ModelError for a task that is not in ALIGNED."""
        if self.alignment is None:
            raise _refusal(self.path, f"task: a network for {self.task} has no crop")
        return self.alignment

    @property
    def shape(self) -> tuple[int, int, int]:
        """The input's shape without the batch axis: channels first where it is a crop, else last."""
        size, channels = self.size, self.channels
        return (channels, size, size) if self.alignment else (size, size, channels)

    @property
    def figures(self) -> str:
        """Its measured speed and accuracy in words, as far as the card has them; else ""."""
        median = self.measured.get("milliseconds_a_face_on_one_thread", {}).get("median")
        accuracy = self.measured.get("accuracy")
        speed = f"{median:.2f} ms a face" if median else ""
        return ", ".join(part for part in (speed, f"{accuracy:.1f} % right" if accuracy else "") if part)


class Model:
    """A network that fits its card. Any thread may run it, also several at once."""

    def __init__(self, card: Card, session: ort.InferenceSession) -> None:
        self.card = card
        self._session = session

    def run(self, batch: Crops, names: Sequence[str] = ()) -> tuple[Output, ...]:
        """The outputs, in the card's order, for a batch (n, *card.shape) uint8, n >= 1.

        With `names` only those outputs, in that order: what nobody asks for is not computed. Raises
        ModelError when a value is not finite: it must never reach a recording.
        """
        names = names or self.card.outputs
        outputs = tuple(self._session.run(list(names), {self.card.input: batch}))
        for name, values in zip(names, outputs, strict=True):
            if not np.isfinite(values).all():
                raise _refusal(self.card.path, f"outputs.names: {name!r} is not finite for this picture")
        return outputs


def load(card_path: Path, task: str | None = None, *, threads: int = 1) -> Model:
    """The network of a card, checked: its hash, its input, and the shape of each output in a trial run.

    It computes on `threads` threads. Raises ModelError when a file is missing, damaged, or not the card's, or
    when the card is not one for `task`, where that is given.
    """
    card = read_card(card_path)
    if task not in (None, card.task):
        raise _refusal(card_path, f"task: a network for {task} is needed here, not for {card.task}")
    path = card_path.parent / card.file
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refusal(card_path, f"file: {path.name} cannot be read ({error.strerror})") from error
    found = hashlib.sha256(content).hexdigest()
    if found != card.sha256:
        raise _refusal(card_path, f"sha256: {path.name} is damaged or another model (it has {found[:12]}...)")
    try:
        session = make_session(content, threads)
    except Exception as error:  # ONNX Runtime's errors share no other base class
        raise _refusal(card_path, f"file: {path.name} is no network that can be run") from error
    _check(card, session)
    return Model(card, session)


def make_session(content: bytes, threads: int) -> ort.InferenceSession:
    """An ONNX Runtime session of a network's file content, made here for app and export alike.

    It runs on the CPU, on `threads` threads that sleep while they wait. When `content` is no network this
    raises ONNX Runtime's own errors, which share no base class but Exception.
    """
    _share_memory()
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_mem_pattern = False  # it would keep a block of memory for every number of faces
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])


@cache
def _share_memory() -> None:
    """Lets all sessions of the process take their memory from one arena, which grows by what is needed.

    By default each has its own, which doubles whenever it is too small.
    """
    place = ort.OrtMemoryInfo("Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT)
    ort.create_and_register_allocator(place, ort.OrtArenaCfg({"arena_extend_strategy": 1}))


def read_card(path: Path) -> Card:
    """The card at `path`, without its network. Raises ModelError when it is missing or a field is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(
            f"The model card {path} cannot be read ({error.strerror}); install Mien again."
        ) from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise _refusal(path, f"it is not valid TOML ({error})") from error

    def field(name: str, kind: type[T], default: T | None = None) -> T:
        value: Any = table
        for key in name.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value is None and default is not None:
            return default
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            wanted = {str: "text", int: "a whole number", float: "a number", list: "a list", dict: "a table"}
            raise _refusal(path, f"{name}: {wanted[kind]} is needed here, not {value!r}")
        return value

    def texts(name: str) -> tuple[str, ...]:
        values = field(name, list, [])
        if not all(isinstance(value, str) for value in values):
            raise _refusal(path, f"{name}: a list of texts is needed here, not {values!r}")
        return tuple(values)

    if (task := field("task", str)) not in TASKS:
        raise _refusal(path, f"task: {task!r} is none of {', '.join(TASKS)}")
    crop = None
    if task in ALIGNED:
        crop = CropShape(
            field("crop.size", int), field("crop.eye_distance", float), field("crop.eye_row", float)
        )
    card = Card(
        path=path,
        name=field("name", str),
        task=task,
        file=field("file", str),
        sha256=field("sha256", str),
        licence=field("licence", str),
        input=field("input.name", str),
        channels=field("input.channels", int),
        size=field("input.size", int),
        alignment=crop,
        outputs=texts("outputs.names"),
        labels=texts("outputs.labels"),
        too_far_right=field("outputs.too_far_right", float, 0.0),
        precision=field("precision", str, "float32"),
        measured=MappingProxyType(field("measured", dict, {})),
    )
    if set(card.outputs) - set(OPTIONAL[card.task]) != set(TASKS[card.task]):
        raise _refusal(path, f"outputs.names: {', '.join(TASKS[card.task])} are needed for {card.task}")
    if card.labels != (EXPRESSIONS if card.task == "affect" else ()):
        raise _refusal(path, f"outputs.labels: {list(card.labels)} are not this program's expressions")
    if crop is not None and crop.size != card.size:
        raise _refusal(path, f"input.size: {card.size} differs from crop.size")
    return card


def _check(card: Card, session: ort.InferenceSession) -> None:
    """Raises ModelError unless the network takes and gives what its card and its task say."""
    shape = list(card.shape)
    inputs = {i.name: (i.type, list(i.shape[1:])) for i in session.get_inputs()}
    if inputs != {card.input: ("tensor(uint8)", shape)}:
        raise _refusal(card.path, f"input: {card.file} does not take uint8 {card.input!r} of (n, {shape})")
    for name in card.outputs:
        if name not in {o.name for o in session.get_outputs()}:
            raise _refusal(card.path, f"outputs.names: {card.file} has no output {name!r}")
    try:
        outputs = Model(card, session).run(np.full((2, *shape), 128, np.uint8))
    except ModelError:
        raise
    except Exception as error:  # ONNX Runtime's errors share no other base class
        raise _refusal(card.path, f"input: {card.file} does not run on a batch of two") from error
    shapes = TASKS[card.task] | OPTIONAL[card.task]
    for name, values in zip(card.outputs, outputs, strict=True):
        wanted = (2, *(card.size if length == "size" else length for length in shapes[name]))
        fits = len(values.shape) == len(wanted) and all(
            w in (None, have) for w, have in zip(wanted, values.shape, strict=True)
        )
        if not fits or values.dtype != np.float32:
            raise _refusal(
                card.path, f"outputs.names: {name!r} is {values.dtype} {values.shape}, not float32 {wanted}"
            )


def _refusal(path: Path, reason: str) -> ModelError:
    return ModelError(f"The model card {path.name} cannot be used: {reason}; {REMEDY}.")
