"""Sports2D on the same landmarks: its angles beside midstance's.

Sports2D (Pagnon 2023) brings packages that midstance must not depend on, so it lives in an environment of its own
whose interpreter is named on the command line. It finds no stances: its curves are read at the true instants,
which favours it.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.accuracy import sports2d_worker
from benchmarks.accuracy.cache import cache_folder, file_hash
from benchmarks.accuracy.records import Leg, Pair, Recording, Truth, TruthStance
from midstance.api import ClipLandmarks
from midstance.science.errors import MidstanceError
from midstance.science.landmarks import LandmarkSeries, Side
from midstance.science.scene import find_facing
from midstance.science.signals import Array

ANGLES = ("tibial_inclination", "knee_flexion", "ankle_dorsiflexion", "foot_pitch")
INSTANTS = ("midstance", "stance_peak")
SHANK_UPRIGHT_DEG = -90.0
"""What Sports2D calls the shank's angle when it stands upright."""


class PeerFailedError(MidstanceError):
    """Sports2D ended with an error."""


@dataclass(frozen=True, eq=False)
class PeerAngles:
    """Sports2D's curves."""

    time_s: Array
    columns: dict[str, Array]
    """Its names, such as `right knee`, to degrees."""

    def curve(self, measure: str, side: Side) -> Array:
        """Return a curve with midstance's name and sign."""
        if measure == "tibial_inclination":
            return (SHANK_UPRIGHT_DEG - self.columns[f"{side} shank"] + 180) % 360 - 180
        joint = {"knee_flexion": "knee", "ankle_dorsiflexion": "ankle", "foot_pitch": "foot"}[measure]
        return self.columns[f"{side} {joint}"]


def peer_pairs(recording: Recording, truth: Truth, clip: ClipLandmarks, model: str, python: Path) -> Iterator[Pair]:
    """Run Sports2D on a side view and pair its angles with the truth.

    Raises
    ------
    PeerFailedError
        If it ends with an error.
    """
    angles = peer_angles(clip.landmarks, python)
    near = find_facing(clip.landmarks, "side")
    for stance in truth.stances:
        leg: Leg = "near" if stance.side == near else "far"
        for measure in ANGLES:
            for instant in INSTANTS:
                value = stance.values.get((measure, instant))
                if value is None:
                    continue
                estimate = _read(angles, measure, instant, stance)
                yield Pair(
                    recording.source, recording.kind, recording.name, model, round(clip.facts.fps), "side", leg,
                    measure, instant, value, estimate, "ok",
                )  # fmt: skip


def peer_angles(landmarks: LandmarkSeries, python: Path) -> PeerAngles:
    """Return Sports2D's curves of one runner's landmarks, from the cache if they are there."""
    stored = cache_folder() / f"sports2d-{_key(landmarks, python)}.mot"
    if not stored.is_file():
        stored.parent.mkdir(parents=True, exist_ok=True)
        stored.write_text(_run(landmarks, python), encoding="utf-8")
    return read_mot(stored)


def read_mot(path: Path) -> PeerAngles:
    """Read a table of angles as OpenSim writes it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = lines.index("endheader") + 1
    names = lines[start].split("\t")
    table = np.array([[float(cell) for cell in line.split("\t")] for line in lines[start + 1 :] if line.strip()])
    return PeerAngles(table[:, 0], {name: table[:, i] for i, name in enumerate(names)})


def _read(angles: PeerAngles, measure: str, instant: str, stance: TruthStance) -> float:
    curve = angles.curve(measure, stance.side)
    if instant == "stance_peak":
        inside = (angles.time_s >= stance.initial_contact_s) & (angles.time_s <= stance.toe_off_s)
        return float(curve[inside].max()) if inside.any() else float("nan")
    return float(np.interp(stance.midstance_s, angles.time_s, curve, left=np.nan, right=np.nan))


def peer_command(landmarks: LandmarkSeries, python: Path, folder: Path) -> list[str]:
    """Store landmarks in a folder for Sports2D; return the command that leaves its angles there."""
    stored = folder / "landmarks.npz"
    paths = np.stack([landmarks.point(ours) for ours in sports2d_worker.NAMES])
    np.savez(stored, fps=np.array(landmarks.fps), xy_px=paths)
    return [str(python), sports2d_worker.__file__, str(stored), str(folder)]


def _run(landmarks: LandmarkSeries, python: Path) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = peer_command(landmarks, python, folder)
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - named by the user
        found = sorted(folder.rglob("*angles_person00.mot"))
        if done.returncode or not found:
            last = " ".join(done.stderr.split()[-30:])
            raise PeerFailedError(f"expected angles from Sports2D run by {python}, given none: {last}")
        return found[0].read_text(encoding="utf-8")


def _key(landmarks: LandmarkSeries, python: Path) -> str:
    parts = (landmarks.xy_px.tobytes(), landmarks.time_s.tobytes(), str(python).encode())
    text = b"".join(parts) + file_hash(Path(sports2d_worker.__file__)).encode()
    return hashlib.sha256(text).hexdigest()[:20]
