"""A stick figure that runs or walks with known events and angles, filmed by simple cameras.

The figure is built in metres: x ahead of the middle of its travel, y up from the ground, z to the runner's right.
Each step has a stance, and in running a flight: in flight the trunk is in free fall, in stance it sinks until
midstance and rises again. The flat foot moves back with the belt at constant speed; it lands with the heel, the
whole foot or the forefoot first, the heel rises before toe-off, and at toe-off the forefoot leaves. The knee
follows from hip and ankle, so that it bends most when the hip passes over the ankle: at midstance. All
is a function of continuous time, so the truth at any instant is exact whatever the frame rate.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from midstance.science.landmarks import LANDMARK_INDEX, LEG_JOINTS, SIDES, LandmarkSeries, Side
from midstance.science.records import View

Array = NDArray[np.float64]
Points = dict[str, Array]

GRAVITY_M_S2 = 9.81
THIGH_M = SHANK_M = 0.44
HALF_HIPS_M, HALF_SHOULDERS_M, TRUNK_M = 0.09, 0.18, 0.50
FOOT_M = {"ankle": (0.0, 0.09), "heel": (-0.06, 0.03), "foot_index": (0.16, 0.02)}  # ahead of, above the sole
HEEL_PIVOT_M, BALL_PIVOT_M = -0.06, 0.13
LANDING_PITCH_DEG = {"rear": 15.0, "mid": 1.0, "fore": -9.0}
FLAT_AFTER_S, HEEL_RISE_SHARE, LEAVING_PITCH_DEG = 0.045, 0.6, -40.0
MIDSTANCE_SHARE = 0.40
STANDING_DEG = 4.8  # lean of the shank over a flat foot that counts as neutral
TOP_OF_FLIGHT = 0.45  # share of the flight: a runner lands lower than it leaves
HIP_AT_TOE_OFF_M = 0.922
WALKING_HIP_M, WALKING_BOUNCE_M = 0.885, 0.02
RETRACTION = 0.5  # backward speed of the foot just before it lands, as a share of the belt's


@dataclass(frozen=True)
class Gait:
    """How the figure moves. Pairs are (left, right)."""

    duration_s: float = 6.0
    cadence_spm: float = 168.0
    duty: float = 0.37  # contact time over stride time
    speed_mps: float = 2.5
    variability: float = 0.0  # SD of the step time over its mean
    strike: str = "rear"  # or `mid`, `fore`
    walks: bool = False
    overground: bool = False
    trunk_lean_deg: float = 8.0
    side_lean_deg: float = 2.0  # of the trunk to the stance side at midstance
    toe_out_deg: tuple[float, float] = (8.0, 5.0)
    knee_inward_m: tuple[float, float] = (0.01, -0.01)
    half_step_width_m: float = 0.04
    slow_motion: float = 1.0  # the clip plays this many times slower
    seed: int = 0


WALK = Gait(cadence_spm=105.0, duty=0.62, speed_mps=1.1, walks=True)


@dataclass(frozen=True)
class Camera:
    """How the figure is filmed and how well it is seen."""

    view: View = "side"
    facing: Side = "right"
    """In a side view; the near leg is of the same name."""
    fps: float = 60.0
    px_per_m: float = 400.0
    size_px: tuple[int, int] = (1080, 1920)
    distance_m: float | None = None  # of a pinhole camera; None for parallel rays
    height_m: float = 0.9
    yaw_deg: float = 0.0  # walked round the runner, to the runner's left in front, to the right behind
    roll_deg: float = 0.0  # positive turns the picture clockwise: its right side is low
    noise_px: float = 0.0
    swap_runs: int = 0  # short runs of frames in which the legs are exchanged
    lost_share: float = 0.0  # of the frames: without any landmark
    dropped_share: float = 0.0  # of the frames: the clip lacks them
    far_hidden_share: float = 0.0  # of the frames: the far leg is not seen
    start_s: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class TrueStance:
    """What really happened in one stance, in seconds of the clip."""

    side: Side
    initial_contact_s: float
    midstance_s: float
    toe_off_s: float


@dataclass(frozen=True, eq=False)
class Filmed:
    """What an error-free (or spoilt) pose estimator reports, and the truth."""

    landmarks: LandmarkSeries
    runner: Runner
    camera: Camera
    swapped: NDArray[np.bool_]

    def stances(self, margin_s: float = 0.0) -> list[TrueStance]:
        """Return the stances that lie within the clip by a margin."""
        shift, slow = self.camera.start_s, self.runner.gait.slow_motion
        first, last = self.landmarks.time_s[0] + margin_s, self.landmarks.time_s[-1] - margin_s
        moved = [
            TrueStance(s.side, *(slow * t + shift for t in (s.initial_contact_s, s.midstance_s, s.toe_off_s)))
            for s in self.runner.stances()
        ]
        return [s for s in moved if s.initial_contact_s >= first and s.toe_off_s <= last]

    def angles(self, measure: str, side: Side, time_s: Array) -> Array:
        """Return the true angle at times of the clip, in degrees."""
        real_s = (time_s - self.camera.start_s) / self.runner.gait.slow_motion
        return self.runner.angles(real_s, side)[measure]

    def angle(self, measure: str, side: Side, time_s: float) -> float:
        """Return the true angle at one time of the clip, in degrees."""
        return float(self.angles(measure, side, np.array([time_s]))[0])


def film(gait: Gait | None = None, camera: Camera | None = None) -> Filmed:
    """Let the figure move and film it."""
    gait, camera = gait or Gait(), camera or Camera()
    runner = make_runner(gait)
    rng = np.random.default_rng(camera.seed)
    frame = np.arange(round(gait.duration_s * gait.slow_motion * camera.fps) + 1)
    frame = frame[(rng.random(len(frame)) >= camera.dropped_share) | (frame == 0)]
    time_s = frame / camera.fps
    points = runner.points(time_s / gait.slow_motion)
    xy = np.full((len(frame), 33, 2), np.nan)
    for name, path in _project(points, camera).items():
        xy[:, LANDMARK_INDEX[name]] = path + camera.noise_px * rng.standard_normal(path.shape)
    swapped = _spoil(xy, camera, rng)
    visibility = np.where(np.isfinite(xy[..., 0]), 1.0, np.nan)
    landmarks = LandmarkSeries(time_s + camera.start_s, xy, visibility, frame, camera.size_px)
    return Filmed(landmarks, runner, camera, swapped)


def mirrored(series: LandmarkSeries, width_px: float) -> LandmarkSeries:
    """Return what a pose model sees in the mirror picture: x turned round, left and right exchanged."""
    twin = {a: a.replace("left", "LEFT").replace("right", "left").replace("LEFT", "right") for a in LANDMARK_INDEX}
    order = [LANDMARK_INDEX[twin[name]] for name in LANDMARK_INDEX]
    xy = series.xy_px[:, order].copy()
    xy[..., 0] = width_px - xy[..., 0]
    return replace(series, xy_px=xy, visibility=series.visibility[:, order])


# --- the figure -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Runner:
    """The moving figure. Steps alternate, left first; arrays have one entry a step, in seconds."""

    gait: Gait
    contact_s: Array
    toe_off_s: Array
    midstance_s: Array
    bounce: Array
    """Polynomials of the hips' height over each stance, highest power first."""
    swing: dict[Side, dict[str, Array]] = field(default_factory=dict)
    """Polynomials of the foot in the swing after each stance of a side, highest power first."""

    def steps_of(self, side: Side) -> tuple[Array, Array, Array]:
        """Return contact, midstance and toe-off of every stance of a side."""
        own = slice(SIDES.index(side), None, 2)
        return self.contact_s[own], self.midstance_s[own], self.toe_off_s[own]

    def stances(self) -> list[TrueStance]:
        """Return every stance, by initial contact."""
        times = zip(self.contact_s, self.midstance_s, self.toe_off_s, strict=True)
        return [TrueStance(SIDES[i % 2], float(c), float(m), float(o)) for i, (c, m, o) in enumerate(times)]

    def points(self, t: Array) -> Points:
        """Return every landmark, shape (n, 3), in metres."""
        hips = np.stack([self._travel(t), self._hip_height(t), np.zeros_like(t)], axis=1)
        lean, side_lean = np.radians(self.gait.trunk_lean_deg), np.radians(self._side_lean_deg(t))
        up = np.stack([np.full_like(t, np.tan(lean)), np.ones_like(t), np.tan(side_lean)], axis=1)
        shoulders = hips + TRUNK_M * np.cos(lean) * up
        out = {"nose": hips + 1.5 * TRUNK_M * np.cos(lean) * up + np.array([0.1, 0, 0])}
        for side, right in zip(SIDES, (-1.0, 1.0), strict=True):
            out[f"{side}_shoulder"] = shoulders + np.array([0, 0, right * HALF_SHOULDERS_M])
            out |= {f"{side}_{name}": p for name, p in self._leg(t, side, right, hips).items()}
        return out

    def angles(self, t: Array, side: Side) -> Points:
        """Return every angle of the contract that is known, in degrees, by rules of their own (arccos, slopes)."""
        p, out = self.points(t), 1.0 if side == "right" else -1.0
        shank, thigh = p[f"{side}_knee"] - p[f"{side}_ankle"], p[f"{side}_hip"] - p[f"{side}_knee"]
        upper = (p["left_shoulder"] + p["right_shoulder"] - p["left_hip"] - p["right_hip"]) / 2
        tibia, trunk = _slope_deg(shank[:, 0], shank[:, 1]), _slope_deg(upper[:, 0], upper[:, 1])
        bend = _between_deg(shank[:, :2], thigh[:, :2])
        pitch = np.degrees(self._foot(t, side)[2])
        return {
            "tibial_inclination": tibia,
            "knee_flexion": bend,
            "hip_flexion": trunk + bend - tibia,
            "trunk_lean": trunk,
            "foot_pitch": pitch,
            "ankle_dorsiflexion": tibia + pitch - STANDING_DEG,
            "knee_valgus": _slope_deg(out * thigh[:, 2], thigh[:, 1]) - _slope_deg(out * shank[:, 2], shank[:, 1]),
            "hip_adduction": _slope_deg(out * thigh[:, 2], thigh[:, 1]),
            "trunk_side_lean": _slope_deg(out * upper[:, 2], upper[:, 1]),
            "foot_progression": np.full_like(t, self.gait.toe_out_deg[SIDES.index(side)]),
        }

    def _travel(self, t: Array) -> Array:
        return self.gait.speed_mps * (t - self.gait.duration_s / 2) * self.gait.overground

    def _side_lean_deg(self, t: Array) -> Array:
        half_steps = np.interp(t, self.midstance_s, np.arange(len(self.midstance_s)))
        return -self.gait.side_lean_deg * np.cos(np.pi * half_steps)

    def _hip_height(self, t: Array) -> Array:
        if self.gait.walks:
            steps = np.interp(t, self.midstance_s, np.arange(len(self.midstance_s)))
            return WALKING_HIP_M + WALKING_BOUNCE_M * np.cos(2 * np.pi * steps)
        k = np.clip(np.searchsorted(self.contact_s, t, side="right") - 1, 1, len(self.contact_s) - 2)
        share = (t - self.contact_s[k]) / (self.toe_off_s[k] - self.contact_s[k])
        stance = _polynomial(self.bounce[k], share)
        since_s = t - self.toe_off_s[k]
        up_mps = GRAVITY_M_S2 * TOP_OF_FLIGHT * (self.contact_s[k + 1] - self.toe_off_s[k])
        return HIP_AT_TOE_OFF_M + np.where(share < 1, stance, since_s * (up_mps - GRAVITY_M_S2 / 2 * since_s))

    def _leg(self, t: Array, side: Side, right: float, hips: Array) -> Points:
        ankle_x, ankle_y, pitch = self._foot(t, side)
        ankle = np.stack([ankle_x + hips[:, 0], ankle_y, np.full_like(t, right * self.gait.half_step_width_m)], axis=1)
        hip = hips + np.array([0, 0, right * HALF_HIPS_M])
        knee = _knee(hip, ankle)
        knee[:, 2] -= right * self.gait.knee_inward_m[SIDES.index(side)]
        toe_out = np.radians(self.gait.toe_out_deg[SIDES.index(side)])
        out = {"hip": hip, "knee": knee, "ankle": ankle}
        for name in ("heel", "foot_index"):
            ahead, above = _turned(np.subtract(FOOT_M[name], FOOT_M["ankle"]), pitch)
            out[name] = ankle + np.stack([ahead * np.cos(toe_out), above, right * ahead * np.sin(toe_out)], axis=1)
        return out

    def _foot(self, t: Array, side: Side) -> tuple[Array, Array, Array]:
        """Ankle ahead of the hips and above the ground, and pitch of the foot in radians."""
        contact_s, _, toe_off_s = self.steps_of(side)
        k = np.clip(np.searchsorted(contact_s, t, side="right") - 1, 0, len(contact_s) - 2)
        share = (t - toe_off_s[k]) / (contact_s[k + 1] - toe_off_s[k])
        stance = self._stance_foot(t, side, k)
        flying = [_polynomial(self.swing[side][axis][k], share) for axis in ("x", "y", "pitch")]
        x, y, pitch = (np.where(share < 0, s, f) for s, f in zip(stance, flying, strict=True))
        return x, y, pitch

    def _stance_foot(self, t: Array, side: Side, k: NDArray[np.intp]) -> tuple[Array, Array, Array]:
        contact_s, midstance_s, toe_off_s = (times[k] for times in self.steps_of(side))
        to_flat = np.clip(1 - (t - contact_s) / FLAT_AFTER_S, 0, 1)
        rising = np.clip((t - contact_s) / (toe_off_s - contact_s) - HEEL_RISE_SHARE, 0, None) / (1 - HEEL_RISE_SHARE)
        landing = LANDING_PITCH_DEG[self.gait.strike] * to_flat**2
        pitch = np.radians(landing + LEAVING_PITCH_DEG * rising**1.5)
        pivot = np.where(pitch > 0, HEEL_PIVOT_M, BALL_PIVOT_M)
        ahead, above = _turned(np.array([-pivot, np.full_like(pivot, FOOT_M["ankle"][1])]), pitch)
        return pivot + ahead - self.gait.speed_mps * (t - midstance_s), above, pitch


def make_runner(gait: Gait) -> Runner:
    """Lay out the steps of a figure from two seconds before the clip to two after it."""
    rng = np.random.default_rng(gait.seed)
    step_s = 60 / gait.cadence_spm
    count = int((gait.duration_s + 4) / step_s)
    contact_s = -2 + np.cumsum(step_s * (1 + gait.variability * rng.standard_normal(count)))
    stance_s = 2 * step_s * gait.duty * (1 + gait.variability / 2 * rng.standard_normal(count))
    toe_off_s = contact_s + stance_s
    bounce = _bounce(contact_s, toe_off_s)
    runner = Runner(gait, contact_s, toe_off_s, contact_s + MIDSTANCE_SHARE * stance_s, bounce)
    return replace(runner, swing={side: _swing(runner, side) for side in SIDES})


def _swing(runner: Runner, side: Side) -> dict[str, Array]:
    """Polynomials that join one stance to the next through points of a usual swing."""
    contact_s, _, toe_off_s = runner.steps_of(side)
    k = np.arange(len(contact_s) - 1)
    swing_s, blink = contact_s[1:] - toe_off_s[:-1], 1e-5
    end, start = runner._stance_foot(contact_s[1:], side, k + 1), runner._stance_foot(toe_off_s[:-1], side, k)
    before = runner._stance_foot(toe_off_s[:-1] - blink, side, k)
    landing = (-RETRACTION * runner.gait.speed_mps, -0.5, 0.0)
    fold = 0.30 if runner.gait.walks else 0.48
    vias: dict[str, dict[float, float]] = {"x": {}, "y": {0.4: fold, 0.75: 0.45 * fold}, "pitch": {0.4: -1.05}}
    out = {}
    for i, (axis, via) in enumerate(vias.items()):
        ends = [(0.0, 0, start[i]), (1.0, 0, end[i])]
        slopes = [(0.0, 1, (start[i] - before[i]) / blink * swing_s), (1.0, 1, landing[i] * swing_s)]
        out[axis] = _fit(ends + slopes + [(at, 0, np.full(len(k), value)) for at, value in via.items()])
    return out


def _bounce(contact_s: Array, toe_off_s: Array) -> Array:
    """Polynomials of the hips' height against toe-off over each stance of a run.

    They join both flights in height, speed and acceleration (no force at contact and toe-off), and are level
    at midstance.
    """
    stance_s = toe_off_s - contact_s
    flight_s = contact_s[1:] - toe_off_s[:-1]
    before_s, after_s = np.append(0.1, flight_s), np.append(flight_s, 0.1)
    fall = -GRAVITY_M_S2 * stance_s**2
    landing = [
        (0.0, 0, GRAVITY_M_S2 * (TOP_OF_FLIGHT - 0.5) * before_s**2),
        (0.0, 1, GRAVITY_M_S2 * (TOP_OF_FLIGHT - 1) * before_s * stance_s),
        (0.0, 2, fall),
    ]
    leaving = [(1.0, 0, 0 * fall), (1.0, 1, GRAVITY_M_S2 * TOP_OF_FLIGHT * after_s * stance_s), (1.0, 2, fall)]
    return _fit([*landing, *leaving, (MIDSTANCE_SHARE, 1, 0 * fall)])


def _fit(conditions: list[tuple[float, int, Array]]) -> Array:
    """Polynomials on 0..1, one row each, highest power first, from (where, which derivative, values)."""
    powers = np.arange(len(conditions) - 1, -1, -1)
    rows = [_derivative_row(powers, at, order) for at, order, _ in conditions]
    wanted = np.array([values for _, _, values in conditions])
    return np.asarray(np.linalg.solve(np.array(rows), wanted).T, dtype=np.float64)


def _derivative_row(powers: NDArray[np.int64], at: float, order: int) -> Array:
    factor = np.ones(len(powers))
    for step in range(order):
        factor *= np.maximum(powers - step, 0)
    return factor * at ** np.maximum(powers - order, 0).astype(float)


def _polynomial(coefficients: Array, at: Array) -> Array:
    powers = np.arange(coefficients.shape[1] - 1, -1, -1)
    return np.asarray((coefficients * at[:, None] ** powers).sum(axis=1), dtype=np.float64)


def _knee(hip: Array, ankle: Array) -> Array:
    """Place the knee in front of the line from hip to ankle; beside it half-way."""
    line = ankle[:, :2] - hip[:, :2]
    length = np.hypot(line[:, 0], line[:, 1])
    if length.max(initial=0) > THIGH_M + SHANK_M:
        raise ValueError(f"expected a leg of {THIGH_M + SHANK_M} m to reach, given {length.max():.3f} m: slow down")
    along = (THIGH_M**2 - SHANK_M**2 + length**2) / (2 * length)
    ahead = np.sqrt(THIGH_M**2 - along**2)
    unit = line / length[:, None]
    place = hip[:, :2] + along[:, None] * unit + ahead[:, None] * np.stack([-unit[:, 1], unit[:, 0]], axis=1)
    return np.column_stack([place, (hip[:, 2] + ankle[:, 2]) / 2])


def _turned(point: Array, angle: Array) -> tuple[Array, Array]:
    """Turn (ahead, above) toes up by an angle in radians."""
    ahead, above = point
    return ahead * np.cos(angle) - above * np.sin(angle), ahead * np.sin(angle) + above * np.cos(angle)


def _slope_deg(across: Array, up: Array) -> Array:
    return np.asarray(np.degrees(np.arctan2(across, up)), dtype=np.float64)


def _between_deg(a: Array, b: Array) -> Array:
    cosine = (a * b).sum(axis=1) / np.hypot(*a.T) / np.hypot(*b.T)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))), dtype=np.float64)


# --- the camera -----------------------------------------------------------------------------------


def _project(points: Points, camera: Camera) -> Points:
    across, depth = {  # of (ahead, to the runner's right): to the picture's right, towards the camera
        "side right": ((1, 0), (0, 1)),
        "side left": ((-1, 0), (0, -1)),
        "front": ((0, -1), (1, 0)),
        "rear": ((0, 1), (-1, 0)),
    }[f"side {camera.facing}" if camera.view == "side" else camera.view]
    roll, yaw = np.radians(camera.roll_deg), np.radians(camera.yaw_deg)
    turn = np.array([[np.cos(yaw), np.sin(yaw)], [-np.sin(yaw), np.cos(yaw)]])
    out = {}
    for name, p in points.items():
        far_m = camera.distance_m
        ground = p[:, [0, 2]] @ turn
        scale = camera.px_per_m * (1.0 if far_m is None else far_m / (far_m - ground @ depth))
        u, v = scale * (ground @ across), -scale * (p[:, 1] - camera.height_m)
        turned = np.stack([u * np.cos(roll) - v * np.sin(roll), u * np.sin(roll) + v * np.cos(roll)], axis=1)
        out[name] = turned + np.array(camera.size_px) / 2
    return out


def _spoil(xy: Array, camera: Camera, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Exchange, hide and lose landmarks in place; return the frames in which the legs are exchanged."""
    n = len(xy)
    swapped = np.zeros(n, dtype=bool)
    for start in rng.choice(np.arange(5, n - 10), camera.swap_runs, replace=False):
        swapped[start : start + rng.integers(1, 6)] = True
    left, right = (np.array([LANDMARK_INDEX[f"{s}_{j}"] for j in LEG_JOINTS]) for s in SIDES)
    far = left if camera.facing == "right" else right
    xy[np.ix_(rng.random(n) < camera.far_hidden_share, far)] = np.nan
    kept = xy[np.ix_(swapped, left)]
    xy[np.ix_(swapped, left)] = xy[np.ix_(swapped, right)]
    xy[np.ix_(swapped, right)] = kept
    xy[rng.random(n) < camera.lost_share] = np.nan
    return swapped
