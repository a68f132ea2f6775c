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
from runners.truth import stance_rows, timeline, write_rows

DURATION_S = 8.0  # at least ten whole strides a side


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
    poser = make_poser(sample)
    path = folder / f"{sample.name}_truth.csv"
    write_rows(path, stance_rows(poser.gait, timeline(poser, DURATION_S)))
    return path


def make_clip(sample: Sample, view: str, folder: Path) -> Path:
    """Film one view of one runner and return the clip's path."""
    from runners.film import film

    poser = make_poser(sample)
    shoes = {s: poser.gait.limbs.feet[s].shoe for s in SIDES}
    figure = dress(poser.gait.body, LOOKS[sample.look], shoes)
    path = folder / f"{sample.name}_{view}.mp4"
    film(path, poser, figure, CAMERAS[view], Stage(), Recording(duration_s=DURATION_S), sample.seed)
    return path


def make_poser(sample: Sample) -> Poser:
    """Return a sample's runner."""
    return Poser(Gait(load_body(sample.body), SPECS[sample.name], DURATION_S, sample.seed))


def make_samples(folder: Path, jobs: int = 2) -> list[Path]:
    """Make all clips and truth files in `folder`, several clips at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [make_truth(s, folder) for s in SAMPLES]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(make_clip, s, v, folder) for s in SAMPLES for v in s.views]
        return made + [w.result() for w in waiting]
