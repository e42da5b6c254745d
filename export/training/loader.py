"""The batches of a training, made here or by worker processes; they are the same, however many make them.

Each batch draws from a generator of its own, named by seed, epoch and number, and so does the order of each
epoch. That also makes a resumed training see what it would have seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from export.data.arrays import Counts
from export.training.task import Task


class Steps(Dataset[Any]):
    """Batch number 0, 1, ... of a whole training, epoch after epoch; `seed` is the recipe's."""

    def __init__(self, task: Task, seed: int) -> None:
        self._task, self._seed = task, seed
        self._epoch = -1
        self._order: Counts = np.empty((0, 0), np.int64)

    def __getitem__(self, step: int) -> tuple[Tensor, ...]:
        """The batch of one step, on the CPU."""
        epoch, number = divmod(step, self._task.steps)
        if epoch != self._epoch:
            self._epoch, self._order = epoch, self._task.order(np.random.default_rng([self._seed, epoch]))
        # number + 1, since for NumPy [seed, epoch, 0] is [seed, epoch], which the order has drawn from
        rng = np.random.default_rng([self._seed, epoch, number + 1])
        return self._task.batch(self._order[number], rng)


def batches(
    task: Task, seed: int, steps: range, device: torch.device, workers: int = 0
) -> Iterator[tuple[Tensor, ...]]:
    """The batches of the steps numbered `steps`, on `device`; `workers` processes make them, with 0 this
    one."""
    loader = DataLoader(
        Steps(task, seed),
        batch_size=None,  # the task makes whole batches
        sampler=steps,
        num_workers=workers,
        pin_memory=device.type == "cuda",
        worker_init_fn=one_thread,
        generator=torch.Generator(),  # the loader draws a number too: not from the one that dropout uses
    )
    for batch in loader:
        yield tuple(part.to(device, non_blocking=True) for part in batch)


def one_thread(worker: int) -> None:
    """Sets up worker number `worker`: there is one for each core, so OpenCV must not add threads of its
    own."""
    cv2.setNumThreads(1)
