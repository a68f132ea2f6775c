"""Command line: ``PYTHONPATH=tools:. python -m training.pelvis render|train``, from the root of the checkout."""

from __future__ import annotations

import argparse
import zlib
from pathlib import Path

from midstance.pose import usable_cores
from training.pelvis.shards import make_shard, read_shards
from training.shelf import default_folder, make_files

LEARN, CHECK = 480, 24
"""Subjects of the long run; each gives 128 examples."""
NETWORK = "pelvis"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.pelvis", description="Teach a network to see the pelvis.")
    parser.add_argument("what", choices=("render", "train"), help="write the examples, or learn from them")
    parser.add_argument("--work", type=Path, default=default_folder(NETWORK), help="keeps examples and states")
    parser.add_argument("--learn", type=int, default=LEARN, help="subjects to learn from")
    parser.add_argument("--check", type=int, default=CHECK, help="other subjects to tell by how it goes")
    parser.add_argument("--jobs", type=int, default=usable_cores(), help="processes, or threads")
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--out", type=Path, default=Path("models"), help="folder of the network, as ONNX")
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--start", type=Path, help="weights to begin from, of a training before: NAME.pt")
    options = parser.parse_args()
    _render(options) if options.what == "render" else _train(options)


def _render(options: argparse.Namespace) -> None:
    for group, count in (("check", options.check), ("learn", options.learn)):
        make_files(make_shard, options.work, group, range(count), options.jobs)


def _train(options: argparse.Namespace) -> None:
    import torch

    from training.loop import write_weights
    from training.pelvis.export import export
    from training.pelvis.train import Plan, train

    torch.set_num_threads(options.jobs)
    learn = read_shards(options.work, "learn", options.learn)
    check = read_shards(options.work, "check", options.check)
    print(f"{len(learn)} examples to learn from, {len(check)} to check by", flush=True)  # noqa: T201 - a command
    plan = Plan(epochs=options.epochs, batch=options.batch, rate=options.rate)
    # Another plan, other weights to begin from or another amount of examples is another training.
    start = zlib.crc32(options.start.read_bytes()) if options.start else 0
    state = options.work / f"{NETWORK}_{len(learn)}_{plan.epochs}_{plan.batch}_{plan.rate:g}_{start:08x}.pt"
    net = train(plan, learn, check, state, options.start)
    export(net, options.out / f"{NETWORK}.onnx")
    write_weights(net, options.out / f"{NETWORK}.pt")


if __name__ == "__main__":
    main()
