"""LGP-GAN: its published sizes, its masks, and how its parts are blended."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from export.nets.critic import Critic  # noqa: E402
from export.nets.lgp_gan import Generator, Region, blend  # noqa: E402
from export.nets.translator import Translator, mixed  # noqa: E402
from export.synthesis.gan.sides import sides  # noqa: E402
from export.training.task import RecipeError, read_recipe  # noqa: E402

EYES, MOUTH = Region(2, 2, 8, 12), Region(10, 4, 4, 8)
WANTED = torch.eye(8)[[1, 6]]


def size(module) -> int:
    return sum(p.numel() for p in module.parameters())


def small(**options) -> Generator:
    torch.manual_seed(0)
    return Generator([EYES, MOUTH], channels=1, base=4, local=1, whole=1, **options)


def test_without_mask_and_with_five_words_it_would_have_the_size_of_stargan():
    # 8,430,528: the generator of StarGAN for 128 x 128 pixels, which reads 3 + 5 planes
    words = 3 * 64 * 7 * 7
    assert size(Translator(3, 64, 6, masked=False)) - words == 8_430_528
    assert size(Translator(3, 64, 6)) - size(Translator(3, 64, 6, masked=False)) == 64 * 7 * 7
    # a residual block is two 3 x 3 convolutions and two norms
    assert size(Translator(3, 64, 6)) - size(Translator(3, 64, 3)) == 3 * (2 * 256 * 256 * 9 + 4 * 256)
    # 44,786,624: the critic of StarGAN for 128 x 128 pixels and eight words
    assert size(Critic(3, 128, 128, 64, 6)) == 44_786_624


def test_the_published_networks_have_their_sizes():
    with torch.device("meta"):
        generator, critics = sides(read_recipe(Path("lgp_gan_published")))
    assert size(generator.whole) == 8_443_072
    assert [size(part) for part in generator.parts] == [4_901_056] * 2
    assert [size(critic) for critic in critics.critics] == [44_786_624, 2_834_880, 2_810_304]


def test_the_published_networks_have_their_shapes():
    recipe = read_recipe(Path("lgp_gan_published"))
    narrow = {**recipe.net, "base": 2, "critic": 2, "whole": 1, "local": 1}
    generator, critics = sides(dataclasses.replace(recipe, net=narrow))
    made = generator(torch.rand(2, 3, 128, 128), WANTED)
    said = critics(made.pictures)
    assert [tuple(p.shape) for p in made.pictures] == [(2, 3, 128, 128), (2, 3, 48, 96), (2, 3, 48, 64)]
    assert [tuple(m.shape) for m in made.masks] == [(2, 1, 128, 128), (2, 1, 48, 96), (2, 1, 48, 64)]
    assert [tuple(real.shape) for real, _ in said] == [(2, 1, 2, 2), (2, 1, 3, 6), (2, 1, 3, 4)]
    assert {tuple(logits.shape) for _, logits in said} == {(2, 8)}


def test_a_mask_of_one_keeps_the_picture_and_a_mask_of_zero_the_colours():
    colour, picture = torch.rand(2, 3, 4, 4), torch.rand(2, 3, 4, 4)
    assert torch.equal(mixed(colour, torch.ones(2, 1, 4, 4), picture), picture)
    assert torch.equal(mixed(colour, torch.zeros(2, 1, 4, 4), picture), colour)
    quarter = torch.full((2, 1, 4, 4), 0.25)
    torch.testing.assert_close(mixed(colour, quarter, picture), 0.75 * colour + 0.25 * picture)


def saturate(translator: Translator, logit: float) -> None:
    """Makes the mask sigmoid(logit) everywhere."""
    with torch.no_grad():
        translator.attention.weight.zero_()
    translator.attention.bias = torch.nn.Parameter(torch.full((1,), logit))


def test_with_all_masks_at_one_a_face_comes_out_as_it_went_in():
    generator, faces = small(), torch.rand(2, 1, 16, 16) * 2 - 1
    for translator in (generator.whole, *generator.parts):
        saturate(translator, 100.0)
    made = generator(faces, WANTED)
    assert torch.equal(made.face, faces)
    assert torch.equal(made.pictures[1], EYES.of(faces))
    saturate(generator.whole, -200.0)  # exp(-200) is 0 in float32
    made = generator(faces, WANTED)
    assert not made.masks[0].any()
    assert not torch.allclose(made.face, faces, atol=0.1)


def test_the_wanted_expression_changes_what_is_made():
    generator, faces = small(), torch.rand(1, 1, 16, 16) * 2 - 1
    happy, angry = (generator(faces, WANTED[row : row + 1]) for row in (0, 1))
    for one, other in zip(happy.pictures, angry.pictures, strict=True):
        assert (one - other).abs().max() > 1e-3


def test_parts_are_put_in_their_places_and_nowhere_else():
    faces, parts = torch.zeros(1, 1, 16, 16), [torch.ones(1, 1, 8, 12), torch.full((1, 1, 4, 8), 2.0)]
    blended = blend(faces, [EYES, MOUTH], parts)
    assert torch.equal(EYES.of(blended), parts[0]) and torch.equal(MOUTH.of(blended), parts[1])
    assert blended.sum() == 8 * 12 + 2 * 4 * 8 and not faces.any()


def test_the_whole_learns_through_the_parts():
    generator = small()
    generator(torch.rand(2, 1, 16, 16), WANTED).face.sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in generator.parts.parameters())


def test_without_masks_or_parts_less_is_built():
    bare = Generator([], channels=1, base=4, whole=1, masked=False)
    made = bare(torch.rand(2, 1, 16, 16), WANTED)
    assert len(made.pictures) == 1 and not made.masks[0].any() and not len(bare.parts)


@pytest.mark.parametrize(
    ("change", "says"), [({"wings": 2}, "wings"), ({"size": None}, "lacks 'size'")], ids=["more", "less"]
)
def test_a_wrong_table_of_networks_is_one_sentence(change, says):
    recipe = read_recipe(Path("lgp_gan"))
    net = {name: value for name, value in {**recipe.net, **change}.items() if value is not None}
    with pytest.raises(RecipeError, match=says):
        sides(dataclasses.replace(recipe, net=net))
