"""What training has in common, whatever the network: its steps, its state after each epoch, batches drawn ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch

_Part = TypeVar("_Part")
_Batch = TypeVar("_Batch")


def optimiser_of(net: torch.nn.Module) -> torch.optim.Optimizer:
    """Return what moves the weights of a network."""
    return torch.optim.AdamW(net.parameters(), weight_decay=0.01)


def resume(net: torch.nn.Module, optimiser: torch.optim.Optimizer, state: Path) -> int:
    """Take up the state that `keep` wrote, if there is one; return how many epochs are done."""
    if not state.exists():
        return 0
    saved = torch.load(state, weights_only=True)
    net.load_state_dict(saved["net"])
    optimiser.load_state_dict(saved["optimiser"])
    return int(saved["epoch"])


def keep(net: torch.nn.Module, optimiser: torch.optim.Optimizer, done: int, state: Path) -> None:
    """Keep the state after an epoch, whole or not at all."""
    part = state.with_suffix(".part")
    torch.save({"net": net.state_dict(), "optimiser": optimiser.state_dict(), "epoch": done}, part)
    part.replace(state)


def write_weights(net: torch.nn.Module, path: Path) -> None:
    """Write a network's weights in half precision, for another training to begin from."""
    torch.save({name: v.half() if v.is_floating_point() else v for name, v in net.state_dict().items()}, path)


def read_weights(net: torch.nn.Module, path: Path) -> None:
    """Set a network to weights that `write_weights` wrote."""
    net.load_state_dict(torch.load(path, weights_only=True))


def set_rate(optimiser: torch.optim.Optimizer, highest: float, done: float) -> None:
    """Set the learning rate at a share of the training: it rises over the first twentieth, falls as a cosine to 0."""
    for group in optimiser.param_groups:
        group["lr"] = highest * float(min(done / 0.05, 1.0) * (0.5 + 0.5 * np.cos(np.pi * done)))


def step(net: torch.nn.Module, optimiser: torch.optim.Optimizer, loss: torch.Tensor) -> float:
    """Move the weights against a loss; return it."""
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    optimiser.step()
    return float(loss.detach())


def drawn_ahead(
    parts: Sequence[_Part], draw: Callable[[_Part], _Batch], ahead: int, threads: int = 1
) -> Iterator[_Batch]:
    """Yield what is drawn from each part, in order, while the next few are drawn."""
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(draw, part) for part in parts[:ahead]]
        for i in range(len(parts)):
            ready = waiting.pop(0).result()
            if i + ahead < len(parts):
                waiting.append(pool.submit(draw, parts[i + ahead]))
            yield ready
