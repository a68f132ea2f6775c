"""A running shoe built around the bare foot, and the sole profile on which it rolls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from runners.body import SUFFIX, Body
from runners.geometry import Array, about_z, smoothstep

SOLE_M = 0.024  # thickness under the bare foot
HEEL_RISE_M = 0.010  # how far the sole curves up at the back
TOE_SPRING_M = 0.008  # and at the tip
MARGIN_BACK_M, MARGIN_FRONT_M, MARGIN_SIDE_M, MARGIN_TOP_M = 0.011, 0.013, 0.006, 0.008
STATIONS, RING = 30, 28


@dataclass(frozen=True)
class Shoe:
    """One shoe at rest.

    Attributes
    ----------
    vertices : (n, 3) array
        In the body's rest frame.
    faces : (m, 3) int array
    toe_share : (n,) array
        How far each vertex follows the toes (1) and not the rear foot (0).
    origin : (3,) array
        Rest position of the foot frame's origin: on the ground below the back of the heel.
    yaw_rad : float
        Rest direction of the foot axis (heel to second toe), from forward to the left.
    ankle, ball : (3,) arrays
        Joint centres in the foot frame: x along the foot, y to the left, z up from the ground.
    length_m : float
        Shoe length.
    """

    vertices: Array
    faces: np.ndarray
    toe_share: Array
    origin: Array
    yaw_rad: float
    ankle: Array
    ball: Array
    length_m: float

    def sole_height(self, x: Array) -> Array:
        """Return the unloaded sole's height above the ground along the foot axis."""
        return sole_curve(np.asarray(x, dtype=float), self.length_m, float(self.ball[0]))

    @property
    def heel_landmark(self) -> Array:
        """Return the back of the heel, 3 cm up, in the foot frame."""
        return np.array([0.004, 0.0, 0.030])

    @property
    def toe_landmark(self) -> Array:
        """Return the tip of the shoe, 3 cm up: level with the heel landmark when the foot is flat."""
        return np.array([self.length_m - 0.008, 0.0, 0.030])


def sole_curve(x: Array, length_m: float, ball_x: float) -> Array:
    """Return the height of the sole's underside: curved up at the heel and at the tip."""
    heel = HEEL_RISE_M * np.clip((0.028 - x) / 0.028, 0, 1) ** 2
    toe = TOE_SPRING_M * np.clip((x - ball_x - 0.01) / (length_m - ball_x - 0.01), 0, 1) ** 2
    return np.asarray(heel + toe)


def build_shoe(body: Body, side: str) -> Shoe:
    """Build the shoe of one foot."""
    suffix = SUFFIX[side]
    bare = body.vertices[_foot_vertices(body, suffix)]
    ankle, ball = body.head("foot" + suffix), body.head("toe2-1" + suffix)
    heel_y = bare[bare[:, 0] < bare[:, 0].min() + 0.03, 1].mean()
    yaw = float(np.arctan2(ball[1] - heel_y, ball[0] - bare[:, 0].min()))
    ground = body.floor_m - SOLE_M
    turned = bare @ about_z(yaw)  # same as rotating by -yaw
    back = turned[:, 0].min() - MARGIN_BACK_M
    axis_y = (about_z(-yaw) @ np.array([bare[:, 0].min(), heel_y, 0.0]))[1]
    origin_turned = np.array([back, axis_y, ground])
    local = turned - origin_turned
    to_local = about_z(-yaw)
    ankle_local, ball_local = to_local @ ankle - origin_turned, to_local @ ball - origin_turned
    length = float(local[:, 0].max() + MARGIN_FRONT_M)
    rings = _rings(local, ankle_local, ball_local, length)
    origin = about_z(yaw) @ origin_turned
    share = smoothstep((rings[:, 0] - (ball_local[0] - 0.024)) / 0.048)
    return Shoe(
        vertices=rings @ about_z(yaw).T + origin,
        faces=_tube_faces(STATIONS, RING),
        toe_share=share,
        origin=origin,
        yaw_rad=yaw,
        ankle=ankle_local,
        ball=ball_local,
        length_m=length,
    )


def _foot_vertices(body: Body, suffix: str) -> np.ndarray:
    names = [b for b in body.bones if b.startswith(("foot", "toe")) and b.endswith(suffix)]
    columns = [body.bone(n) for n in names]
    weight = np.asarray(body.weights[:, columns].sum(axis=1)).ravel()
    return np.asarray(weight > 0.5)


def _rings(local: Array, ankle: Array, ball: Array, length: float) -> Array:
    """Return the rings of the upper, station after station from the back to the tip."""
    x = length * (0.5 - 0.5 * np.cos(np.pi * np.linspace(0, 1, STATIONS)))
    low, high, top = _outline(local, x)
    top = np.where(x < ankle[0] + 0.03, ankle[2] - 0.004, top)
    slope = ankle[2] - 0.004 - (x - ankle[0] - 0.03) * 0.75
    top = np.where((x >= ankle[0] + 0.03) & (x < ankle[0] + 0.075), np.maximum(top, slope), top)
    round_back = np.sqrt(np.clip(1 - np.clip((0.035 - x) / 0.035, 0, 1) ** 2, 0.003, 1))
    round_tip = np.sqrt(np.clip(1 - np.clip((x - length + 0.060) / 0.060, 0, 1) ** 2, 0.003, 1))
    taper = np.minimum(round_back, round_tip)
    bottom = sole_curve(x, length, float(ball[0]))
    lift = np.where(x > ball[0], 0.5 + 0.5 * taper, 0.8 + 0.2 * taper)
    top = bottom + (top - bottom) * lift
    middle, half = (low + high) / 2, (high - low) / 2 * taper
    angle = 2 * np.pi * np.arange(RING) / RING
    across, along_up = _superellipse(np.cos(angle)), _superellipse(np.sin(angle))
    narrow = 1 - 0.26 * np.clip(along_up, 0, 1) ** 1.5
    y = middle[:, None] + half[:, None] * across * np.where(along_up < 0, 1.05, narrow)
    z = ((bottom + top) / 2)[:, None] + ((top - bottom) / 2)[:, None] * along_up
    return np.stack([np.broadcast_to(x[:, None], y.shape), y, z], -1).reshape(-1, 3)


def _superellipse(x: Array) -> Array:
    return np.asarray(np.sign(x) * np.abs(x) ** 0.62)


def _outline(local: Array, x: Array) -> tuple[Array, Array, Array]:
    """Return the bare foot's right and left edge and top at each station, with the shoe's margins."""
    rows = []
    for station in np.clip(x, local[:, 0].min() + 0.015, local[:, 0].max() - 0.02):
        slab = local[np.abs(local[:, 0] - station) < 0.016]
        rows.append((slab[:, 1].min(), slab[:, 1].max(), slab[:, 2].max()))
    low, high, top = np.array(rows).T
    return low - MARGIN_SIDE_M, high + MARGIN_SIDE_M, top + MARGIN_TOP_M


def _tube_faces(stations: int, ring: int) -> np.ndarray:
    """Return outward triangles of a closed tube of rings, capped at both ends."""
    i, k = np.meshgrid(np.arange(stations - 1), np.arange(ring), indexing="ij")
    a, b = (i * ring + k).ravel(), (i * ring + (k + 1) % ring).ravel()
    sides = np.concatenate([np.stack([a, b, a + ring], 1), np.stack([b, b + ring, a + ring], 1)])
    spoke = np.arange(1, ring - 1)
    last = (stations - 1) * ring
    start = np.stack([np.zeros_like(spoke), spoke + 1, spoke], 1)
    end = np.stack([np.full_like(spoke, last), last + spoke, last + spoke + 1], 1)
    return np.concatenate([sides, start, end])
