"""Runners spread wider than a clinic's, to train networks on: every angle of foot and knee as often as any other."""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np

from runners.body import SIDES, load_body
from runners.camera import Camera, framed
from runners.cast import Role, casting, runner_box
from runners.spec import RunnerSpec, SideSpec, in_proportion

GROUP = "train"
FIRST_OF_THE_LEARNERS = 5000  # bodies, looks, light and noise are drawn as theirs; no number of the cast comes so far
SIZES_PX, SMALL_CHANCE, FPS = ((540, 960), (720, 1280)), 0.8, 30.0
SPREAD = {"toe_out_deg": (-4.0, 27.0), "knee_valgus_deg": (-7.0, 12.0), "pelvic_drop_deg": (1.0, 10.0)}
YAW_DEG = {"side": 5.0, "front": 3.0, "rear": 3.0}
FARTHEST_YAW, MARGINS = 2.0, (1.02, 1.35)
RAIL_CHANCE = 0.2


def wide_role(number: int) -> Role:
    """Return a runner to train on, filmed from the side, the front and the rear: the same at every call.

    Parameters
    ----------
    number : int
        From 0.
    """
    role = casting("learn", FIRST_OF_THE_LEARNERS + number)
    rng = np.random.default_rng([zlib.crc32(GROUP.encode()), number])
    stature_m = load_body(role.body).stature_m
    cameras = _cameras(casting("learn", _with_a_rear(number)).cameras, stature_m, rng)
    return replace(
        role,
        name=f"{GROUP}_{number:03d}",
        spec=in_proportion(spread(role.spec, rng), stature_m),
        cameras=cameras,
        recording=replace(role.recording, fps=FPS),
        rail=bool(rng.random() < RAIL_CHANCE),
    )


def _with_a_rear(number: int) -> int:
    """Return a number of the cast whose cameras are all three: one in two has them."""
    tries = range(FIRST_OF_THE_LEARNERS + 1000 * (number + 1), FIRST_OF_THE_LEARNERS + 1000 * (number + 2))
    return next(n for n in tries if "rear" in casting("learn", n).cameras)


def spread(spec: RunnerSpec, rng: np.random.Generator) -> RunnerSpec:
    """Return a runner with feet and knees that point anywhere, each leg by itself."""
    left, right = (_spread_side(getattr(spec, side), rng) for side in SIDES)
    return replace(spec, left=left, right=right)


def _spread_side(leg: SideSpec, rng: np.random.Generator) -> SideSpec:
    return replace(leg, **{name: float(rng.uniform(*ends)) for name, ends in SPREAD.items()})


def _cameras(drawn: dict[str, Camera], stature_m: float, rng: np.random.Generator) -> dict[str, Camera]:
    """Return the cameras turned further and standing further from the runner than they were drawn."""
    size = SIZES_PX[int(rng.random() > SMALL_CHANCE)]
    views = {}
    for name, camera in drawn.items():
        furthest = FARTHEST_YAW * YAW_DEG[name]
        yaw = float(np.clip(rng.normal(0, YAW_DEG[name]), -furthest, furthest))
        turned = replace(camera, yaw_deg=yaw, width_px=size[0], height_px=size[1])
        views[name] = framed(turned, *runner_box(stature_m), float(rng.uniform(*MARGINS)))
    return views
