"""The sample clips: two runners, seen from the side, the front and behind, with their truth."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from runners.body import SIDES, load_body
from runners.camera import Camera, Recording
from runners.figure import dress
from runners.gait import Gait
from runners.looks import LOOKS
from runners.pose import Poser
from runners.spec import SPECS
from runners.stage import Stage
from runners.standing import standing_poser
from runners.truth import stance_rows, timeline, write_rows

DURATION_S = 8.0  # at least ten whole strides a side
STANDING_S = 2.0


@dataclass(frozen=True)
class Sample:
    """One runner of the samples: spec, body, look and seed by name."""

    name: str
    body: str
    look: str
    seed: int
    views: tuple[str, ...]


SAMPLES = (
    Sample("typical", "female_1", "coral", 11, ("side", "front", "rear")),
    Sample("restricted", "male_1", "blue", 23, ("side", "front")),
)
CAMERAS = {
    "side": Camera("right", field_height_m=2.45, distance_m=3.6, height_m=0.95, tilt_deg=1.2, aim_m=-0.10),
    "front": Camera("front", field_height_m=2.45, distance_m=3.8, height_m=1.00, tilt_deg=2.0, yaw_deg=0.6),
    "rear": Camera("rear", field_height_m=2.45, distance_m=3.4, height_m=1.00, tilt_deg=2.0, yaw_deg=-0.5),
}


def make_truth(sample: Sample, folder: Path) -> Path:
    """Write one runner's truth and return its path."""
    gait = make_gait(sample)
    path = folder / f"{sample.name}_truth.csv"
    write_rows(path, stance_rows(gait, timeline(Poser(gait), DURATION_S)))
    return path


def make_clip(sample: Sample, view: str, folder: Path) -> Path:
    """Film one view of one runner and return the clip's path."""
    path = folder / f"{sample.name}_{view}.mp4"
    _film(path, sample, Poser(make_gait(sample)), CAMERAS[view], DURATION_S)
    return path


def make_standing(sample: Sample, folder: Path) -> Path:
    """Film a sample's runner standing still, from the side, and return the clip's path."""
    path = folder / f"{sample.name}_standing.mp4"
    poser = standing_poser(load_body(sample.body), SPECS[sample.name], sample.seed)
    _film(path, sample, poser, CAMERAS["side"], STANDING_S)
    return path


def _film(path: Path, sample: Sample, poser: Poser, camera: Camera, seconds: float) -> None:
    from runners.film import film

    figure = dress(poser.body, LOOKS[sample.look], {s: poser.gait.limbs.feet[s].shoe for s in SIDES})
    film(path, poser, figure, camera, Stage(), Recording(duration_s=seconds), sample.seed)


def make_gait(sample: Sample) -> Gait:
    """Return how a sample's runner runs."""
    return Gait(load_body(sample.body), SPECS[sample.name], DURATION_S, sample.seed)


def make_samples(folder: Path, jobs: int = 2) -> list[Path]:
    """Make all clips and truth files in `folder`, several clips at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [make_truth(s, folder) for s in SAMPLES]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(make_clip, s, v, folder) for s in SAMPLES for v in s.views]
        waiting += [pool.submit(make_standing, s, folder) for s in SAMPLES]
        return made + [w.result() for w in waiting]
