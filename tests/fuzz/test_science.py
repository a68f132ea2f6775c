"""The science against landmarks that no camera gives: it tells numbers, says that it cannot, or refuses in one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from midstance.api import ClipLandmarks, analyze_landmarks
from midstance.science.edits import Edits
from midstance.science.landmarks import LANDMARK_INDEX, LandmarkSeries
from midstance.science.marker_tracks import POINT_NAMES, MarkerTracks, Placement
from midstance.science.pelvis_markers import kinds_of
from midstance.science.records import Analysis, ClipFacts, View
from midstance.science.settings import Settings
from midstance.storage.analysis_json import analysis_to_dict
from tests.fuzz.profile import FUZZ
from tests.fuzz.readers import refuses_politely
from tests.support.runner import Camera, Gait, film

Floats = NDArray[np.float64]
Spoiler = Callable[[Floats, np.random.Generator], Floats]
VIEWS: tuple[View, ...] = ("side", "front", "rear")
LEGS = [LANDMARK_INDEX[f"{side}_{joint}"] for side in ("left", "right") for joint in ("knee", "ankle", "heel")]


@cache
def clip(view: View) -> LandmarkSeries:
    """Return three seconds of a runner."""
    return film(Gait(duration_s=3.0, variability=0.03, seed=5), Camera(view=view, noise_px=1.0)).landmarks


def gaps(xy: Floats, rng: np.random.Generator) -> Floats:
    """Lose stretches of some landmarks."""
    xy = xy.copy()
    for joint in rng.choice(33, 12, replace=False):
        start = int(rng.integers(0, len(xy)))
        xy[start : start + int(rng.integers(1, 60)), joint] = np.nan
    return xy


def all_missing(xy: Floats, _: np.random.Generator) -> Floats:
    """See nobody."""
    return np.full_like(xy, np.nan)


def legs_missing(xy: Floats, _: np.random.Generator) -> Floats:
    """See nobody below the hips."""
    xy = xy.copy()
    xy[:, LEGS] = np.nan
    return xy


def constant(xy: Floats, _: np.random.Generator) -> Floats:
    """See a statue."""
    return np.broadcast_to(xy[:1], xy.shape).copy()


def one_point(xy: Floats, _: np.random.Generator) -> Floats:
    """See every landmark in one place."""
    return np.where(np.isnan(xy), np.nan, xy[np.isfinite(xy)][:1].sum())


def backwards(xy: Floats, _: np.random.Generator) -> Floats:
    """Play it backwards."""
    return xy[::-1].copy()


def huge(xy: Floats, rng: np.random.Generator) -> Floats:
    """Blow it up to what a file may hold at most, or beyond."""
    return np.asarray(xy * rng.choice([1e3, 1e6, 1e12]))


def tiny(xy: Floats, rng: np.random.Generator) -> Floats:
    """Shrink it to nothing."""
    return np.asarray(xy * rng.choice([1e-3, 1e-9, 1e-200]))


def spikes(xy: Floats, rng: np.random.Generator) -> Floats:
    """Throw single landmarks far away."""
    xy = xy.copy()
    xy[rng.random(xy.shape) < 0.02] = rng.choice([-1e6, 1e6])
    return xy


SPOILERS: list[Spoiler] = [
    gaps, all_missing, legs_missing, constant, one_point, backwards, huge, tiny, spikes,
]  # fmt: skip


@st.composite
def landmark_series(draw: st.DrawFn, view: View) -> LandmarkSeries:
    """Draw landmarks: spoilt ones of a runner, at odd times, often cut to few frames."""
    whole, rng = clip(view), np.random.default_rng(draw(st.integers(0, 10**6)))
    xy = whole.xy_px
    for spoil in draw(st.lists(st.sampled_from(SPOILERS), max_size=2)):
        xy = spoil(xy, rng)
    count = draw(st.sampled_from([1, 2, 3, 10, 60, len(whole), len(whole), len(whole)]))
    steps = draw(st.sampled_from(["steady", "steady", "varying", "slow", "fast", "hole"]))
    time_s = _times(steps, whole.time_s[:count], rng)
    seen = ~np.isnan(xy[:count, :, 0])
    visibility = draw(arrays(np.float64, 33, elements=st.floats(0, 1))) + np.zeros((count, 33))
    return LandmarkSeries(
        time_s, xy[:count], np.where(seen, visibility, np.nan), np.arange(count), draw(st.sampled_from([None, (1, 1)]))
    )


def _times(kind: str, time_s: Floats, rng: np.random.Generator) -> Floats:
    if kind == "varying":
        return np.asarray(np.cumsum(rng.uniform(1e-5, 0.05, len(time_s))) + rng.choice([0, 4e9]))
    if kind == "hole":
        return np.asarray(time_s + (np.arange(len(time_s)) > len(time_s) // 2) * rng.choice([0.3, 1e6]))
    return np.asarray(time_s * {"slow": 1e3, "fast": 1e-3}.get(kind, 1.0))


def marker_tracks(series: LandmarkSeries, view: View, seed: int) -> MarkerTracks:
    """Return markers that go anywhere."""
    rng, kind = np.random.default_rng(seed), kinds_of(view)[0]
    xy = rng.normal(500, rng.choice([0.0, 50.0, 1e9]), (len(series), 2, 2))
    xy[rng.random(len(series)) < rng.choice([0.0, 0.3, 1.0])] = np.nan
    placement = Placement(kind, 0, dict.fromkeys(POINT_NAMES[kind], (1.0, 2.0)))
    return MarkerTracks(placement, series.time_s, series.frame, xy, np.ones((len(series), 2)))


def infinities(value: Any, where: str = "") -> list[str]:
    """Return where a record holds a number that is not finite and not NaN."""
    if is_dataclass(value):
        return [found for f in fields(value) for found in infinities(getattr(value, f.name), f"{where}.{f.name}")]
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in infinities(item, f"{where}[{key!r}]")]
    if isinstance(value, list | tuple):
        return [found for i, item in enumerate(value) for found in infinities(item, f"{where}[{i}]")]
    if isinstance(value, float | np.ndarray) and np.issubdtype(np.asarray(value).dtype, np.floating):
        return [where] if np.isinf(value).any() else []
    return []


settings_ = st.builds(
    Settings,
    force=st.booleans(),
    height_m=st.sampled_from([None, 1.7]),
    speed_mps=st.sampled_from([None, 0.3, 15.0]),
    surface=st.sampled_from(["auto", "treadmill", "overground"]),
)
times = st.floats(-1, 5)
side = st.sampled_from(["left", "right"])
stance = st.fixed_dictionaries({"side": side, "at_s": times})
edits_ = st.fixed_dictionaries(
    {},
    optional={
        "removed": st.lists(stance, max_size=8),
        "excluded": st.lists(stance, max_size=3),
        "moved": st.lists(
            st.builds(
                lambda s, e, t: s | {"event": e, "to_s": t},
                stance,
                st.sampled_from(["toe_off", "initial_contact"]),
                times,
            ),
            max_size=3,
        ),
        "added": st.lists(
            st.builds(
                lambda s, t, d: {"side": s, "initial_contact_s": t, "toe_off_s": t + d}, side, times, st.floats(0.01, 2)
            ),
            max_size=3,
        ),
        "swapped": st.lists(
            st.builds(lambda a, d: {"start_s": a, "stop_s": a + d}, times, st.floats(0.01, 9)), max_size=2
        ),
        "level_deg": st.floats(-30, 30),
    },
)


def analysed(
    clips: list[tuple[View, ClipLandmarks]],
    settings: Settings,
    edits: dict[str, Any],
    pelvis: Mapping[str, MarkerTracks | None] | None,
) -> Analysis | None:
    """Analyse; None when it is refused in one line."""
    found: list[Analysis] = []

    def analyse(_: bytes) -> None:
        found.append(analyze_landmarks(clips, settings, Edits.from_plain(edits), pelvis))

    return None if refuses_politely(analyse, b"") else found[0]


@FUZZ
@given(data=st.data(), view=st.sampled_from(VIEWS), settings=settings_, seed=st.integers(0, 999))
def test_any_landmarks_are_measured_or_refused(data: st.DataObject, view: View, settings: Settings, seed: int) -> None:
    """Numbers that come out are finite or NaN, and what is written is JSON without either infinity; else one line."""
    series = data.draw(landmark_series(view))
    facts = ClipFacts("clip", len(series), series.fps, series.duration_s)
    pelvis: dict[str, MarkerTracks | None] | None = (
        {view: marker_tracks(series, view, seed)} if data.draw(st.booleans()) else None
    )
    edits = {"views": {view: data.draw(edits_)}} if data.draw(st.booleans()) else {}
    clips: list[tuple[View, ClipLandmarks]] = [(view, ClipLandmarks(series, facts, None))]
    analysis = analysed(clips, settings, edits, pelvis)
    if analysis is None:
        return
    assert infinities([(v.values, v.strides, v.curves, v.scene) for v in analysis.views]) == []
    assert infinities(analysis.summary) == []
    assert infinities(analysis.findings) == []
    json.dumps(analysis_to_dict(analysis), allow_nan=False)
