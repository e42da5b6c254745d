"""The optimizers by name: a recipe's field `optimizer`."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from export.training.task import Recipe, RecipeError


def make_optimizer(recipe: Recipe, model: nn.Module) -> torch.optim.Optimizer | Muon:
    """AdamW, RMSprop, Muon, or SGD with momentum 0.9, as the recipe says, over the parameters that `model`
    learns.

    Raises RecipeError for another name.
    """
    learned = [p for p in model.parameters() if p.requires_grad]
    if recipe.optimizer == "adamw":
        return torch.optim.AdamW(groups(learned, recipe.weight_decay), lr=recipe.rate)
    if recipe.optimizer == "rmsprop":
        # alpha is TensorFlow's default; the eye-centre thesis used TensorFlow
        return torch.optim.RMSprop(groups(learned, recipe.weight_decay), lr=recipe.rate, alpha=0.9)
    if recipe.optimizer == "sgd":
        return torch.optim.SGD(groups(learned, recipe.weight_decay), lr=recipe.rate, momentum=0.9)
    if recipe.optimizer == "muon":
        return Muon(learned, recipe.rate, recipe.weight_decay)
    known = "adamw, muon, rmsprop or sgd"
    raise RecipeError(f"{recipe.name} names the optimizer {recipe.optimizer}; choose {known}.")


def groups(learned: list[nn.Parameter], weight_decay: float) -> list[dict[str, Any]]:
    """The parameter groups of an optimizer: biases and scales of norms (one number a channel) do not
    decay."""
    return [
        {"params": [p for p in learned if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in learned if p.ndim <= 1], "weight_decay": 0.0},
    ]


class Muon:
    """Muon for the kernels of convolutions, AdamW for all else, at one rate.

    Muon steps by the momentum with all its singular values made about 1 (Jordan et al., Muon: an optimizer
    for hidden layers in neural networks, 2024), with steps as large as those of AdamW (Liu et al., Muon is
    scalable for LLM training, 2025, section 2.2). A kernel counts as a matrix with one row an output channel;
    one of a single input channel (a stem, a depthwise layer) is too narrow a matrix and is left to AdamW.
    """

    def __init__(self, learned: list[nn.Parameter], rate: float, weight_decay: float) -> None:
        """Raises ValueError unless kernels are in channels_last order, of which matrices can be views."""
        self._kernels = [p for p in learned if p.ndim == 4 and p.shape[1] > 1]
        taken = {id(p) for p in self._kernels}
        others = groups([p for p in learned if id(p) not in taken], weight_decay)
        self._matrices = [as_matrix(p.detach()) for p in self._kernels]
        if any(m.data_ptr() != p.data_ptr() for m, p in zip(self._matrices, self._kernels, strict=True)):
            raise ValueError("Muon learns kernels in channels_last order only: move the model to that first.")
        self._muon = torch.optim.Muon(
            self._matrices, lr=rate, weight_decay=weight_decay, adjust_lr_fn="match_rms_adamw"
        )
        self._adamw = torch.optim.AdamW(others, lr=rate)

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """The groups of both optimizers; setting `lr` in them sets the rate."""
        return [*self._muon.param_groups, *self._adamw.param_groups]

    def step(self) -> None:
        """One update of all parameters by their gradients."""
        for kernel, matrix in zip(self._kernels, self._matrices, strict=True):
            matrix.grad = None if kernel.grad is None else as_matrix(kernel.grad)
        self._muon.step()  # type: ignore[no-untyped-call]  # torch's stubs say nothing of Muon.step
        self._adamw.step()

    def state_dict(self) -> dict[str, Any]:
        """All that a resumed training needs."""
        return {"muon": self._muon.state_dict(), "adamw": self._adamw.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restores what `state_dict` gave."""
        self._muon.load_state_dict(state["muon"])
        self._adamw.load_state_dict(state["adamw"])


def as_matrix(kernel: Tensor) -> Tensor:
    """(o, h w i): a view of a kernel (o, i, h, w) in channels_last order; of one in another order, a copy."""
    return kernel.permute(0, 2, 3, 1).reshape(len(kernel), -1)
