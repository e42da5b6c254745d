"""Both sides of LGP-GAN, the generator and the critics, as a recipe's tables [net] and [loss] have them.

[net]
channels = 3                # of the pictures: 3, or 1 for grey
size = 128                  # pixels a side
eyes = [21, 16, 48, 96]     # row, column, height and width of the eye region
mouth = [80, 32, 48, 64]    # and of the mouth region
parts = true                # false: the global generator and critic alone
base = 64                   # channels of a generator's first convolution
local = 3                   # residual blocks of the local generators
whole = 6                   # and of the global one
masked = true               # false: no attention masks
critic = 64                 # channels of a critic's first convolution
downs = 6                   # down-convolutions of the global critic
local_downs = 4             # and of the local ones
"""

from __future__ import annotations

from export.losses.adversarial import Weights
from export.nets.lgp_gan import Critics, Generator, Region
from export.training.task import Recipe, RecipeError


def sides(recipe: Recipe) -> tuple[Generator, Critics]:
    """The untrained generator and critics of `recipe`. Raises RecipeError for a wrong entry of [net]."""
    net = dict(recipe.net)
    try:
        size, channels = net.pop("size"), net.pop("channels")
        regions = [Region(*net.pop("eyes")), Region(*net.pop("mouth"))]
        critic = {"base": net.pop("critic"), "downs": net.pop("downs"), "local_downs": net.pop("local_downs")}
        if not net.pop("parts", True):
            regions = []
        return Generator(regions, channels, **net), Critics(regions, size, channels, **critic)
    except KeyError as error:
        raise RecipeError(f"{recipe.name}, table [net], lacks {error}; add it.") from error
    except TypeError as error:
        raise RecipeError(f"{recipe.name}, table [net]: {error}; correct it.") from error


def weights(recipe: Recipe) -> Weights:
    """What each loss counts. Raises RecipeError for an entry of [loss] that is not one of `Weights`."""
    try:
        return Weights(**recipe.loss)
    except TypeError as error:
        raise RecipeError(f"{recipe.name}, table [loss]: {error}; correct the option's name.") from error
