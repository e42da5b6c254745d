"""Weights of convolutions in 8 bits, with a scale for each output channel: a quarter of the file.

They are multiplied as floats: with 8-bit values between the layers, too, made faces would differ visibly.
"""

from __future__ import annotations

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

MOST = 127
OUTPUTS = {"Conv": 0, "ConvTranspose": 1}  # the axis of the output channels in the weights of each


@torch.no_grad()
def round_weights(net: nn.Module) -> None:
    """Rounds the weights of all convolutions of `net`, in place, to what `store` can keep without a loss."""
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            axis = OUTPUTS["ConvTranspose" if isinstance(layer, nn.ConvTranspose2d) else "Conv"]
            scale = _scale(layer.weight, axis)
            layer.weight.copy_((layer.weight / scale).round() * scale)


def _scale(weight: Tensor, axis: int) -> Tensor:
    others = [place for place in range(weight.ndim) if place != axis]
    return (weight.abs().amax(others, keepdim=True) / MOST).clamp(min=1e-12)


def store(model: onnx.ModelProto) -> onnx.ModelProto:
    """`model`, changed in place: the weights of its convolutions as int8 and a scale for each output channel.

    Raises onnx.checker.ValidationError when the result is not valid.
    """
    graph = model.graph
    axes = {node.input[1]: OUTPUTS[node.op_type] for node in graph.node if node.op_type in OUTPUTS}
    before = []
    for tensor in [tensor for tensor in graph.initializer if tensor.name in axes]:
        name, axis, floats = tensor.name, axes[tensor.name], numpy_helper.to_array(tensor)
        scale = _scale(torch.from_numpy(floats.copy()), axis).numpy()
        integers = np.rint(floats / scale).astype(np.int8)
        tensor.CopyFrom(numpy_helper.from_array(integers, f"{name} int8"))
        graph.initializer.append(numpy_helper.from_array(scale.ravel(), f"{name} scale"))
        inputs = [f"{name} int8", f"{name} scale"]
        before.append(helper.make_node("DequantizeLinear", inputs, [name], axis=axis))
    nodes = [*before, *graph.node]
    graph.ClearField("node")
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model
