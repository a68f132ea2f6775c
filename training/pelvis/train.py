"""Train the network: seeded, taken up again where it stopped; after each epoch it tells how it does on other bodies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.loop import drawn_ahead, keep, optimiser_of, read_weights, resume, set_rate, step
from training.net import read_maps
from training.pelvis.augment import Sample, draw
from training.pelvis.figures import Figures, figures_of
from training.pelvis.net import PelvisNet
from training.pelvis.shards import Shards
from training.pelvis.task import ANGLE_UNIT_DEG, ANGLES, POINTS

PLAIN_SHARE, ANGLE_SHARE, LINE_SHARE = 0.1, 3.0, 0.1
LINES = ((0, 2), (1, 3), (0, 1), (2, 3))
"""Spines whose line matters by itself: front to back on either side, and left to right."""
WAITING = 3
"""Batches drawn ahead."""

Batch = tuple[torch.Tensor, ...]


@dataclass(frozen=True)
class Plan:
    """How to train.

    Attributes
    ----------
    epochs, batch : int
    rate : float
        The highest learning rate; it rises over the first twentieth and falls as a cosine to 0.
    seed : int
    drawers : int
        Threads that draw batches.
    """

    epochs: int = 16
    batch: int = 48
    rate: float = 2e-3
    seed: int = 0
    drawers: int = 1


def train(plan: Plan, learn: Shards, check: Shards, state: Path, start: Path | None = None) -> PelvisNet:
    """Return the trained network.

    Parameters
    ----------
    plan : Plan
    learn, check : Shards
        To learn from, and of other bodies, gaits and clothes, to tell how it goes.
    state : Path
        File that keeps the state after each epoch; training goes on from there.
    start : Path, optional
        Weights of another training to begin from, as `training.loop.write_weights` writes them.
    """
    torch.manual_seed(plan.seed)
    net = PelvisNet(len(POINTS))
    if start is not None:
        read_weights(net, start)
    optimiser = optimiser_of(net)
    for epoch in range(resume(net, optimiser, state), plan.epochs):
        loss = _epoch(plan, net, optimiser, learn, epoch)
        print(f"{epoch + 1}/{plan.epochs}: loss {loss:.3f}; {judge(net, check, plan)}", flush=True)  # noqa: T201 - a command
        keep(net, optimiser, epoch + 1, state)
    net.eval()
    return net


def _epoch(plan: Plan, net: PelvisNet, optimiser: torch.optim.Optimizer, learn: Shards, epoch: int) -> float:
    net.train()
    # Chance inside the network too is the same whether the run was stopped or not.
    torch.manual_seed(1000 * plan.seed + epoch)
    losses, steps = [], len(learn) // plan.batch
    for i, batch in enumerate(_batches(learn, plan, epoch)):
        set_rate(optimiser, plan.rate, (epoch + i / steps) / plan.epochs)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            maps, angles = net(*batch[:3])
        losses.append(step(net, optimiser, loss_of(maps, angles, batch)))
    return float(np.mean(losses))


def loss_of(maps: torch.Tensor, angles: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Return a Laplace distribution's improbability of points and angles, and what lines between spines are off by."""
    true, hidden, true_deg = batch[3:]
    found, spreads = read_maps(maps)
    apart = (found - true).abs().sum(dim=2)
    spreads = spreads.clamp(-3, 5)
    # A point that something hides can only be guessed; it counts half.
    weight = 1.0 - 0.5 * hidden
    points = (weight * (apart * torch.exp(-spreads) + 2 * spreads + PLAIN_SHARE * apart)).mean()
    first, last = ([line[end] for line in LINES] for end in (0, 1))
    lines = ((found[:, last] - found[:, first]) - (true[:, last] - true[:, first])).abs().sum(dim=2).mean()
    off, unsure = angles.float().chunk(2, dim=1)
    unsure = unsure.clamp(-4, 3)
    miss = (off - true_deg / ANGLE_UNIT_DEG).abs()
    return points + LINE_SHARE * lines + ANGLE_SHARE * (miss * torch.exp(-unsure) + unsure + miss).sum(dim=1).mean()


def _batches(examples: Shards, plan: Plan, epoch: int, *, chance: bool = True) -> Iterator[Batch]:
    """Return batches in a new order, some drawn ahead; without chance in their order, to the last."""
    order = np.arange(len(examples))
    if chance:
        order = np.random.default_rng([plan.seed, epoch]).permutation(order)[: len(order) // plan.batch * plan.batch]
    parts = [order[i : i + plan.batch] for i in range(0, len(order), plan.batch)]
    return drawn_ahead(
        parts, lambda part: _batch(examples, part, plan, epoch, chance=chance), ahead=WAITING, threads=plan.drawers
    )


def _batch(examples: Shards, numbers: NDArray[np.int64], plan: Plan, epoch: int, *, chance: bool) -> Batch:
    rng = np.random.default_rng([plan.seed, epoch, int(numbers[0])]) if chance else None
    samples = [draw(rng, examples, int(n)) for n in numbers]
    stacked = [torch.from_numpy(np.stack([getattr(s, name) for s in samples])) for name in Sample.__dataclass_fields__]
    return tuple(stacked)


def judge(net: PelvisNet, examples: Shards, plan: Plan) -> Figures:
    """Return how a network does on examples as they are."""
    net.eval()
    points, angles = [], []
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for batch in _batches(examples, plan, 0, chance=False):
            maps, found = net(*batch[:3])
            points.append(read_maps(maps)[0].float().numpy())
            angles.append(found.float().numpy()[:, : len(ANGLES)] * ANGLE_UNIT_DEG)
    return figures_of(np.concatenate(points), np.concatenate(angles), examples)
