"""Write the trained network as ONNX."""

from __future__ import annotations

from pathlib import Path

import torch

from training.export import OPSET
from training.pelvis.net import PelvisNet
from training.pelvis.task import INPUTS

OUTPUTS = ("points", "angles")


def blank() -> tuple[torch.Tensor, ...]:
    """Return an input of two empty crops."""
    return tuple(torch.zeros(2, *shape) for shape in INPUTS.values())


def export(net: PelvisNet, path: Path) -> None:
    """Write ONNX with single precision weights, for any number of crops at a time."""
    free = {name: {0: "crops"} for name in (*INPUTS, *OUTPUTS)}
    torch.onnx.export(
        net.eval().float(),
        blank(),
        str(path),
        opset_version=OPSET,
        dynamic_axes=free,
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamo=False,
    )
