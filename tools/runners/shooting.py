"""Film a cast: clips, truth and frames of many runners, several at a time; what is there already stays."""

from __future__ import annotations

import csv
import os
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from runners.body import SIDES, load_body
from runners.cast import Role
from runners.figure import dress
from runners.gait import Gait
from runners.norms import STANDING_LEAN_DEG
from runners.pose import Poser
from runners.standing import standing_poser
from runners.truth import stance_rows, timeline, write_frames
from runners.truth import write_rows as write_truth

STANDING = 1  # tells the chance of a standing clip from that of the run


def make_cast(folder: Path, roles: list[Role], seconds: float, jobs: int) -> None:
    """Write clips, truth, frames and ``cast.csv`` of some roles; what is there already stays.

    Parameters
    ----------
    folder : Path
    roles : list of Role
    seconds : float
        Length of the clips.
    jobs : int
        Runners filmed at a time.
    """
    (folder / "frames").mkdir(parents=True, exist_ok=True)
    list_cast(folder / "cast.csv", roles, seconds)
    _in_parallel(partial(play, folder=folder, seconds=seconds), roles, jobs)


def make_standing(folder: Path, roles: list[Role], seconds: float, jobs: int, lean_sd_deg: float = 0.0) -> None:
    """Write clips and frames of some roles' runners who stand still; see `stand` and `make_cast`."""
    (folder / "frames").mkdir(parents=True, exist_ok=True)
    _in_parallel(partial(stand, folder=folder, seconds=seconds, lean_sd_deg=lean_sd_deg), roles, jobs)


def _in_parallel(make: Callable[[Role], None], roles: list[Role], jobs: int) -> None:
    os.environ.setdefault("LP_NUM_THREADS", "1")  # of the software driver: the jobs share the cores instead
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for made in [pool.submit(make, role) for role in roles]:
            made.result()


def play(role: Role, folder: Path, seconds: float) -> None:
    """Write all files of one role that are not there yet."""
    wanted = {view: clip_files(role, view, folder) for view in role.cameras}
    truth = folder / f"{role.name}_truth.csv"
    if truth.exists() and all(path.exists() for pair in wanted.values() for path in pair):
        return
    gait = Gait(load_body(role.body), role.spec, seconds, role.seed)
    poser = Poser(gait)
    _once(truth, lambda path: write_truth(path, stance_rows(gait, timeline(poser, seconds))))
    for view, (clip, frames) in wanted.items():
        _shoot(role, view, poser, seconds, clip, frames)


def stand(role: Role, folder: Path, seconds: float, lean_sd_deg: float) -> None:
    """Film a role's runner standing still, from the sides, where it is not there yet.

    Parameters
    ----------
    role : Role
    folder : Path
    seconds : float
    lean_sd_deg : float
        By how much people differ in how far the shank leans. 0 keeps to what the truth of a run counts from.
    """
    rng = np.random.default_rng([zlib.crc32(role.name.encode()), STANDING])
    lean = STANDING_LEAN_DEG + float(rng.normal()) * lean_sd_deg
    poser = standing_poser(load_body(role.body), role.spec, role.seed, lean)
    for view in (v for v, camera in role.cameras.items() if camera.view in SIDES):
        _shoot(role, view, poser, seconds, *clip_files(role, view, folder))


def clip_files(role: Role, view: str, folder: Path) -> tuple[Path, Path]:
    """Return the paths of a view's clip and of its truth per frame."""
    return folder / f"{role.name}_{view}.mp4", folder / "frames" / f"{role.name}_{view}_frames.csv.gz"


def list_cast(path: Path, roles: list[Role], seconds: float) -> None:
    """Add the roles' parameters to the table at `path`, one row a role."""
    rows: dict[str, dict[str, object]] = {}
    if path.exists():
        with path.open(newline="") as handle:
            rows = {row["name"]: dict(row) for row in csv.DictReader(handle)}
    rows |= {role.name: {"name": role.name, "seconds": seconds} | flat(asdict(role)) for role in roles}
    names = dict.fromkeys(name for row in rows.values() for name in row)
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, names, restval="")
        writer.writeheader()
        writer.writerows(rows[name] for name in sorted(rows))
    unfinished.replace(path)


def flat(tree: dict[str, object], stem: str = "") -> dict[str, object]:
    """Return nested parameters as one level: ``spec.left.toe_out_deg``."""
    found: dict[str, object] = {}
    for name, value in tree.items():
        found |= flat(value, f"{stem}{name}.") if isinstance(value, dict) else {f"{stem}{name}": value}
    return found


def _shoot(role: Role, view: str, poser: Poser, seconds: float, clip: Path, frames: Path) -> None:
    from runners.film import film

    camera, recording = role.cameras[view], replace(role.recording, duration_s=seconds)
    _once(frames, lambda path: write_frames(path, poser, recording.frame_times_s, camera))
    shoes = {s: poser.gait.limbs.feet[s].shoe for s in SIDES}
    figure = dress(poser.body, role.look, shoes)
    _once(clip, lambda path: film(path, poser, figure, camera, role.stage(camera), recording, role.seed))


def _once(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file unless it is there; until it is whole it has another name."""
    if path.exists():
        return
    unfinished = path.with_name(f".part_{os.getpid()}{path.suffix}")
    try:
        write(unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
