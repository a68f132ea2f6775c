"""A random but repeatable cast of runners, cameras and phones, to learn from and to judge by."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np

from runners.body import SIDES, load_body
from runners.camera import Camera, Recording, framed
from runners.looks import Look, random_look
from runners.spec import RunnerSpec, SideSpec, in_proportion
from runners.stage import Bystander, Light, Stage, bystander
from runners.truth import EXPECTED_AT_ZERO_FLEXION_DEG, EXPECTED_PER_DEGREE

BODIES = {
    "learn": ("female_1", "female_2", "female_3", "male_1", "male_2", "male_3"),
    "judge": ("female_4", "female_5", "female_6", "male_4", "male_5", "male_6"),
}
RESTRICTED_CHANCE, BOTH_SIDES_CHANCE, COMPENSATION_CHANCE = 1 / 3, 0.3, 0.5
MIDFOOT_CHANCE, REAR_CHANCE, RAIL_CHANCE, BYSTANDER_CHANCE = 0.2, 0.5, 0.12, 0.2
RESTRICTED_RISE_AT = 0.20  # a stiff ankle lifts the heel early
SPEEDS_MPS = (2.2, 3.0)  # where the motion's knee bends most near the pelvis's low, as in motion capture at 2.5
COMPENSATION = {"toe_out_deg": (16, 22), "knee_valgus_deg": (7, 12), "pelvic_drop_deg": (8, 10)}
SIZES = ((540, 960), (720, 1280), (960, 540), (1280, 720))
SIZE_CHANCES = (0.7, 0.15, 0.1, 0.05)
RATES_HZ, RATE_CHANCES = (60.0, 30.0, 120.0), (0.8, 0.13, 0.07)
SMEAR_M, SWING_MPS = 0.018, 8.0  # a foot in swing moves no further between two exposures of a frame
EXPOSURES = (2, 4)


@dataclass(frozen=True)
class Onlooker:
    """Somebody in the background; see ``stage.bystander``."""

    body: str
    look: Look
    aside_m: float
    sway: float
    phase: float


@dataclass(frozen=True)
class Role:
    """One runner and how the clips are taken.

    Attributes
    ----------
    name : str
        ``learn_003``.
    body : str
    look : Look
    spec : RunnerSpec
    seed : int
        Of the motion's chance and of the sensor's noise.
    cameras : dict of Camera
        By the name of the view in files: ``side``, ``front``, ``rear``.
    recording : Recording
    light : Light
    wall : colour
    rail : bool
    onlooker : Onlooker or None
    """

    name: str
    body: str
    look: Look
    spec: RunnerSpec
    seed: int
    cameras: dict[str, Camera]
    recording: Recording
    light: Light
    wall: tuple[float, float, float]
    rail: bool
    onlooker: Onlooker | None

    def stage(self, camera: Camera) -> Stage:
        """Return what stands round the runner in one camera's view."""
        people: tuple[Bystander, ...] = ()
        if self.onlooker is not None:
            who = self.onlooker
            people = (bystander(camera.view, who.body, who.look, who.aside_m, who.sway, who.phase),)
        return Stage(self.light, self.rail, people, self.wall)


def casting(group: str, number: int) -> Role:
    """Return a role: the same at every call, and no body in common between the groups.

    Parameters
    ----------
    group : str
        ``learn`` or ``judge``.
    number : int
        From 0.
    """
    rng = np.random.default_rng([zlib.crc32(group.encode()), number])
    bodies = BODIES[group]
    body = bodies[number % len(bodies)]
    spec = in_proportion(draw_spec(rng), load_body(body).stature_m)
    return Role(
        name=f"{group}_{number:03d}",
        body=body,
        look=_look_of(body, rng),
        spec=spec,
        seed=int(rng.integers(2**31)),
        cameras=_draw_cameras(rng, load_body(body).stature_m),
        recording=_draw_recording(rng),
        light=draw_light(rng),
        wall=draw_wall(rng),
        rail=bool(rng.random() < RAIL_CHANCE),
        onlooker=_draw_onlooker(rng, [b for b in bodies if b != body]),
    )


def draw_spec(rng: np.random.Generator) -> RunnerSpec:
    """Return a runner's habits, drawn from the spread of healthy and of stiff-ankled runners."""
    speed = float(rng.uniform(*SPEEDS_MPS))
    contact = 0.276 - 0.040 * (speed - 2.5) + rng.normal(0, 0.012)
    common = {
        "knee_flexion_peak_deg": _near(rng, 41, 3.5, 32, 50),
        "foot_pitch_contact_deg": _draw_landing(rng),
        "toe_out_deg": _near(rng, 6, 3.5, -3, 14),
        "knee_valgus_deg": _near(rng, -1, 2.5, -8, 6),
        "pelvic_drop_deg": _near(rng, 4, 1.2, 1, 7.5),
        "foot_line_m": _near(rng, 0.03, 0.013, -0.01, 0.07),
    }
    stiff = _draw_stiff_sides(rng)
    compensates = bool(rng.random() < COMPENSATION_CHANCE)
    left, right = (_draw_side(rng, contact, common, stiff=side in stiff, compensates=compensates) for side in SIDES)
    return replace(
        RunnerSpec(),
        speed_mps=speed,
        cadence_spm=_near(rng, 170 + 8 * (speed - 2.8), 5, 160, 185),
        left=left,
        right=right,
        pelvic_tilt_deg=_near(rng, 13, 4, 4, 23),
        pelvic_rotation_deg=_near(rng, 5, 1.2, 2, 8),
        trunk_rotation_deg=_near(rng, 9, 2, 4, 14),
        trunk_lean_deg=_near(rng, 9.5, 3, 2, 17),
        arm_swing_deg=_near(rng, 24, 5, 12, 36),
    )


def _draw_side(
    rng: np.random.Generator, contact_s: float, common: dict[str, float], *, stiff: bool, compensates: bool
) -> SideSpec:
    """Return one leg: the runner's own habits with a little difference, and a stiff ankle's if it has one."""
    away = {"knee_flexion_peak_deg": 1.5, "foot_pitch_contact_deg": 1.5, "toe_out_deg": 2.0}
    away |= {"knee_valgus_deg": 1.3, "pelvic_drop_deg": 0.7, "foot_line_m": 0.006}
    habits = {
        name: value + float(np.clip(rng.normal(0, away[name]), *_twice(away[name]))) for name, value in common.items()
    }
    habits["foot_pitch_contact_deg"] = max(habits["foot_pitch_contact_deg"], 0.5)
    residual = float(rng.uniform(-10, -5)) if stiff else _near(rng, 0, 1.8, -4, 4)
    pattern = {n: float(rng.uniform(*ends)) for n, ends in COMPENSATION.items()}
    if stiff and compensates:
        habits |= pattern
    expected = EXPECTED_AT_ZERO_FLEXION_DEG + EXPECTED_PER_DEGREE * habits["knee_flexion_peak_deg"]
    return replace(
        SideSpec(),
        contact_time_s=_near(rng, contact_s, 0.004, 0.22, 0.30),
        dorsiflexion_peak_deg=expected + residual,
        flat_at=0.07 + 0.11 * min(habits["foot_pitch_contact_deg"] / 12, 1.3),
        **({"heel_rise_at": RESTRICTED_RISE_AT} if stiff else {}),
        **habits,
    )


def _draw_stiff_sides(rng: np.random.Generator) -> tuple[str, ...]:
    restricted, both, side = rng.random(3)
    if restricted > RESTRICTED_CHANCE:
        return ()
    return SIDES if both < BOTH_SIDES_CHANCE else (SIDES[int(side > 0.5)],)


def _draw_landing(rng: np.random.Generator) -> float:
    """Return the foot's pitch at contact: heel first in most, near flat in some."""
    heel, flat = _near(rng, 12, 5.5, 3, 24), _near(rng, 1.5, 1.5, 0.5, 4)
    return flat if rng.random() < MIDFOOT_CHANCE else heel


def _look_of(body: str, rng: np.random.Generator) -> Look:
    return random_look(rng, 0.6 if body.startswith("female") else 0.05)


def _draw_cameras(rng: np.random.Generator, stature_m: float) -> dict[str, Camera]:
    side = SIDES[int(rng.integers(2))]
    size = SIZES[int(rng.choice(len(SIZES), p=SIZE_CHANCES))]
    views = {name: _draw_camera(rng, view, size, stature_m) for name, view in _views(side)}
    if rng.random() > REAR_CHANCE:
        del views["rear"]
    return views


def _views(side: str) -> tuple[tuple[str, str], ...]:
    return (("side", side), ("front", "front"), ("rear", "rear"))


def _draw_camera(rng: np.random.Generator, view: str, size: tuple[int, int], stature_m: float) -> Camera:
    """Return a camera that holds the whole runner, not quite level and not quite square."""
    low, high = runner_box(stature_m)
    middle = (low + high) / 2
    distance, height = float(rng.uniform(2.8, 4.5)), float(rng.uniform(0.6, 1.2))
    sideways = view in SIDES
    level = float(np.degrees(np.arctan2(height - middle[2], distance)))
    aim = middle[0] + rng.normal(0, 0.03) if sideways else 0.0
    camera = Camera(
        view,
        width_px=size[0],
        height_px=size[1],
        distance_m=distance,
        height_m=height,
        tilt_deg=level + _near(rng, 0, 0.7, -1.5, 1.5),
        roll_deg=_near(rng, 0, 0.7, -2, 2),
        yaw_deg=_near(rng, 0, 3, -8, 8) if sideways else _near(rng, 0, 1.5, -3, 3),
        aim_m=float(aim),
        k1=_near(rng, -0.01, 0.012, -0.04, 0.015),
    )
    return framed(camera, low, high, float(rng.uniform(1.06, 1.25)))


def runner_box(stature_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners of the space on the treadmill that a runner of this stature needs, metres."""
    return stature_m * np.array([-0.45, -0.22, -0.01]), stature_m * np.array([0.36, 0.22, 1.04])


def _draw_recording(rng: np.random.Generator) -> Recording:
    shutter = float(np.exp(rng.uniform(np.log(1 / 1000), np.log(1 / 120))))
    return Recording(
        fps=RATES_HZ[int(rng.choice(len(RATES_HZ), p=RATE_CHANCES))],
        shutter_s=shutter,
        exposures=int(np.clip(np.ceil(shutter * SWING_MPS / SMEAR_M), *EXPOSURES)),
        noise=float(rng.uniform(0.8, 4.0)),
        crf=int(rng.integers(20, 29)),
        gain=float(rng.uniform(0.7, 1.2)),
        samples=1,
        preset="veryfast",
    )


def draw_light(rng: np.random.Generator) -> Light:
    """Return daylight from any side, more or less of it, warmer or colder."""
    plain = Light()
    turn, height = rng.uniform(0, 2 * np.pi), np.radians(rng.uniform(35, 75))
    towards = (np.cos(height) * np.cos(turn), np.cos(height) * np.sin(turn), np.sin(height))
    key, ambient, warmth = rng.uniform(0.5, 1.1), rng.uniform(0.85, 1.25), rng.uniform(-0.08, 0.08)
    tint = np.array([1 + warmth, 1.0, 1 - warmth])
    x, y, z = (float(v) for v in towards)
    return Light(
        (x, y, z), *(_triple(f * tint * c) for f, c in ((key, plain.key), (ambient, plain.sky), (ambient, plain.floor)))
    )


def draw_wall(rng: np.random.Generator) -> tuple[float, float, float]:
    """Return the colour of a wall."""
    return _triple(rng.uniform(0.12, 0.65) * rng.uniform(0.8, 1.0, 3))


def _draw_onlooker(rng: np.random.Generator, bodies: list[str]) -> Onlooker | None:
    body = bodies[int(rng.integers(len(bodies)))]
    aside = float(rng.choice([-1, 1]) * rng.uniform(0.35, 0.95))
    who = Onlooker(body, _look_of(body, rng), aside, float(rng.uniform(0, 2)), float(rng.uniform(0, 2 * np.pi)))
    return who if rng.random() < BYSTANDER_CHANCE else None


def _triple(values: np.ndarray) -> tuple[float, float, float]:
    a, b, c = (float(v) for v in values)
    return a, b, c


def _near(rng: np.random.Generator, mean: float, sd: float, low: float, high: float) -> float:
    return float(np.clip(rng.normal(mean, sd), low, high))


def _twice(sd: float) -> tuple[float, float]:
    return -2 * sd, 2 * sd
