"""The affect networks by name, as they are trained, and as the app calls them.

To add a network: a module in export/nets/ with an nn.Module that gives `Affect`, and a line in NETS.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from app.types import EXPRESSIONS
from export.nets.densenet import DenseNet
from export.nets.emotion_gcn import EmotionGcn, GraphHeads
from export.nets.heads import Affect
from export.nets.light_cnn import LightCnn
from export.nets.mobilenet import MobileNet
from export.nets.recnn import ReCnn
from export.nets.residual import Residual
from export.nets.se_resnet import SeResNet
from export.training.task import Recipe, RecipeError

NETS: dict[str, type[nn.Module]] = {
    "residual": Residual,
    "light_cnn": LightCnn,
    "mobilenet": MobileNet,
    "se_resnet": SeResNet,
    "densenet": DenseNet,
    "emotion_gcn": EmotionGcn,
    "recnn": ReCnn,
}


def network(recipe: Recipe) -> nn.Module:
    """The untrained network of the recipe's table [net].

    Raises RecipeError for a name that is not in NETS, or an option that the network cannot have.
    """
    options = dict(recipe.net)
    name = options.pop("name", "residual")
    if name not in NETS:
        raise RecipeError(f"{recipe.name} names the network {name}; choose from: {', '.join(NETS)}.")
    try:
        return NETS[name](**options)
    except TypeError as error:
        raise RecipeError(f"{recipe.name}, table [net]: {error}; correct the option's name.") from error
    except ValueError as error:
        raise RecipeError(f"{recipe.name}, table [net]: {error}") from error


class AffectNet(nn.Module):
    """A network `net` behind the standardisation of its crops, and the `losses` that it is trained with.

    Standardising every crop by itself makes the answer independent of the light's level and contrast. The
    losses are here because some learn.
    """

    net: nn.Module
    losses: nn.Module

    def __init__(self, net: nn.Module, losses: nn.Module) -> None:
        super().__init__()
        self.net, self.losses = net, losses

    def forward(self, crops: Tensor) -> Affect:
        """What the network gives for crops (n, 1, s, s), 0..255: see `Affect`."""
        given: Affect = self.net(standardised(crops))
        return given


def standardised(crops: Tensor) -> Tensor:
    """Crops (n, 1, s, s), each brought to mean 0 and about unit contrast; a flat crop stays flat."""
    centred = crops - crops.mean((2, 3), keepdim=True)
    return centred / torch.sqrt(centred.square().mean((2, 3), keepdim=True) + 100.0)


class Deployed(nn.Module):
    """What the app calls: probabilities at the fitted temperature, valence and arousal, last feature map.

    Then (n, 8, h, w) activation maps, see `activation_maps`; a ReCNN gives its relation weights (n, r)
    instead, which say the same of its r regions. A graph head is folded into one linear layer. `prior` (8,),
    where given, is taken from the logits, see `prior.py`.
    """

    prior: Tensor | None

    def __init__(self, net: nn.Module, temperature: float, prior: Tensor | None = None) -> None:
        super().__init__()
        self.net, self.temperature = net, temperature
        self.register_buffer("prior", prior)
        if isinstance(net, EmotionGcn) and isinstance(net.heads, GraphHeads):
            self.net = folded = copy.deepcopy(net)
            folded.heads = net.heads.folded()

    def forward(self, crops: Tensor) -> tuple[Tensor, ...]:
        """Probabilities (n, 8), valence and arousal (n, 2), features and maps of crops (n, 1, s, s),
        0..255."""
        crops = standardised(crops)
        given: Affect
        if isinstance(self.net, ReCnn):
            given, why = self.net.related(crops)
        else:
            given = self.net(crops)
            maps = activation_maps(self.net.get_submodule("heads"), given.features)
            why = (maps if self.prior is None else maps - self.prior[:, None, None]) / self.temperature
        logits = given.logits if self.prior is None else given.logits - self.prior
        return torch.softmax(logits / self.temperature, 1), given.va, given.features, why


def activation_maps(heads: nn.Module, features: Tensor) -> Tensor:
    """(n, 8, h, w): the logits that each place of (n, c, h, w) `features` would give alone.

    Behind global average pooling and a linear layer their mean over the places is the logits themselves:
    the class activation maps of Zhou et al., CVPR 2016, section 2.
    """
    _, channels, height, width = features.shape
    places = features.permute(0, 2, 3, 1).reshape(-1, channels, 1, 1)
    given: Affect = heads(places)
    return given.logits.reshape(-1, height, width, len(EXPRESSIONS)).permute(0, 3, 1, 2)
