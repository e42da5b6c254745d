"""Weights in 8 bits: what is rounded is kept without a loss, and little of it is lost."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; install the extra [export]")

import onnx  # noqa: E402

from app.stages.models import make_session  # noqa: E402
from export.synthesis.gan.eight_bits import round_weights, store  # noqa: E402


def net() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3, padding=1, bias=False),
        torch.nn.ReLU(),
        torch.nn.ConvTranspose2d(4, 2, 4, 2, 1),
    ).eval()


def test_each_output_channel_has_127_steps_up_to_its_largest_weight():
    made, rounded = net(), net()
    round_weights(rounded)
    for layer, axis in ((0, 0), (2, 1)):
        before, after = made[layer].weight.detach(), rounded[layer].weight.detach()
        for one, other in zip(before.unbind(axis), after.unbind(axis), strict=True):
            step = one.abs().max() / 127
            assert (one - other).abs().max() <= step / 2 * 1.0001
            assert torch.allclose((other / step).round() * step, other, atol=1e-7)
    assert torch.equal(made[2].bias, rounded[2].bias)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the older exporter, chosen on purpose
def test_what_is_stored_is_what_was_rounded_in_a_quarter_of_the_bytes(tmp_path):
    rounded = net()
    round_weights(rounded)
    crops = torch.rand(2, 1, 8, 8)
    torch.onnx.export(rounded, (crops,), str(tmp_path / "net.onnx"), dynamo=False, input_names=["x"])
    model = store(onnx.load(tmp_path / "net.onnx"))
    kinds = sorted(onnx.TensorProto.DataType.Name(tensor.data_type) for tensor in model.graph.initializer)
    assert kinds.count("INT8") == 2 and kinds.count("FLOAT") == 3  # two scales and a bias
    (found,) = make_session(model.SerializeToString(), 1).run(None, {"x": crops.numpy()})
    assert np.allclose(found, rounded(crops).detach().numpy(), atol=1e-6)
