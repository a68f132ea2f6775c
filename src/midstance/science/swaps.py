"""Put right the frames in which a pose model exchanged the left and the right leg.

A leg that moves smoothly jumps to the other one and back when its label is exchanged. For every frame the
labels are either kept or exchanged; the sequence that needs the least acceleration of all leg joints is found
exactly by dynamic programming (Viterbi 1967). Exchanging all frames costs the same as none, so a small cost
for each exchanged frame makes the pose model's majority decide which leg is which.

Where legs hide each other for long the smoothest sequence can be the wrong one. The rhythm of the run tells: the feet
take turns at being the lower one, and the square of their difference in height, which does not know left from right,
shows how far on the stride is. A sequence in which the feet fall out of turn pays for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midstance.science.landmarks import LEG_JOINTS, SIDES, LandmarkSeries, indices_of
from midstance.science.legs import bridged, leg_length_px
from midstance.science.signals import Array, Mask

EXCHANGE_COST_PER_S = 0.3
"""Cost of a second of exchanged frames, in leg lengths of acceleration per frame squared. An exchange and its way
back cost about 1.8, so runs of up to 6 s are put right; much less, and legs that cross are exchanged for nothing."""
JUMP_CAP = 0.5
"""Largest cost of one joint in one frame, in leg lengths: one bad landmark must not decide."""
OUT_OF_TURN_COST_PER_S = 8.0
"""Cost of a second in which the feet are out of turn by their usual difference in height."""
STEPS_HZ = (1.6, 4.5)
"""Steps a second, from a walk to a sprint."""
STEP_BAND_HZ = 0.35
"""How far the rhythm of the steps may lie from its mean."""
LEAST_RHYTHM = 0.2
"""Share of the movement that has to lie in the band, or the band holds no steps (slow motion, somebody who stands)."""
SHORTEST_RHYTHM_S = 2.0
"""Clips shorter than this have no rhythm to go by."""
BLEND_NOISE = 0.06
"""Bend of the product of the legs' distance that landmark noise may cause, in leg lengths squared."""
FASTEST_FOOT_LEGS_S = 10.0
"""Fastest change of the distance between the feet."""
LONGEST_PACE = 3.0
"""Furthest that a movement is carried on over lost frames, in steps between frames."""
NEAR_ZERO = 0.02
"""Accelerations below this many leg lengths are noise and cost little."""


def find_swaps(landmarks: LandmarkSeries, joints: tuple[str, ...] = LEG_JOINTS) -> Mask:
    """Find the frames in which left and right are exchanged.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Missing joints are bridged by a line for this purpose only.
    joints : tuple of str
        The joints that are exchanged together.

    Returns
    -------
    (n,) bool array
        True where the labels of `joints` have to be exchanged.
    """
    out = np.zeros(len(landmarks), dtype=bool)
    both = [landmarks.xy_px[:, indices] for indices in _pairs(joints)]
    seen = np.flatnonzero(np.all([np.isfinite(leg).any(axis=(1, 2)) for leg in both], axis=0))
    scale = leg_length_px(landmarks) if len(seen) >= 3 else float("nan")
    if scale > 0:
        left, right = (_bridge(leg[seen]) / scale for leg in both)
        plain = ~_blended(left, right, 1 / landmarks.fps)
        costs = _costs(left[plain], right[plain], landmarks.time_s[seen][plain])
        in_turn = rhythm(landmarks, scale)[seen[plain]] if "ankle" in joints else np.zeros(int(plain.sum()))
        each = (EXCHANGE_COST_PER_S + OUT_OF_TURN_COST_PER_S * in_turn) / landmarks.fps
        out[seen[plain]] = _cheapest_path(costs, each)
    return out


def rhythm(landmarks: LandmarkSeries, scale_px: float) -> Array:
    """Return how far the feet are in turn at each frame: about 1 as most frames have it, negative out of turn.

    The phase of the steps is that of the squared difference of the ankles' heights around the mean step rate; half
    of it is the phase of the stride, but for its sign, which the majority of the frames gives.

    Parameters
    ----------
    landmarks : LandmarkSeries
    scale_px : float
        Leg length.

    Returns
    -------
    (n,) array
        0 where there is no rhythm: a clip too short, or one without steps.
    """
    ankles = [landmarks.point(f"{side}_ankle")[:, 1] / scale_px for side in SIDES]
    apart = np.asarray(ankles[0] - ankles[1])
    if landmarks.duration_s < SHORTEST_RHYTHM_S or np.isfinite(apart).sum() < len(apart) / 2:
        return np.zeros(len(apart))
    apart = bridged(apart)
    turn = apart * np.cos(_step_phase(apart**2, landmarks.fps) / 2)
    usual = float(np.sqrt(np.mean(apart**2)))
    if not usual > 0 or np.isnan(turn).any():
        return np.zeros(len(apart))
    return np.asarray(np.clip(np.sign(turn.sum()) * turn / usual, -1, 1))


def _step_phase(squared: Array, rate_hz: float) -> Array:
    """Return the unwrapped phase of the steps, from the narrow band around their strongest rate; NaN without one."""
    n = len(squared)
    swing = squared - squared.mean()
    hz = np.fft.fftfreq(4 * n, 1 / rate_hz)
    tapered = np.abs(np.fft.fft(swing * np.hanning(n), 4 * n))
    steps = np.where((hz >= STEPS_HZ[0]) & (hz <= STEPS_HZ[1]), tapered, 0.0)
    near = np.exp(-(((hz - hz[steps.argmax()]) / STEP_BAND_HZ) ** 2) / 2) * (hz > 0)
    power = tapered**2 * (hz > 0)
    if not (power * near).sum() >= LEAST_RHYTHM * power.sum():
        return np.full(n, np.nan)
    return np.asarray(np.unwrap(np.angle(np.fft.ifft(np.fft.fft(swing, 4 * n) * near)[:n])))


def _blended(left: Array, right: Array, step_s: float) -> Mask:
    """Mark frames in which joints of both legs are set between the two: they would open or end a false exchange.

    The outer product of the vector from a left to a right joint with itself is the same whichever leg is called
    left. It changes smoothly, but for a frame in which the legs are blended.

    Parameters
    ----------
    left, right : (n, k, 2) arrays
        In leg lengths.
    step_s : float
        Time between frames.
    """
    apart = right - left
    x, y = apart[..., 0], apart[..., 1]
    product = np.stack([x * x, x * y, y * y], axis=-1)
    bend = np.zeros(len(left))
    bend[1:-1] = np.linalg.norm(product[1:-1] - (product[:-2] + product[2:]) / 2, axis=-1).max(axis=1)
    limit = BLEND_NOISE + 3 * (FASTEST_FOOT_LEGS_S * step_s) ** 2
    worst = np.zeros(len(left), dtype=bool)
    worst[1:-1] = (bend[1:-1] >= bend[:-2]) & (bend[1:-1] >= bend[2:])
    return worst & (bend > limit)


def exchange(values: Array, frames: Mask, joints: tuple[str, ...] = LEG_JOINTS) -> Array:
    """Return a copy with the left and right `joints` exchanged in the marked frames.

    `values` has frames first and landmarks second, such as (n, 33, 2) or (n, 33).
    """
    out = values.copy()
    left, right = _pairs(joints)
    for a, b in zip(left, right, strict=True):
        out[frames, a], out[frames, b] = values[frames, b], values[frames, a]
    return out


def _pairs(joints: tuple[str, ...]) -> tuple[list[int], list[int]]:
    return indices_of("left", joints), indices_of("right", joints)


def _bridge(xy: Array) -> Array:
    """Fill every gap of (n, k, 2) by a line, ends by the nearest value; joints never seen stay NaN."""
    out = xy.reshape(len(xy), -1).copy()
    index = np.arange(len(out))
    for column in out.T:
        known = np.isfinite(column)
        if known.any():
            column[~known] = np.interp(index[~known], index[known], column[known])
    return out.reshape(xy.shape)


def _costs(left: Array, right: Array, time_s: Array) -> NDArray[np.float64]:
    """Cost of each triple of frames, by whether the label changes into its middle and into its last frame.

    Frames in which nothing is seen are left out, so the acceleration is what is left after going on straight
    from the two frames before, over the time that has really passed.

    Returns
    -------
    (n, 2, 2) array
        Entry [t, a, b] belongs to frames t-2, t-1, t; the first two frames cost nothing.
    """
    costs = np.zeros((len(left), 2, 2))
    steps_s = np.diff(time_s)
    pace = np.minimum(steps_s[1:] / steps_s[:-1], LONGEST_PACE)[:, None, None]
    for a in (0, 1):
        for b in (0, 1):
            middle = (right, left) if a else (left, right)
            last = (right, left) if a ^ b else (left, right)
            costs[2:, a, b] = sum(
                _jump(end[2:] - mid[1:-1] - pace * (mid[1:-1] - first[:-2]))
                for first, mid, end in zip((left, right), middle, last, strict=True)
            )
    return costs


def _jump(acceleration: Array) -> Array:
    """Capped size of the acceleration, mean over joints; (n, k, 2) to (n,)."""
    size = np.hypot(acceleration[..., 0], acceleration[..., 1])
    soft = np.where(size < NEAR_ZERO, size**2 / (2 * NEAR_ZERO), size - NEAR_ZERO / 2)
    capped = np.minimum(soft, JUMP_CAP)
    seen = np.isfinite(capped)
    total = np.where(seen, capped, 0).sum(axis=1)
    return np.asarray(total / np.maximum(seen.sum(axis=1), 1), dtype=np.float64)


def _cheapest_path(costs: NDArray[np.float64], exchange_cost: Array) -> Mask:
    """Viterbi over the states (exchanged at t-1, exchanged at t)."""
    n = len(costs)
    first, second = exchange_cost[:2]
    total = np.array([[0.0, second], [first, first + second]])
    came_from = np.zeros((n, 2, 2), dtype=np.int8)
    before, now, after = np.ogrid[:2, :2, :2]
    for t in range(2, n):
        step = total[:, :, None] + costs[t][before ^ now, now ^ after] + exchange_cost[t] * after
        came_from[t] = step.argmin(axis=0)
        total = step.min(axis=0)
    return _backtrack(came_from, total)


def _backtrack(came_from: NDArray[np.int8], total: NDArray[np.float64]) -> Mask:
    path = np.zeros(len(came_from), dtype=bool)
    now, after = np.unravel_index(int(total.argmin()), (2, 2))
    for t in range(len(came_from) - 1, 1, -1):
        path[t] = bool(after)
        now, after = came_from[t, now, after], now
    path[1], path[0] = bool(after), bool(now)
    return path
