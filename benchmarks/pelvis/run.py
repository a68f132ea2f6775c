"""Run the gate: rendered runners and a trained network in, findings out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from training.pelvis.augment import draw
from training.pelvis.eye import PelvisEye
from training.pelvis.figures import Figures, figures_of
from training.pelvis.shards import Shards, read_shards
from training.pelvis.task import INPUTS
from training.shelf import default_folder

from benchmarks.accuracy.cache import file_hash
from benchmarks.accuracy.cast import make_cast
from benchmarks.accuracy.inputs import find_recordings
from benchmarks.machine import machine
from benchmarks.pelvis.page import Findings
from benchmarks.pelvis.real import real_clips
from benchmarks.pelvis.trial import run_trial
from midstance.api import Progress

CAST = "judge"
TIMED = 60
"""Examples over which a frame's time is told, after as many to warm up."""


@dataclass(frozen=True)
class Options:
    """What to run."""

    root: Path
    """The checkout."""
    shared: Path
    """Folder beside it with real clips; may be absent."""
    network: Path
    model: str = "heavy"
    examples: Path | None = None
    """Folder of the training's examples; where the training keeps them when not given."""


def run(options: Options, progress: Progress) -> Findings:
    """Render the runners to judge by where they are not there yet, and look at all of them."""
    eye = PelvisEye(options.network)
    recordings = find_recordings(make_cast(options.root, CAST, progress), CAST)
    trials = [run_trial(recording, eye, options.model, progress) for recording in recordings]
    checked = _examples(options)
    if checked is not None:
        progress.say(f"{len(checked)} examples of the training")
    return Findings(
        legs=[leg for trial in trials for leg in trial.legs],
        points=[points for trial in trials for points in trial.points],
        real=list(real_clips(eye, options.shared / "data" / "clips", options.model, progress)),
        checked=None if checked is None else check(eye, checked),
        frame_ms=frame_ms(eye),
        facts=(*machine(), ("pose model", options.model), ("network", f"SHA-256 {file_hash(options.network)}")),
    )


def check(eye: PelvisEye, examples: Shards) -> Figures:
    """Return how the network does on examples as they are."""
    found = [eye.ask(s.pictures, s.maps, s.told) for s in (draw(None, examples, i) for i in range(len(examples)))]
    return figures_of(np.stack([f.points for f in found]), np.stack([f.angles_deg for f in found]), examples)


def frame_ms(eye: PelvisEye) -> float:
    """Return the median time of one look, the crops given."""
    blank = [np.zeros(shape, dtype=np.float32) for shape in INPUTS.values()]
    taken = []
    for _ in range(2 * TIMED):
        start = perf_counter()
        eye.ask(*blank)
        taken.append(1000 * (perf_counter() - start))
    return float(np.median(taken[TIMED:]))


def _examples(options: Options) -> Shards | None:
    try:
        return read_shards(options.examples or default_folder("pelvis"), "check")
    except FileNotFoundError:
        return None
