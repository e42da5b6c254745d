"""Every affect network: what it gives, and what is peculiar to it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

from app.types import EXPRESSIONS  # noqa: E402
from export import to_onnx  # noqa: E402
from export.affect.networks import NETS, Deployed, standardised  # noqa: E402
from export.data.batch import Truth  # noqa: E402
from export.data.circumplex import COORDINATES  # noqa: E402
from export.nets import emotion_gcn  # noqa: E402
from export.nets.densenet import DenseNet  # noqa: E402
from export.nets.heads import TwoHeads  # noqa: E402
from export.shipping.agreement import TOLERANCE  # noqa: E402

SMALL = {"se_resnet": {"blocks": (1, 1, 1, 1), "width": 8}, "mobilenet": {"width": 0.25}}
SMALLER = SMALL | {
    "light_cnn": {"widths": (8, 8), "convolutions": (1, 1)},
    "residual": {"stem": 8, "widths": (8, 16), "blocks": (1, 1), "strides": (2, 2)},
    "densenet": {"blocks": (1, 2), "growth": 8},
    "emotion_gcn": {"blocks": (1, 2), "growth": 8, "hidden": 16},
    "recnn": {"width": 4, "size": 8},
}


def parameters(net) -> float:
    return sum(p.numel() for p in net.parameters()) / 1e6


@pytest.mark.parametrize("name", NETS)
def test_a_network_gives_logits_va_embedding_and_features_and_learns(name):
    net = NETS[name](**SMALL.get(name, {}))
    given = net(torch.randn(4, 1, 48, 48))
    assert given.logits.shape == (4, 8) and given.va.shape == (4, 2)
    assert net.eval()(torch.randn(4, 1, 48, 48)).va.abs().max() <= 1
    assert given.embedding.shape[0] == 4 and given.embedding.ndim == 2 and given.features.ndim == 4
    (given.logits.square().sum() + given.va.square().sum()).backward()
    unused = [key for key, p in net.named_parameters() if p.grad is None]
    assert not unused


@pytest.mark.parametrize("name", NETS)
def test_every_network_can_be_exported(name, tmp_path):
    net = to_onnx.FromBytes(Deployed(NETS[name](**SMALLER[name]).eval(), 1.0)).eval()
    rng = np.random.default_rng(0)
    task = SimpleNamespace(
        outputs=("probs", "va", "features", "why"),
        crops=lambda count: rng.integers(0, 256, (count, 1, 48, 48), np.uint8),
    )
    to_onnx.write_onnx(net, task.crops(2), list(task.outputs), tmp_path / "net.onnx")
    assert to_onnx.difference(net, tmp_path / "net.onnx", task) < TOLERANCE


def test_the_published_sizes():
    assert parameters(NETS["light_cnn"]()) == pytest.approx(1.95, abs=0.05)  # "about two million"
    assert parameters(NETS["mobilenet"]()) == pytest.approx(3.2, abs=0.1)  # 4.2 with a thousand classes
    assert parameters(NETS["se_resnet"](reduction=16)) == pytest.approx(26.0, abs=0.5)  # 28.1 likewise
    densenet121 = DenseNet(blocks=(6, 12, 24, 16), growth=32)
    assert parameters(densenet121) == pytest.approx(6.9, abs=0.1)  # 8.0 likewise


@pytest.mark.parametrize("heads", ["plain", "concatenated", "separate"])
def test_the_heads_differ_in_what_the_classifier_sees(heads):
    net = DenseNet(blocks=(2, 2), growth=8, heads=heads, dropout=0).eval()
    crops = torch.randn(2, 1, 48, 48)
    before = net(crops).logits
    with torch.no_grad():
        net.heads.affect.bias += 1.0
    changed = not torch.allclose(before, net(crops).logits)
    assert changed == (heads == "concatenated")


def truth() -> Truth:
    """Happy is pleasant and sad is not; fear is aroused and disgust is not; no other links."""
    labels = torch.tensor([1, 1, 2, 2, 4, 4, 5, 5])
    pole, sway = torch.tensor([0.8, 0.8, -0.8, -0.8]), torch.tensor([0.5, -0.5, 0.5, -0.5])
    va = torch.stack([torch.cat([pole, sway]), torch.cat([sway, pole])], 1)
    return Truth(torch.nn.functional.one_hot(labels, 8).float(), labels, va)


def test_the_label_graph_links_expressions_with_what_they_go_with():
    graph = emotion_gcn.label_graph(truth())
    happy, sad, fear, disgust, valence, arousal = 1, 2, 4, 5, 8, 9
    expected = torch.eye(10)  # a node without neighbours keeps itself
    linked = torch.tensor([happy, sad, fear, disgust, valence, arousal])
    expected[linked, linked] = 0.3
    for dimension, pair in ((valence, (happy, sad)), (arousal, (fear, disgust))):
        for expression in pair:
            expected[expression, dimension] = 0.7
            expected[dimension, expression] = 0.35
    assert torch.allclose(graph, expected)


def test_a_graph_has_as_many_layers_as_asked_and_nodes_at_their_places():
    for layers in (1, 3):
        heads = emotion_gcn.GraphHeads(12, 6, 0.0, layers, "plane")
        assert [len(p.shape) for p in heads.parameters()] == [2] * layers
        assert heads.vectors().shape == (10, 12)
    heads = emotion_gcn.GraphHeads(12, 6, 0.0, 1, "plane")
    place = torch.tensor(COORDINATES[EXPRESSIONS.index("happy")])
    assert torch.allclose(heads.vectors()[EXPRESSIONS.index("happy")], heads.first.weight @ place)
    for wrong in ({"layers": 5}, {"nodes": "words"}):
        with pytest.raises(ValueError, match=r"correct the option|choose one-hot or plane"):
            emotion_gcn.EmotionGcn(blocks=(1,), growth=2, **wrong)


def test_a_network_learns_its_graph_by_its_own_tau_and_p():
    net = emotion_gcn.EmotionGcn(blocks=(1,), growth=2, threshold=2.0)
    net.learn_graph(truth())
    assert torch.equal(net.heads.graph, torch.eye(10))  # no correlation is that large
    net = emotion_gcn.EmotionGcn(blocks=(1,), growth=2, share=0.25)
    net.learn_graph(truth())
    assert net.heads.graph.diagonal().min() == pytest.approx(0.75)


def test_heads_pool_by_the_maximum_and_have_a_hidden_layer_if_asked():
    features = torch.rand(2, 4, 3, 3)
    assert torch.equal(TwoHeads(4, pooling="max")(features).embedding, features.amax((2, 3)))
    assert torch.equal(TwoHeads(4)(features).embedding, features.mean((2, 3)))
    assert TwoHeads(4, hidden=10)(features).embedding.shape == (2, 10)
    with pytest.raises(ValueError, match="choose from: mean, max"):
        TwoHeads(4, pooling="median")


def test_ranks_share_ties():
    assert emotion_gcn.ranks(torch.tensor([3.0, 1.0, 3.0, 2.0])).tolist() == [2.5, 0.0, 2.5, 1.0]


def test_the_folded_graph_gives_the_same_answers():
    net = emotion_gcn.EmotionGcn(blocks=(2, 2), growth=8).eval()
    net.heads.graph.copy_(emotion_gcn.label_graph(truth()))
    crops = torch.rand(5, 1, 48, 48) * 255
    deployed = Deployed(net, temperature=1.0).eval()
    assert not any("first" in key or "graph" in key for key in deployed.state_dict())
    whole = net(standardised(crops))
    probs, va, *_ = deployed(crops)
    assert torch.allclose(probs, torch.softmax(whole.logits, 1), atol=1e-6)
    assert torch.allclose(va, whole.va, atol=1e-6)
    assert isinstance(net.heads, emotion_gcn.GraphHeads)  # the trained network is left as it was


def test_valence_and_arousal_of_the_graph_are_linear_while_they_learn_and_clipped_after():
    net = emotion_gcn.EmotionGcn(blocks=(1, 2), growth=8, hidden=16, dropout=0.0)
    features = torch.rand(3, net.heads.second.out_features, 6, 6) * 100
    learning = net.heads(features).va
    twice = net.heads(2 * features).va
    assert learning.abs().max() > 1 and twice.allclose(2 * learning, rtol=1e-4)
    assert net.heads.eval()(features).va.allclose(learning.clamp(-1, 1))
    assert net.heads.folded()(features).va.allclose(learning.clamp(-1, 1), atol=1e-5)
