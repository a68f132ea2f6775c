"""The network: three crops and the pose model's landmarks in; points, angles and how far off each may be out."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as f

from training.net import Block, conv
from training.pelvis.task import ANGLES, FRAMES, PRIOR_MAPS, PRIORS

WIDTHS = (16, 32, 64, 112, 144)
TOLD = 96
"""Width of what the landmarks as numbers are turned into."""


class PelvisNet(nn.Module):
    """Crops, prior maps and prior numbers in; maps and angles out.

    Input: `pictures` (n, 9, height, width), blue, green and red of three frames from 0 to 1; `maps`
    (n, 4, height / 4, width / 4), where the pose model has hips and knees in the middle frame; `told` (n, 72), its
    landmarks in the three frames, in torsos from the middle of the hips.

    Output: as `training.net`, scores and spreads (n, 2 * points, height / 4, width / 4); angles (n, 6): tilt,
    obliquity, rotation in tens of degrees, then the logarithms of their spreads.

    Parameters
    ----------
    points : int
        How many it finds.
    """

    def __init__(self, points: int) -> None:
        super().__init__()
        a, b, c, d, e = WIDTHS
        self.told = nn.Sequential(
            nn.Linear(FRAMES * len(PRIORS) * 2, TOLD), nn.ReLU(), nn.Linear(TOLD, TOLD), nn.ReLU(), nn.Linear(TOLD, d)
        )
        self.see = nn.Sequential(conv(3 * FRAMES, a, 2), conv(a, b - len(PRIOR_MAPS), 2))
        self.fine = Block(b)
        self.middle = nn.Sequential(conv(b, c, 2), Block(c))
        self.coarse = nn.Sequential(conv(c, d, 2))
        self.mixed = nn.Sequential(Block(d), Block(d))
        self.to_middle, self.to_fine = conv(d, c, size=1), conv(c, b, size=1)
        self.join_middle, self.join_fine = conv(c, c), Block(b)
        self.head = nn.Conv2d(b, 2 * points, 1)
        self.whole = nn.Sequential(conv(d, e, 2), Block(e))
        # Where things are matters to an angle, so that the last features keep their places.
        self.squeeze = conv(e, 24, size=1)
        self.angles = nn.Sequential(
            nn.Linear(24 * 8 * 6 + e + d, 128), nn.ReLU(), nn.Dropout(0.1), nn.Linear(128, 2 * len(ANGLES))
        )

    def forward(
        self, pictures: torch.Tensor, maps: torch.Tensor, told: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the maps and the angles."""
        told = self.told(told)
        fine = self.fine(torch.cat([self.see(pictures), maps], dim=1))
        middle = self.middle(fine)
        coarse = self.mixed(self.coarse(middle) + told[:, :, None, None])
        whole = self.whole(coarse)
        middle = self.join_middle(middle + f.interpolate(self.to_middle(coarse), scale_factor=2.0))
        fine = self.join_fine(fine + f.interpolate(self.to_fine(middle), scale_factor=2.0))
        seen = torch.cat([self.squeeze(whole).flatten(1), whole.mean(dim=(2, 3)), told], dim=1)
        return self.head(fine), self.angles(seen)
