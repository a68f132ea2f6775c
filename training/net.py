"""The network that finds points in a crop: a small residual encoder and decoder."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as f

from midstance.pose.crops import CELL_PX

WIDTHS = (24, 40, 80, 128)


class Block(nn.Module):
    """Two convolutions beside a straight path."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(conv(width, width), conv(width, width, active=False))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the features refined."""
        return f.relu(x + self.body(x))


def conv(given: int, made: int, stride: int = 1, size: int = 3, *, active: bool = True) -> nn.Sequential:
    """Return convolution, normalisation and, where `active`, the rectifier."""
    parts = [nn.Conv2d(given, made, size, stride, size // 2, bias=False), nn.BatchNorm2d(made)]
    return nn.Sequential(*parts, *([nn.ReLU()] if active else []))


class PointNet(nn.Module):
    """A crop in, maps out: where each point is, and the logarithm of how far off that may be.

    The input has four planes: blue, green, red and which leg or view it is. The output has a map of scores and one of
    spreads for each point, a quarter of the crop in size.

    Parameters
    ----------
    points : int
        How many it finds.
    """

    def __init__(self, points: int) -> None:
        super().__init__()
        a, b, c, d = WIDTHS
        self.fine = nn.Sequential(conv(4, a, 2), conv(a, b, 2), Block(b))
        self.middle = nn.Sequential(conv(b, c, 2), Block(c))
        self.coarse = nn.Sequential(conv(c, d, 2), Block(d))
        self.to_middle, self.to_fine = conv(d, c, size=1), conv(c, b, size=1)
        self.join_middle, self.join_fine = conv(c, c), Block(b)
        self.head = nn.Conv2d(b, 2 * points, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the maps, (batch, 2 * points, height / 4, width / 4)."""
        fine = self.fine(x)
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        middle = self.join_middle(middle + f.interpolate(self.to_middle(coarse), scale_factor=2.0))
        fine = self.join_fine(fine + f.interpolate(self.to_fine(middle), scale_factor=2.0))
        return self.head(fine)


def read_maps(maps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return points (batch, points, 2) in pixels of the picture and the logarithms of their spreads (batch, points)."""
    scores, spreads = maps.float().chunk(2, dim=1)
    n, k, rows, columns = scores.shape
    shares = scores.flatten(2).softmax(dim=2)
    x = (torch.arange(columns) + 0.5) * CELL_PX - 0.5
    y = (torch.arange(rows) + 0.5) * CELL_PX - 0.5
    grid = torch.stack([x.repeat(rows), y.repeat_interleave(columns)], dim=1)
    points = shares @ grid
    return points, (shares * spreads.flatten(2)).sum(dim=2).reshape(n, k)
