"""Train a network: seeded, and taken up again where it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as f

from training.augment import draw
from training.examples import Examples
from training.loop import drawn_ahead, keep, optimiser_of, resume, set_rate, step
from training.net import PointNet, read_maps
from training.start import read_onnx
from training.task import TASKS, Task

PLAIN_SHARE, LINE_SHARE = 0.1, 0.15
SETTLE = 256
"""Crops by which a network to begin from is set up."""


@dataclass(frozen=True)
class Plan:
    """How to train.

    Attributes
    ----------
    what : str
        One of `task.TASKS`.
    view : str
        `side` or `frontal`.
    epochs : int
    batch : int
    rate : float
        The highest learning rate; it rises over the first twentieth and falls as a cosine to 0.
    seed : int
    """

    what: str
    view: str
    epochs: int
    batch: int = 64
    rate: float = 3e-3
    seed: int = 0

    @property
    def task(self) -> Task:
        """What to learn."""
        return TASKS[self.what]

    @property
    def name(self) -> str:
        """Of the network."""
        return f"{self.what}_{self.view}"


def train(plan: Plan, learn: Examples, check: Examples, folder: Path, start: Path | None = None) -> PointNet:
    """Return the trained network; `folder` keeps the state after each epoch.

    Parameters
    ----------
    plan : Plan
    learn, check : Examples
        To learn from, and of other bodies, to tell how it goes.
    folder : Path
    start : Path, optional
        ONNX of a network to begin from.
    """
    torch.manual_seed(plan.seed)
    net = PointNet(plan.task.points)
    if start is not None:
        read_onnx(net, start, next(batches(learn, replace(plan, batch=SETTLE), 0))[0])
    net.to(memory_format=torch.channels_last)
    optimiser, state = optimiser_of(net), folder / f"{plan.name}.pt"
    for epoch in range(resume(net, optimiser, state), plan.epochs):
        loss = _epoch(plan, net, optimiser, learn, epoch)
        told = " ".join(f"{value:.2f}" for value in errors(net, check, plan))
        print(f"{plan.name} {epoch + 1}/{plan.epochs}: loss {loss:.3f}, points off by {told} px", flush=True)  # noqa: T201 - a command
        keep(net, optimiser, epoch + 1, state)
    net.eval()
    return net


def _epoch(plan: Plan, net: PointNet, optimiser: torch.optim.Optimizer, learn: Examples, epoch: int) -> float:
    net.train()
    losses = []
    steps = len(learn) // plan.batch
    for i, (pictures, points) in enumerate(batches(learn, plan, epoch)):
        set_rate(optimiser, plan.rate, (epoch + i / steps) / plan.epochs)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            maps = net(pictures)
        losses.append(step(net, optimiser, loss_of(*read_maps(maps), points, plan.task)))
    return float(np.mean(losses))


def loss_of(found: torch.Tensor, spreads: torch.Tensor, true: torch.Tensor, task: Task) -> torch.Tensor:
    """Return a Laplace distribution's improbability of the points, and what the task's lines are off by."""
    apart = (found - true).abs().sum(dim=2)
    spreads = spreads.clamp(-3, 5)
    first, last = ([line[end] for line in task.lines] for end in (0, 1))
    off = f.l1_loss(found[:, last] - found[:, first], true[:, last] - true[:, first])
    off = off * len(task.lines)
    return (apart * torch.exp(-spreads) + 2 * spreads).mean() + PLAIN_SHARE * apart.mean() + LINE_SHARE * off


def batches(examples: Examples, plan: Plan, epoch: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Return pictures and points in a new order, each batch drawn while the last one is learnt."""
    order = np.random.default_rng([plan.seed, epoch]).permutation(len(examples))
    parts = [order[i : i + plan.batch] for i in range(0, len(order) - plan.batch + 1, plan.batch)]
    return drawn_ahead(parts, lambda part: _batch(examples, part, plan, epoch), ahead=2)


def _batch(examples: Examples, numbers: np.ndarray, plan: Plan, epoch: int) -> tuple[torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng([plan.seed, epoch, int(numbers[0])])
    drawn = [draw(rng, examples.pictures[n], examples.points[n], plan.task, plan.view) for n in numbers]
    pictures = np.stack(
        [
            np.dstack([crop, np.full(crop.shape[:2], examples.kind[n])])
            for (crop, _), n in zip(drawn, numbers, strict=True)
        ]
    )
    points = torch.from_numpy(np.stack([p for _, p in drawn]).astype(np.float32))
    tensor = torch.from_numpy(pictures.astype(np.float32)).permute(0, 3, 1, 2)
    return tensor.contiguous(memory_format=torch.channels_last), points


def errors(net: PointNet, examples: Examples, plan: Plan) -> tuple[float, ...]:
    """Return how far each point is off on the average, in pixels."""
    net.eval()
    apart = []
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for pictures, points in batches(examples, plan, 0):
            apart.append((read_maps(net(pictures))[0] - points).norm(dim=2))
    return tuple(torch.cat(apart).mean(dim=0).tolist())
