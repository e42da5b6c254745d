"""Networks: each is `models/NAME.onnx`, checked against its card `models/NAME.toml` when it is loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from app.stages.cards import FURTHER_INPUTS, OPTIONAL, TASKS, Card, ModelError, read_card, refusal
from app.types import Crops

Output = NDArray[np.float32]
"""(n, ...): one output of a network for n faces; TASKS and OPTIONAL of `cards` have the other lengths."""
NOTHING: Mapping[str, Output] = MappingProxyType({})


class Model:
    """A network that fits its card. Any thread may run it, also several at once."""

    def __init__(self, card: Card, session: ort.InferenceSession) -> None:
        self.card = card
        self._session = session

    def run(
        self, batch: Crops, names: Sequence[str] = (), further: Mapping[str, Output] = NOTHING
    ) -> tuple[Output, ...]:
        """The outputs, in the card's order, for a batch (n, *card.shape) uint8, n >= 1.

        With `names` only those outputs, in that order: what nobody asks for is not computed. `further` are
        the other inputs of the task, see FURTHER_INPUTS of `cards`, each (n, ...). Raises
        ModelError when a value is not finite: it must never reach a recording.
        """
        names = names or self.card.outputs
        outputs = tuple(self._session.run(list(names), {self.card.input: batch, **further}))
        for name, values in zip(names, outputs, strict=True):
            if not np.isfinite(values).all():
                raise refusal(self.card.path, f"outputs.names: {name!r} is not finite for this picture")
        return outputs

    def try_out(self, count: int) -> tuple[Output, ...]:
        """The outputs for `count` grey pictures, to see whether it runs."""
        lengths = FURTHER_INPUTS.get(self.card.task, {}).items()
        further = {name: np.zeros((count, *length), np.float32) for name, length in lengths}
        return self.run(np.full((count, *self.card.shape), 128, np.uint8), (), further)


def load(card_path: Path, task: str | None = None, *, threads: int = 1) -> Model:
    """The network of a card, checked: its hash, its input, and the shape of each output in a trial run.

    It computes on `threads` threads. Raises ModelError when a file is missing, damaged, or not the card's, or
    when the card is not one for `task`, where that is given.
    """
    card = read_card(card_path)
    if task not in (None, card.task):
        raise refusal(card_path, f"task: a network for {task} is needed here, not for {card.task}")
    path = card_path.parent / card.file
    try:
        content = path.read_bytes()
    except OSError as error:
        raise refusal(card_path, f"file: {path.name} cannot be read ({error.strerror})") from error
    found = hashlib.sha256(content).hexdigest()
    if found != card.sha256:
        raise refusal(card_path, f"sha256: {path.name} is damaged or another model (it has {found[:12]}...)")
    try:
        session = make_session(content, threads)
    except Exception as error:  # ONNX Runtime's errors share no other base class
        raise refusal(card_path, f"file: {path.name} is no network that can be run") from error
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


def _check(card: Card, session: ort.InferenceSession) -> None:
    """Raises ModelError unless the network takes and gives what its card and its task say."""
    shape = list(card.shape)
    inputs = {i.name: (i.type, list(i.shape[1:])) for i in session.get_inputs()}
    further = {n: ("tensor(float)", list(s)) for n, s in FURTHER_INPUTS.get(card.task, {}).items()}
    if inputs != {card.input: ("tensor(uint8)", shape)} | further:
        beside = "".join(f", and float32 {name!r} of (n, {length})" for name, (_, length) in further.items())
        raise refusal(
            card.path, f"input: {card.file} does not take uint8 {card.input!r} of (n, {shape}){beside}"
        )
    for name in card.outputs:
        if name not in {o.name for o in session.get_outputs()}:
            raise refusal(card.path, f"outputs.names: {card.file} has no output {name!r}")
    try:
        outputs = Model(card, session).try_out(2)
    except ModelError:
        raise
    except Exception as error:  # ONNX Runtime's errors share no other base class
        raise refusal(card.path, f"input: {card.file} does not run on a batch of two") from error
    shapes = TASKS[card.task] | OPTIONAL[card.task]
    for name, values in zip(card.outputs, outputs, strict=True):
        wanted = (2, *(card.size if length == "size" else length for length in shapes[name]))
        fits = len(values.shape) == len(wanted) and all(
            w in (None, have) for w, have in zip(wanted, values.shape, strict=True)
        )
        if not fits or values.dtype != np.float32:
            raise refusal(
                card.path, f"outputs.names: {name!r} is {values.dtype} {values.shape}, not float32 {wanted}"
            )
