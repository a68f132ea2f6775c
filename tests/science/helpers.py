"""Small builders and comparisons that the tests of the science share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from midstance.science.cleaning import clean
from midstance.science.landmarks import LANDMARK_INDEX, LandmarkSeries, Side
from midstance.science.records import ClipFacts, Instant, MeasureValue, Stride, View, ViewAnalysis
from midstance.science.settings import CleaningSettings, Settings
from midstance.science.stances import Contact, Contacts
from midstance.science.view import NOTHING_KNOWN, SideFacts, analyse_view, facts_from_side
from tests.support.runner import Camera, Filmed, Gait, TrueStance, film

MATCH_S = 0.05
"""Initial contacts nearer than this belong to the same stance."""
FLAT_FEET = {
    "left_heel": (90, 100), "right_heel": (90, 100), "left_foot_index": (110, 100), "right_foot_index": (110, 100),
}  # fmt: skip
"""Feet that look to the picture's right."""


def series(points: Mapping[str, ArrayLike], frames: int = 5, fps: float = 60.0) -> LandmarkSeries:
    """Return landmarks of the given points, (2,) or (n, 2); all others are missing."""
    xy = np.full((frames, 33, 2), np.nan)
    for name, place in points.items():
        xy[:, LANDMARK_INDEX[name]] = place
    visibility = np.where(np.isnan(xy[..., 0]), np.nan, 1.0)
    return LandmarkSeries(np.arange(frames) / fps, xy, visibility, np.arange(frames))


def with_xy(landmarks: LandmarkSeries, xy_px: NDArray[np.float64]) -> LandmarkSeries:
    """Return the same series with other landmarks."""
    visibility = np.where(np.isnan(xy_px[..., 0]), np.nan, 1.0)
    return LandmarkSeries(landmarks.time_s, xy_px, visibility, landmarks.frame, landmarks.frame_size_px)


def keep_frames(landmarks: LandmarkSeries, frames: NDArray[np.bool_] | slice) -> LandmarkSeries:
    """Return some of the frames, the others being absent."""
    return LandmarkSeries(
        landmarks.time_s[frames],
        landmarks.xy_px[frames],
        landmarks.visibility[frames],
        landmarks.frame[frames],
        landmarks.frame_size_px,
    )


def clip_facts(landmarks: LandmarkSeries) -> ClipFacts:
    """Return what is known of a clip of these landmarks."""
    return ClipFacts("clip.csv", len(landmarks), landmarks.fps, landmarks.duration_s)


def analyse(
    landmarks: LandmarkSeries, view: View, known: SideFacts = NOTHING_KNOWN, settings: Settings | None = None
) -> ViewAnalysis:
    """Analyse one clip under the name of its view."""
    return analyse_view(view, view, landmarks, clip_facts(landmarks), settings or Settings(), known)


def analyse_film(filmed: Filmed, known: SideFacts = NOTHING_KNOWN, settings: Settings | None = None) -> ViewAnalysis:
    """Analyse a filmed stick figure."""
    return analyse(filmed.landmarks, filmed.camera.view, known, settings)


@dataclass(frozen=True, eq=False)
class EventErrors:
    """Found stances against true ones. Errors in ms, found less true."""

    missed: list[TrueStance]
    false: list[Stride]
    contact_ms: NDArray[np.float64]
    midstance_ms: NDArray[np.float64]
    toe_off_ms: NDArray[np.float64]


def compare_events(
    strides: list[Stride] | tuple[Stride, ...], truth: list[TrueStance], must: list[TrueStance], within_s: float = 0.06
) -> EventErrors:
    """Match strides to the true stances of their side by initial contact.

    Parameters
    ----------
    strides : sequence of Stride
    truth : list of TrueStance
        Every true stance: a stride that matches none is false.
    must : list of TrueStance
        Those that lie well within the clip: one that matches no stride is missed.
    within_s : float
        Largest distance of a match.
    """

    def match(stance: TrueStance) -> Stride | None:
        near = [s for s in strides if s.side == stance.side and _apart_s(s, stance) <= within_s]
        return min(near, key=lambda s: _apart_s(s, stance)) if near else None

    pairs = [(stance, match(stance)) for stance in must]
    found = [(stance, stride) for stance, stride in pairs if stride is not None]
    names = ("initial_contact_s", "midstance_s", "toe_off_s")
    errors = [np.array([1000 * (getattr(f, n) - getattr(t, n)) for t, f in found]) for n in names]
    false = [s for s in strides if not any(t.side == s.side and _apart_s(s, t) <= within_s for t in truth)]
    return EventErrors([t for t, f in pairs if f is None], false, *errors)


def film_events(view: ViewAnalysis, filmed: Filmed) -> EventErrors:
    """Compare the stances of an analysis with those of the stick figure."""
    return compare_events(view.strides, filmed.stances(), filmed.stances(margin_s=0.15))


def rms(values: NDArray[np.float64]) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def values_of(view: ViewAnalysis, measure: str, instant: Instant, side: Side) -> list[MeasureValue]:
    """Return one number of each stride of a side."""
    return [v for v in view.values if (v.measure, v.instant, v.side) == (measure, instant, side)]


def numbers_of(view: ViewAnalysis, measure: str, instant: Instant, side: Side) -> NDArray[np.float64]:
    """Return the values of one number over the strides of a side."""
    return np.array([v.value for v in values_of(view, measure, instant, side)])


def stride_of(view: ViewAnalysis, value: MeasureValue) -> Stride:
    """Return the stride that a number belongs to."""
    return next(s for s in view.strides if (s.side, s.number) == (value.side, value.stride))


def _apart_s(stride: Stride, stance: TrueStance) -> float:
    return abs(stride.initial_contact_s - stance.initial_contact_s)


@cache
def run_of(gait: Gait = Gait(), camera: Camera = Camera()) -> tuple[Filmed, ViewAnalysis]:  # noqa: B008 - both are frozen
    """Film a stick figure and analyse it; the same pair for the same arguments, since nothing in it changes."""
    filmed = film(gait, camera)
    return filmed, analyse_film(filmed)


@cache
def frontal_run_of(gait: Gait, camera: Camera) -> tuple[Filmed, ViewAnalysis]:
    """Film a stick figure from front or rear and analyse it together with a side view, as `run_of`."""
    filmed = film(gait, camera)
    return filmed, analyse_film(filmed, facts_from_side(run_of(gait)[1]))


STEADY = Gait(variability=0.02, seed=1)
"""A usual runner with a little unevenness."""


def cleaned(filmed: Filmed) -> LandmarkSeries:
    """Return the landmarks as the analysis sees them."""
    return clean(filmed.landmarks, CleaningSettings()).landmarks


def errors_ms(found: Contacts, filmed: Filmed) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Pair every true stance with a found one; fails where one is missed or invented.

    Returns
    -------
    tuple of arrays
        Errors of contact and of toe-off in ms, found less true.
    """
    certain = filmed.stances(margin_s=0.1)
    pairs = [(t, min(found.of(t.side), key=lambda c: _off_s(c, t))) for t in certain]
    missed = [t for t, c in pairs if _off_s(c, t) > MATCH_S]
    invented = [
        c for c in found.contacts if not any(t.side == c.side and _off_s(c, t) <= MATCH_S for t in filmed.stances())
    ]
    assert not missed
    assert not invented
    assert len(found.contacts) <= len(filmed.stances())
    contact = np.array([c.initial_contact_s - t.initial_contact_s for t, c in pairs])
    toe_off = np.array([c.toe_off_s - t.toe_off_s for t, c in pairs])
    return 1000 * contact, 1000 * toe_off


def _off_s(contact: Contact, stance: TrueStance) -> float:
    return abs(contact.initial_contact_s - stance.initial_contact_s)
