"""A model that fits its card runs; any other is refused in one sentence."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from onnx import TensorProto, helper

from app.stages.cards import ModelError, read_card
from app.stages.models import load, make_session
from tests.conftest import SIZE, eyes_network, network, write_model


def refused(card, *parts: str) -> None:
    """Loading must raise one sentence that holds the card's name, `parts`, and what to do."""
    with pytest.raises(ModelError) as caught:
        load(card)
    message = str(caught.value)
    assert card.name in message
    assert all(part in message for part in parts), message
    assert "install Mien again" in message
    assert "\n" not in message and message.endswith(".")


def edited(card, before: str, after: str):
    text = card.read_text()
    assert before in text
    card.write_text(text.replace(before, after))
    return card


def test_a_model_runs_and_knows_its_card(models):
    model = load(models / "affect.toml")
    probs, va, features, maps = model.run(np.zeros((3, 1, SIZE, SIZE), np.uint8))
    assert probs.shape == (3, 8) and va.shape == (3, 2) and features.shape == (3, 1, 4, 4)
    assert maps.shape == (3, 8, 4, 4)
    assert va == pytest.approx(np.tile([-1, 0.5], (3, 1)))
    assert model.card.crop.size == SIZE and model.card.crop.eye_row == 12.0
    assert model.card.precision == "int8" and model.card.measured["ms"] == 0.1
    assert load(models / "eyes.toml").card.precision == "float32"
    assert model.card.sha256 == hashlib.sha256((models / "affect.onnx").read_bytes()).hexdigest()


def test_outputs_come_in_the_order_of_the_card(models):
    card = edited(models / "affect.toml", '"probs", "va", "features", "maps"', '"va", "features", "probs"')
    va, features, probs = load(card).run(np.zeros((1, 1, SIZE, SIZE), np.uint8))
    assert (va.shape, features.shape, probs.shape) == ((1, 2), (1, 1, 4, 4), (1, 8))


def test_only_the_outputs_that_are_asked_for_come(models):
    va, probs = load(models / "affect.toml").run(np.zeros((1, 1, SIZE, SIZE), np.uint8), ("va", "probs"))
    assert (va.shape, probs.shape) == ((1, 2), (1, 8))


def test_maps_may_be_missing_but_not_of_another_shape(models):
    card = models / "affect.toml"
    assert load(edited(card, ', "maps"]', "]")).card.outputs == ("probs", "va", "features")
    nodes = [helper.make_node("AveragePool", ["x"], ["maps"], kernel_shape=[8, 8], strides=[8, 8])]
    nodes += [helper.make_node("ReduceMean", ["maps"], ["mean"], axes=[2, 3], keepdims=0)]
    nodes += [helper.make_node("Concat", ["mean"] * 8, ["probs"], axis=1)]
    nodes += [helper.make_node("Concat", ["mean"] * 2, ["va"], axis=1)]
    nodes += [helper.make_node("Identity", ["maps"], ["features"])]
    shapes = {"probs": ["n", 8], "va": ["n", 2], "features": ["n", 1, 4, 4], "maps": ["n", 1, 4, 4]}
    wrong = write_model(models, "affect", "affect", network(nodes, {}, shapes))
    refused(wrong, "'maps'", "not float32 (2, 8, None, None)")


def test_a_card_can_be_read_without_its_model(models):
    (models / "eyes.onnx").unlink()
    assert read_card(models / "eyes.toml").outputs == ("heatmaps",)


def test_a_missing_card(tmp_path):
    with pytest.raises(ModelError, match=r"eyes\.toml cannot be read .*install Mien again"):
        load(tmp_path / "eyes.toml")


def test_a_missing_model_file(models):
    (models / "eyes.onnx").unlink()
    refused(models / "eyes.toml", "eyes.onnx cannot be read")


def test_a_truncated_model_file(models):
    whole = (models / "eyes.onnx").read_bytes()
    (models / "eyes.onnx").write_bytes(whole[: len(whole) // 2])
    refused(models / "eyes.toml", "sha256", "damaged")


def test_a_file_that_is_no_network(tmp_path):
    refused(write_model(tmp_path, "eyes", "eye-centres", b"not a network at all"), "no network")


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ('task = "eye-centres"', 'task = "gaze"', ("task", "gaze")),
        ('licence = "Apache-2.0"', "", ("licence", "text is needed")),
        (f"size = {SIZE}\neye", "size = true\neye", ("crop.size", "whole number")),
        ("eye_row = 12", 'eye_row = "12"', ("crop.eye_row", "a number")),
        ("channels = 1", "channels = 3", ("input", "does not take")),
        ('name = "crop"', 'name = "image"', ("input", "does not take")),
        (f"size = {SIZE}\neye", "size = 48\neye", ("input.size", "differs")),
        ('names = ["heatmaps"]', 'names = ["maps"]', ("outputs.names", "heatmaps")),
        ('names = ["heatmaps"]', 'names = "heatmaps"', ("outputs.names", "a list")),
        ('names = ["heatmaps"]', 'names = [["heatmaps"]]', ("outputs.names", "a list of texts")),
        ('names = ["heatmaps"]', 'names = ["heatmaps"]\nlabels = ["left"]', ("outputs.labels",)),
        ("[crop]", "[crop", ("not valid TOML",)),
    ],
)
def test_a_wrong_field(models, before, after, parts):
    refused(edited(models / "eyes.toml", before, after), *parts)


def test_expressions_in_another_order(models):
    refused(edited(models / "affect.toml", '"neutral", "happy"', '"happy", "neutral"'), "outputs.labels")


def test_an_output_that_the_network_lacks(tmp_path):
    nodes = [helper.make_node("Concat", ["x", "x"], ["maps"], axis=1)]
    content = network(nodes, {}, {"maps": ["n", 2, SIZE, SIZE]})
    refused(write_model(tmp_path, "eyes", "eye-centres", content), "has no output 'heatmaps'")


def test_an_output_of_another_shape(tmp_path):
    nodes = [helper.make_node("Identity", ["x"], ["heatmaps"])]
    content = network(nodes, {}, {"heatmaps": ["n", 1, SIZE, SIZE]})
    refused(write_model(tmp_path, "eyes", "eye-centres", content), "'heatmaps'", "not float32 (2, 2, 32, 32)")


def test_an_output_of_another_type(tmp_path):
    nodes = [
        helper.make_node("Concat", ["x", "x"], ["both"], axis=1),
        helper.make_node("Cast", ["both"], ["heatmaps"], to=TensorProto.DOUBLE),
    ]
    content = network(nodes, {}, {"heatmaps": ["n", 2, SIZE, SIZE]}, kind=TensorProto.DOUBLE)
    refused(write_model(tmp_path, "eyes", "eye-centres", content), "'heatmaps' is float64", "not float32")


def test_a_session_has_the_threads_that_were_asked_for_and_keeps_no_memory_for_each_number_of_faces():
    for threads in (1, 3):
        options = make_session(eyes_network(SIZE), threads).get_session_options()
        assert options.intra_op_num_threads == threads and not options.enable_mem_pattern


def test_a_network_for_another_size(tmp_path):
    refused(
        write_model(tmp_path, "eyes", "eye-centres", eyes_network(48), size=SIZE),
        "does not take uint8 'crop'",
    )


def test_values_that_are_not_finite_are_an_error(tmp_path):
    nodes = [
        helper.make_node("Div", ["x", "x"], ["ones"]),  # 0 / 0 where the picture is black
        helper.make_node("Concat", ["ones", "ones"], ["heatmaps"], axis=1),
    ]
    content = network(nodes, {}, {"heatmaps": ["n", 2, SIZE, SIZE]})
    model = load(write_model(tmp_path, "eyes", "eye-centres", content))
    model.run(np.ones((1, 1, SIZE, SIZE), np.uint8))
    with pytest.raises(ModelError, match="'heatmaps' is not finite"):
        model.run(np.zeros((1, 1, SIZE, SIZE), np.uint8))


def test_a_network_for_whole_pictures_has_no_crop_and_its_colours_last(models):
    landmarks = load(models / "landmarks.toml", "face-landmarks")
    assert landmarks.card.shape == (192, 192, 3) and landmarks.card.size == 192
    with pytest.raises(ModelError, match="a network for face-landmarks has no crop"):
        landmarks.card.crop  # noqa: B018
    points, presence = landmarks.run(np.zeros((2, 192, 192, 3), np.uint8))
    assert points.shape == (2, 478, 3) and presence.shape == (2,)
    assert load(models / "eyes.toml").card.shape == (1, SIZE, SIZE)


def test_a_network_for_another_task_than_asked_for_is_refused(models):
    with pytest.raises(ModelError, match="a network for face-detection is needed here, not for eye-centres"):
        load(models / "eyes.toml", "face-detection")
