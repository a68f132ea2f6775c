"""Everybody seen in a clip, and the choice of the one who runs.

A pose model looks at each frame alone: it lists people in any order, sees one body twice now and then,
and misses some frames. `follow_runner` links these detections to tracks over time and keeps the runner's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from midstance.science.errors import NoRunnerError
from midstance.science.landmarks import LANDMARK_INDEX, LandmarkSeries

_NOBODY = -1
_GHOST = -2
_IMPOSSIBLE = 1e6

_POSTURE_JOINTS = ("shoulder", "elbow", "hip", "knee", "ankle")
"""Left-right midpoints of these and the nose are a posture: a swap of left and right leaves it as it is."""


@dataclass(frozen=True, eq=False)
class PeopleSeries:
    """Landmarks of up to P people over a clip, in the order in which the model gives them.

    Attributes
    ----------
    time_s : (n,) float array
        Time of each frame, strictly increasing.
    frame : (n,) int array
        Number of each frame in the clip.
    xy_px : (n, P, 33, 2) float array
        Landmarks in pixels, x to the right, y down; (0, 0) is the centre of the top left pixel, as OpenCV
        draws. Landmarks outside the picture are kept as the model gives them. NaN = nobody in this place.
    visibility : (n, P, 33) float array
        0..1: the landmark is in the picture and not hidden, as the model judges it; NaN = nobody.
    presence : (n, P, 33) float array
        0..1: the landmark is in the picture, hidden or not; NaN = nobody.
    frame_size_px : tuple of (width, height) or None
        None when there is no frame.
    own_trust : (n, P) float array, optional
        Weight of networks of our own in the legs, 0..1; none without them.
    """

    time_s: NDArray[np.float64]
    frame: NDArray[np.int64]
    xy_px: NDArray[np.float64]
    visibility: NDArray[np.float64]
    presence: NDArray[np.float64]
    frame_size_px: tuple[int, int] | None
    own_trust: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        n, people = len(self.time_s), self.xy_px.shape[1]
        expected = {
            "frame": (n,),
            "xy_px": (n, people, len(LANDMARK_INDEX), 2),
            "visibility": (n, people, len(LANDMARK_INDEX)),
            "presence": (n, people, len(LANDMARK_INDEX)),
        }
        for name, shape in expected.items():
            given = getattr(self, name).shape
            if given != shape:
                raise ValueError(f"{name}: expected shape {shape} for {n} frames, given {given}")
        if np.any(np.diff(self.time_s) <= 0):
            raise ValueError("time_s: expected strictly increasing times, given some that are equal or go back")

    def __len__(self) -> int:
        return len(self.time_s)


@dataclass(frozen=True)
class FollowSettings:
    """How people are followed. A body length is trunk plus leg, about 1.3 m of an adult."""

    max_gap_s: float = 1.0
    """A track not seen for longer has ended; so has one not seen for longer than it had been before."""
    min_gap_s: float = 0.15
    """Gap that even a new track may have."""
    slack_body_lengths: float = 0.25
    """Distance from the expected place that is still the same person."""
    drift_body_lengths_per_s: float = 0.5
    """The slack grows by this while a person is not seen."""
    start_speed_body_lengths_per_s: float = 4.0
    """Fastest movement of somebody whose speed is not known yet: a fast runner who passes the camera."""
    max_size_ratio: float = 1.5
    """A body that is so much larger or smaller than before is somebody else."""
    velocity_window_s: float = 0.35
    """Velocity is taken over this time: about one step, so that the bounce of a run cancels out."""
    ghost_body_lengths: float = 0.4
    """Two detections in a frame whose trunks are nearer than this are one body, unless two people were there before."""
    min_person_s: float = 0.3
    """Whoever is seen for less is not counted: false detections come and go."""
    step_band_hz: tuple[float, float] = (1.9, 4.0)
    """Steps a second of a run."""
    full_swing_body_lengths: float = 0.1
    """SD of the distance between the ankles from which a movement counts in full."""
    still_weight: float = 0.25
    """Weight of a track whose legs do not move in the rhythm of a run; it is 1 when they do."""
    min_seen_s: float = 0.75
    """The runner has to be seen for this long: one stride."""
    min_seen_share: float = 0.3
    """The runner has to be seen in this share of the frames."""


@dataclass(frozen=True)
class FollowReport:
    """What was found while the runner was followed."""

    people_seen: int
    """The most people in the picture at a time, without false and double detections."""
    runner_share: float
    """Share of frames in which the runner was found."""
    ghosts: int
    """Detections dropped because they were a second view of a body that was there already."""
    own_trust: float = 0.0
    """Mean weight of networks of our own in the runner's legs, 0 to 1."""


@dataclass(frozen=True, eq=False)
class _Bodies:
    """The detections reduced to what linking needs: shapes (n, P, ...), NaN = nobody."""

    time_s: NDArray[np.float64]
    seen: NDArray[np.bool_]
    centre_px: NDArray[np.float64]
    length_px: NDArray[np.float64]
    posture_px: NDArray[np.float64]
    ankle_gap_px: NDArray[np.float64]


@dataclass
class _Track:
    """One person over time, while being linked: the detections so far, oldest first."""

    number: int
    times_s: list[float] = field(default_factory=list)
    cells: list[tuple[int, int]] = field(default_factory=list)
    """(frame, place) of each detection."""

    def add(self, time_s: float, i: int, p: int) -> None:
        self.times_s.append(time_s)
        self.cells.append((i, p))


def follow_runner(people: PeopleSeries, settings: FollowSettings | None = None) -> tuple[LandmarkSeries, FollowReport]:
    """Follow the runner among everybody seen.

    1. A second detection of one body in a frame (a ghost) is dropped.
    2. Detections are linked over frames by the place, velocity and posture that a person had before
       (Hungarian assignment). Short gaps are bridged; what jumps, as at a cut, starts a new track.
    3. The runner is the track with the largest share of frames x body size x nearness to the middle of the
       picture x rhythm of the legs. Rhythm counts up to fourfold, so it decides between similar tracks only.

    Parameters
    ----------
    people : PeopleSeries
        What the pose model saw.
    settings : FollowSettings, optional
        How to follow.

    Returns
    -------
    LandmarkSeries
        The runner in every frame of `people`; NaN where the runner was not found.
    FollowReport
        How many people were seen, and in what share of frames the runner was found.

    Raises
    ------
    NoRunnerError
        If nobody is seen, or the one followed is seen in too few frames.
    """
    settings = settings or FollowSettings()
    bodies = _bodies(people)
    labels = _link(bodies, settings)
    runner = _choose(bodies, labels, people.frame_size_px, settings)
    _check_seen(people, labels, runner, settings)
    report = FollowReport(
        people_seen=_count_people(people.time_s, labels, settings),
        runner_share=float(np.mean(np.any(labels == runner, axis=1))),
        ghosts=int(np.sum(labels == _GHOST)),
        own_trust=0.0 if people.own_trust is None else float(np.mean(people.own_trust[labels == runner])),
    )
    return _pick(people, labels == runner), report


def _bodies(people: PeopleSeries) -> _Bodies:
    """Reduce detections to what linking needs."""
    xy = people.xy_px
    mid = {joint: _midpoint(xy, joint) for joint in _POSTURE_JOINTS}
    segments = (("hip", "knee"), ("knee", "ankle"))
    leg = sum(_distance(_at(xy, f"{s}_{a}"), _at(xy, f"{s}_{b}")) for s in ("left", "right") for a, b in segments)
    length_px = _distance(mid["shoulder"], mid["hip"]) + leg / 2
    return _Bodies(
        time_s=people.time_s,
        seen=np.isfinite(xy).all(axis=(2, 3)) & (length_px > 0),
        centre_px=(mid["shoulder"] + mid["hip"]) / 2,
        length_px=length_px,
        posture_px=np.stack([*mid.values(), _at(xy, "nose")], axis=2),
        ankle_gap_px=_distance(_at(xy, "left_ankle"), _at(xy, "right_ankle")),
    )


def _at(xy: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    return xy[:, :, LANDMARK_INDEX[name]]


def _midpoint(xy: NDArray[np.float64], joint: str) -> NDArray[np.float64]:
    return (_at(xy, f"left_{joint}") + _at(xy, f"right_{joint}")) / 2


def _distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.hypot(a[..., 0] - b[..., 0], a[..., 1] - b[..., 1])


def _link(bodies: _Bodies, settings: FollowSettings) -> NDArray[np.int64]:
    """Return the track number of each detection, shape (n, P).

    Old tracks choose first, new ones among what is left, and what nobody takes starts a track. A ghost is left out
    before each of the last two steps.
    """
    labels = np.full(bodies.seen.shape, _NOBODY, dtype=np.int64)
    alive: list[_Track] = []
    started = 0
    for i, now_s in enumerate(bodies.time_s.tolist()):
        alive = [track for track in alive if _is_alive(track, now_s, settings)]
        free = np.flatnonzero(bodies.seen[i]).tolist()
        for group in _old_and_new(alive, settings):
            for track, p in _assign(bodies, group, i, free, settings):
                labels[i, p] = track.number
                track.add(now_s, i, p)
            free = _mark_ghosts(bodies, labels, i, [p for p in free if labels[i, p] == _NOBODY], settings)
        while free:
            first, *free = free
            alive.append(_Track(number=started))
            started += 1
            labels[i, first] = alive[-1].number
            alive[-1].add(now_s, i, first)
            free = _mark_ghosts(bodies, labels, i, free, settings)
    return labels


def _old_and_new(tracks: Sequence[_Track], settings: FollowSettings) -> tuple[list[_Track], list[_Track]]:
    """Return the tracks of those seen for long enough to be people, and the others."""
    is_old = [track.times_s[-1] - track.times_s[0] >= settings.min_person_s for track in tracks]
    old = [track for track, yes in zip(tracks, is_old, strict=True) if yes]
    new = [track for track, yes in zip(tracks, is_old, strict=True) if not yes]
    return old, new


def _is_alive(track: _Track, now_s: float, settings: FollowSettings) -> bool:
    age_s = track.times_s[-1] - track.times_s[0]
    longest_s = min(max(age_s, settings.min_gap_s), settings.max_gap_s)
    return now_s - track.times_s[-1] <= longest_s


def _assign(
    bodies: _Bodies, tracks: Sequence[_Track], i: int, places: Sequence[int], settings: FollowSettings
) -> list[tuple[_Track, int]]:
    """Return the pairs of track and place with the least total distance, without impossible ones."""
    if not tracks or not places:
        return []
    from scipy.optimize import linear_sum_assignment  # slow to load, and most processes never follow anybody

    cost = np.array([[_cost(bodies, track, i, p, settings) for p in places] for track in tracks])
    rows, columns = linear_sum_assignment(cost)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return [(tracks[r], places[c]) for r, c in pairs if cost[r, c] < _IMPOSSIBLE]


def _cost(bodies: _Bodies, track: _Track, i: int, p: int, settings: FollowSettings) -> float:
    """Return how far a detection is from what a track leads to expect, in body lengths."""
    last = track.cells[-1]
    waited_s = float(bodies.time_s[i]) - track.times_s[-1]
    length_px = float(bodies.length_px[last])
    size = abs(float(np.log(bodies.length_px[i, p] / length_px)))
    move_px, known = _expected_move_px(bodies, track, waited_s, settings)
    offsets = bodies.posture_px[i, p] - bodies.posture_px[last] - move_px
    distance = float(np.hypot(offsets[:, 0], offsets[:, 1]).mean()) / length_px
    gate = settings.slack_body_lengths + settings.drift_body_lengths_per_s * waited_s
    if not known:
        gate += settings.start_speed_body_lengths_per_s * waited_s
    possible = distance <= gate and size <= np.log(settings.max_size_ratio)
    return distance + size if possible else _IMPOSSIBLE


def _expected_move_px(
    bodies: _Bodies, track: _Track, waited_s: float, settings: FollowSettings
) -> tuple[NDArray[np.float64], bool]:
    """Return the movement expected since a track was last seen, and whether its velocity is known."""
    end_s = track.times_s[-1]
    back = bisect_left(track.times_s, end_s - settings.velocity_window_s)
    span_s = end_s - track.times_s[back]
    if span_s <= 0:
        return np.zeros(2), False
    velocity = (bodies.centre_px[track.cells[-1]] - bodies.centre_px[track.cells[back]]) / span_s
    # A velocity holds for about as long as it has been watched.
    return velocity * min(waited_s, end_s - track.times_s[0]), True


def _mark_ghosts(
    bodies: _Bodies, labels: NDArray[np.int64], i: int, free: Sequence[int], settings: FollowSettings
) -> list[int]:
    """Label the free detections that are a second view of a body with a track in this frame; return the others."""
    others = []
    for p in free:
        tracked = np.flatnonzero(labels[i] >= 0)
        apart_px = _distance(bodies.centre_px[i, tracked], bodies.centre_px[i, p])
        length_px = np.maximum(bodies.length_px[i, tracked], bodies.length_px[i, p])
        if np.any(apart_px <= settings.ghost_body_lengths * length_px):
            labels[i, p] = _GHOST
        else:
            others.append(p)
    return others


def _choose(
    bodies: _Bodies, labels: NDArray[np.int64], size_px: tuple[int, int] | None, settings: FollowSettings
) -> int:
    """Return the number of the runner's track."""
    count = int(labels.max(initial=_NOBODY)) + 1
    if not count or size_px is None:
        raise NoRunnerError(
            f"expected a runner, found nobody in {len(labels)} frames: film one person from head to feet"
        )
    return int(np.argmax([_score(bodies, labels == k, size_px, settings) for k in range(count)]))


def _score(bodies: _Bodies, mine: NDArray[np.bool_], size_px: tuple[int, int], settings: FollowSettings) -> float:
    """Return how much a track is like the runner's: frames x size x nearness to the middle x rhythm."""
    middle_px = np.array(size_px) / 2
    length_px = float(np.median(bodies.length_px[mine]))
    off_centre = float(np.median(_distance(bodies.centre_px[mine], middle_px)) / np.hypot(*middle_px))
    centrality = 1 - min(off_centre, 1.0) / 2
    rhythm = _rhythm(bodies.time_s[mine.any(axis=1)], bodies.ankle_gap_px[mine] / length_px, settings)
    weight = settings.still_weight + (1 - settings.still_weight) * rhythm
    return float(np.sum(mine)) * length_px * centrality * weight


def _rhythm(time_s: NDArray[np.float64], ankle_gap: NDArray[np.float64], settings: FollowSettings) -> float:
    """Return 0..1: how much of the ankles' opening and closing has the rhythm of running steps.

    The distance between the ankles peaks once a step, and a swap of left and right leaves it as it is.
    """
    if len(time_s) < 2 or time_s[-1] - time_s[0] < 1.5 / settings.step_band_hz[0]:
        return 0.0
    step_s = _frame_time_s(time_s)
    uniform_s = np.arange(time_s[0], time_s[-1], step_s)
    gap = np.interp(uniform_s, time_s, ankle_gap)
    gap -= gap.mean()
    power = np.abs(np.fft.rfft(gap * np.hanning(len(gap)))) ** 2
    frequency_hz = np.fft.rfftfreq(len(gap), step_s)
    in_band = (frequency_hz >= settings.step_band_hz[0]) & (frequency_hz <= settings.step_band_hz[1])
    share = power[in_band].sum() / max(power[1:].sum(), np.finfo(float).tiny)
    return float(share * min(1.0, gap.std() / settings.full_swing_body_lengths))


def _check_seen(people: PeopleSeries, labels: NDArray[np.int64], runner: int, settings: FollowSettings) -> None:
    """Raise NoRunnerError when the runner is seen in too few frames."""
    seen = np.any(labels == runner, axis=1)
    share = float(np.mean(seen))
    seen_s = float(np.sum(seen)) * _frame_time_s(people.time_s)
    if seen_s < settings.min_seen_s or share < settings.min_seen_share:
        raise NoRunnerError(
            f"expected one person to be seen for {settings.min_seen_s:g} s and in "
            f"{settings.min_seen_share:.0%} of the frames, found one for {seen_s:.1f} s and in {share:.0%}: "
            "film one runner from head to feet, without cuts"
        )


def _frame_time_s(time_s: NDArray[np.float64]) -> float:
    """Return the median time between frames; 0 for fewer than two."""
    return float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0


def _count_people(time_s: NDArray[np.float64], labels: NDArray[np.int64], settings: FollowSettings) -> int:
    """Return the most tracks that are open at a time, without those too short to be a person."""
    step_s = _frame_time_s(time_s)
    present = np.zeros(len(labels), dtype=np.int64)
    for k in range(int(labels.max()) + 1):
        frames = np.flatnonzero(np.any(labels == k, axis=1))
        if len(frames) * step_s >= settings.min_person_s:
            present[frames[0] : frames[-1] + 1] += 1
    return int(present.max())


def _pick(people: PeopleSeries, mine: NDArray[np.bool_]) -> LandmarkSeries:
    """Return the chosen detections as the landmarks of one person."""
    n, landmarks = len(people), len(LANDMARK_INDEX)
    xy_px = np.full((n, landmarks, 2), np.nan)
    visibility = np.full((n, landmarks), np.nan)
    frames = mine.any(axis=1)
    xy_px[frames] = people.xy_px[mine]
    visibility[frames] = people.visibility[mine]
    return LandmarkSeries(people.time_s, xy_px, visibility, people.frame, people.frame_size_px)
