"""Command line: ``python -m training --out models``, from the root of the checkout."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from benchmarks.accuracy.cache import cache_folder
from benchmarks.accuracy.cast import make_cast

from midstance.api import silent
from midstance.pose import usable_cores
from training.closeup_files import read_closeups
from training.examples import Examples, gather
from training.export import export
from training.train import Plan, train

LEARN, CHECK = ("train", "learn"), "dev"
CHECK_STEP = 16
EPOCHS = {"legs_side": 21, "legs_frontal": 13}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Train the networks.")
    parser.add_argument("networks", nargs="*", choices=sorted(EPOCHS), default=sorted(EPOCHS))
    parser.add_argument("--out", type=Path, required=True, help="folder of the networks, as ONNX")
    parser.add_argument("--work", type=Path, default=cache_folder() / "training", help="keeps the state of each epoch")
    parser.add_argument("--cast", type=Path, nargs="+", help="folders of clips to learn from; rendered when not given")
    parser.add_argument("--check", type=Path, help="folder of clips of other bodies; rendered when not given")
    parser.add_argument("--closeups", type=Path, help="folder of close-ups, to learn from these in place of clips")
    parser.add_argument("--start", type=Path, help="folder of networks to begin from, as ONNX")
    parser.add_argument("--epochs", type=int, help="as many as the networks had when not given")
    parser.add_argument("--rate", type=float, default=3e-3, help="highest learning rate")
    parser.add_argument("--threads", type=int, default=usable_cores())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    for name in options.networks:
        what, _, view = name.partition("_")
        plan = Plan(what, view, options.epochs or EPOCHS[name], rate=options.rate)
        learn, of_others = _closeups(options, view) if options.closeups else _clips(options, plan, view)
        print(f"{name}: {len(learn)} crops to learn from, {len(of_others)} to check by", flush=True)  # noqa: T201 - a command
        start = options.start / f"{name}.onnx" if options.start else None
        export(train(plan, learn, of_others, options.work, start), plan.task.size_px, options.out / f"{name}.onnx")


def _clips(options: argparse.Namespace, plan: Plan, view: str) -> tuple[Examples, Examples]:
    """Return crops to learn from and to check by, out of casts."""
    cast = options.cast or [make_cast(Path.cwd(), group, silent) for group in LEARN]
    check = options.check or make_cast(Path.cwd(), CHECK, silent)
    return gather(cast, plan.task, view), gather([check], plan.task, view, CHECK_STEP)


def _closeups(options: argparse.Namespace, view: str) -> tuple[Examples, Examples]:
    return read_closeups(options.closeups, "learn", view), read_closeups(options.closeups, "check", view)


if __name__ == "__main__":
    main()
