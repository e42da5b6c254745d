"""Cards: what is known of a network, in `models/NAME.toml` beside `models/NAME.onnx`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from app.stages.align import CropShape
from app.system.errors import UserError
from app.types import EXPRESSIONS, LANDMARKS

T = TypeVar("T")

# The outputs of each task, without the batch axis; None is any length, "size" that of the input.
TASKS: dict[str, dict[str, tuple[int | str | None, ...]]] = {
    "eye-centres": {"heatmaps": (2, "size", "size")},
    "affect": {"probs": (len(EXPRESSIONS),), "va": (2,), "features": (None, None, None)},
    "face-detection": {"boxes": (None, 16), "scores": (None,)},
    "face-landmarks": {"landmarks": (LANDMARKS, 3), "presence": ()},
    "synthesis": {"face": (None, "size", "size"), "mask": (1, "size", "size")},
}
OFFERED = frozenset({"synthesis"})  # tasks that nothing else needs: Mien works without a network for them
# Inputs beside the pictures, float32, without the batch axis.
FURTHER_INPUTS: dict[str, dict[str, tuple[int, ...]]] = {"synthesis": {"wanted": (len(EXPRESSIONS),)}}
# Outputs that a network may have, which explain the others: maps of each expression, weights of its regions.
OPTIONAL: dict[str, dict[str, tuple[int | str | None, ...]]] = {
    "eye-centres": {},
    "affect": {"maps": (len(EXPRESSIONS), None, None), "relations": (None,)},
    "face-detection": {},
    "face-landmarks": {},
    "synthesis": {},
}
LABELLED = frozenset({"affect", "synthesis"})  # tasks that name the expressions
ALIGNED = frozenset(
    {"eye-centres", "affect", "synthesis"}
)  # tasks whose input is a crop with the eyes in place
REMEDY = "put back the model and the card that belong together, or install Mien again"


class ModelError(UserError):
    """A network cannot be used; the text is one sentence for the user."""


class UsedCard(Protocol):
    """What a recording names of a network, or of another fitted file that its values come from."""

    @property
    def name(self) -> str:
        """Of the card's file, without its end."""

    @property
    def task(self) -> str:
        """What it does, such as a key of TASKS."""

    @property
    def file(self) -> str:
        """The name of the fitted file."""

    @property
    def sha256(self) -> str:
        """Of that file."""

    @property
    def precision(self) -> str:
        """Such as "float32" or "int8"."""

    @property
    def measured(self) -> Mapping[str, Any]:
        """Figures, and the command that gives them."""

    @property
    def figures(self) -> str:
        """Its measured speed and accuracy in words; else ""."""


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
            raise refusal(self.path, f"task: a network for {self.task} has no crop")
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


def read_card(path: Path) -> Card:
    """The card at `path`, without its network. Raises ModelError when it is missing or a field is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(
            f"The model card {path} cannot be read ({error.strerror}); install Mien again."
        ) from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise refusal(path, f"it is not valid TOML ({error})") from error

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
            raise refusal(path, f"{name}: {wanted[kind]} is needed here, not {value!r}")
        return value

    def texts(name: str) -> tuple[str, ...]:
        values = field(name, list, [])
        if not all(isinstance(value, str) for value in values):
            raise refusal(path, f"{name}: a list of texts is needed here, not {values!r}")
        return tuple(values)

    if (task := field("task", str)) not in TASKS:
        raise refusal(path, f"task: {task!r} is none of {', '.join(TASKS)}")
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
        raise refusal(path, f"outputs.names: {', '.join(TASKS[card.task])} are needed for {card.task}")
    if card.labels != (EXPRESSIONS if card.task in LABELLED else ()):
        raise refusal(path, f"outputs.labels: {list(card.labels)} are not this program's expressions")
    if crop is not None and crop.size != card.size:
        raise refusal(path, f"input.size: {card.size} differs from crop.size")
    return card


def refusal(path: Path, reason: str) -> ModelError:
    """The error that says why the card at `path`, or its network, cannot be used, and what to do."""
    return ModelError(f"The model card {path.name} cannot be used: {reason}; {REMEDY}.")
