"""Write the trained network as ONNX."""

from __future__ import annotations

from pathlib import Path

import torch

from midstance.pose.crops import CELL_PX
from training.export import OPSET
from training.pelvis.net import PelvisNet
from training.pelvis.task import FRAMES, PRIOR_MAPS, PRIORS, SIZE_PX

INPUTS, OUTPUTS = ("pictures", "maps", "told"), ("points", "angles")


def blank() -> tuple[torch.Tensor, ...]:
    """Return an input of two empty crops."""
    width, height = SIZE_PX
    return (
        torch.zeros(2, 3 * FRAMES, height, width),
        torch.zeros(2, len(PRIOR_MAPS), height // CELL_PX, width // CELL_PX),
        torch.zeros(2, FRAMES * len(PRIORS) * 2),
    )


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
