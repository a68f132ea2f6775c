"""One labelled clip, from its frames to what is told about it."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from training.real.labels import ClipLabels

from benchmarks.accuracy.cache import file_hash
from benchmarks.real import tables
from benchmarks.real.consistency import compare, sides_alike
from benchmarks.real.matching import pairs_of
from benchmarks.real.records import ClipResult, Table
from benchmarks.real.seen import see
from benchmarks.real.variants import VARIANTS
from benchmarks.real.who import Points, Who
from midstance.api import Progress
from midstance.science.errors import InputError

ENDING = ".mp4"


def find_clip(labels: ClipLabels, folder: Path) -> Path | None:
    """Return the clip that labels belong to, None where it is absent.

    Raises
    ------
    InputError
        If another clip stands under its name.
    """
    path = folder / f"{labels.clip}{ENDING}"
    if not path.is_file():
        return None
    if file_hash(path) != labels.sha256:
        raise InputError(f"{path}: expected the clip that was labelled, given another of its name: move it away")
    return path


def run_clip(labels: ClipLabels, clip: Path, judged: Sequence[Who], date: str, progress: Progress) -> ClipResult:
    """Return what is found on a clip; pose models take some minutes the first time.

    Parameters
    ----------
    labels : ClipLabels
    clip : Path
    judged : sequence of Who
    date : str
        ISO date to put down.
    progress : Progress
    """
    seen = {}
    for who in judged:
        progress.say(f"{clip.name}: {who.name}")
        seen[who.name] = see(who, clip)
    pairs = {name: list(pairs_of(labels, points)) for name, points in seen.items()}
    garments = {label.garment for label in labels.labels if label.kind in tables.PELVIS}
    return ClipResult(
        clip=labels.clip,
        seen_on=f"{platform.processor() or platform.machine()}, {platform.system()}",
        date=date,
        garment="; ".join(sorted(garments)) or "pelvis not judged",
        tables=[
            tables.error_table(labels, pairs),
            tables.exchanged_table(pairs),
            tables.feet_table(pairs),
            _moved(labels, clip, judged, seen, progress),
            tables.sides_table({name: sides_alike(points) for name, points in seen.items()}),
        ],
        gates=tables.gates_of(labels, pairs),
    )


def _moved(
    labels: ClipLabels, clip: Path, judged: Sequence[Who], seen: Mapping[str, Points], progress: Progress
) -> Table:
    """Show the clip otherwise to all who are to be tried so."""
    found = {}
    for variant in VARIANTS:
        progress.say(f"{clip.name}: {variant.name}")
        found[variant.name] = {
            who.name: compare(seen[who.name], see(who, clip, variant), labels.leg_px)
            for who in judged
            if who.otherwise == "all" or (who.otherwise == "rate" and variant.rate)
        }
    return tables.moved_table(found, labels.leg_px)
