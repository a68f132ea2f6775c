"""Write a trained network as the product reads it."""

from __future__ import annotations

from pathlib import Path

import torch

from training.net import PointNet

OPSET = 17


def export(net: PointNet, size_px: tuple[int, int], path: Path) -> None:
    """Write ONNX with single precision weights, for any number of crops at a time."""
    picture = torch.zeros(2, 4, *reversed(size_px))
    names = {"input_names": ["pictures"], "output_names": ["maps"]}
    free = {"pictures": {0: "crops"}, "maps": {0: "crops"}}
    torch.onnx.export(
        net.eval().float(), (picture,), str(path), opset_version=OPSET, dynamic_axes=free, dynamo=False, **names
    )
