"""A network as the product reads it, turned back into one that can go on learning.

Where it is written, each normalisation is made one with the convolution before it. Here the convolution keeps that
weight, and the normalisation gets the mean and the spread that it sees, and undoes them: the network gives what it
gave, and in training nearly so.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from training.net import PointNet


def read_onnx(net: PointNet, path: Path, pictures: torch.Tensor) -> None:
    """Set a network's weights to those of a file that `training.export` wrote.

    Parameters
    ----------
    net : PointNet
    path : Path
    pictures : (n, 4, height, width) tensor
        Usual inputs, some hundred, to learn by what the normalisations see.

    Raises
    ------
    ValueError
        If the file is of another network.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = [[stored[name] for name in node.input[1:]] for node in graph.node if node.op_type == "Conv"]
    convolutions = _in_order(net, pictures[:1])
    if [tuple(c.weight.shape) for c in convolutions] != [w.shape for w, _ in weights]:
        raise ValueError(f"{path.name}: expected the convolutions of {type(net).__name__}, given others")
    after = _normalisations(net)
    with torch.no_grad():
        for convolution, (weight, bias) in zip(convolutions, weights, strict=True):
            convolution.weight.copy_(torch.from_numpy(weight.copy()))
            _set_bias(after.get(convolution, convolution), torch.from_numpy(bias.copy()))
        _settle(net, list(after.values()), pictures)


def _set_bias(module: nn.Module, bias: torch.Tensor) -> None:
    if isinstance(module, nn.BatchNorm2d):
        module.running_mean.zero_()
        module.running_var.fill_(1.0)
        module.weight.fill_((1.0 + module.eps) ** 0.5)
    module.bias.copy_(bias)


def _settle(net: PointNet, norms: list[nn.BatchNorm2d], pictures: torch.Tensor) -> None:
    """Give each normalisation the mean and the variance of what it sees, and a weight and a bias that undo them."""
    seen: dict[nn.Module, tuple[torch.Tensor, torch.Tensor]] = {}

    def look(module: nn.Module, given: tuple[torch.Tensor, ...]) -> None:
        seen[module] = (given[0].mean(dim=(0, 2, 3)), given[0].var(dim=(0, 2, 3)))

    hooks = [norm.register_forward_pre_hook(look) for norm in norms]
    net.eval()
    net(pictures)
    for hook in hooks:
        hook.remove()
    for norm, (mean, variance) in seen.items():
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.add_(mean)


def _in_order(net: PointNet, picture: torch.Tensor) -> list[nn.Conv2d]:
    """Return the convolutions as they come to work."""
    found: list[nn.Conv2d] = []
    convolutions = [m for m in net.modules() if isinstance(m, nn.Conv2d)]
    hooks = [c.register_forward_pre_hook(lambda module, _: found.append(module)) for c in convolutions]
    net.eval()
    with torch.no_grad():
        net(picture)
    for hook in hooks:
        hook.remove()
    return found


def _normalisations(net: PointNet) -> dict[nn.Module, nn.BatchNorm2d]:
    """Return the normalisation after each convolution that has one."""
    pairs = (list(m)[:2] for m in net.modules() if isinstance(m, nn.Sequential) and len(m) > 1)
    return {a: b for a, b in pairs if isinstance(a, nn.Conv2d) and isinstance(b, nn.BatchNorm2d)}
