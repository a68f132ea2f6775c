"""Place markers on rendered clips as a person would, follow them, and compare with what is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.markers.clips import Array, RenderedClip
from benchmarks.markers.paint import Look, hidden_by_arms, painted, random_look
from midstance.api import Progress
from midstance.science.landmarks import Side
from midstance.science.marker_tracks import POINT_NAMES, MarkerTracks, Placement
from midstance.science.pelvis_markers import pelvis_curves
from midstance.science.signals import sample
from midstance.track.markers import follow_markers

CLICK_SD_M = 0.003
"""How far off the middle of a marker people click."""
LONGEST_S = 3.0
"""Part of a clip that is followed."""
WRONG_M = 0.02
"""A marker further off than this is taken for something else."""


@dataclass(frozen=True)
class Trial:
    """One placement on one clip. Pixels are those of the clip, degrees estimate less truth."""

    clip: str
    view: str
    look: Look
    error_px: float
    """RMS distance from the true place, over the frames in which it was followed."""
    error_mm: float
    hidden_share: float
    """Share of the frames in which an arm covers a marker."""
    lost_share: float
    """Share of the frames without an arm in the way in which a marker was lost."""
    wrong_share: float
    """Share of the followed frames in which it was further off than `WRONG_M`."""
    angle_share: float
    """Share of all frames that have an angle, short gaps being filled."""
    bias_deg: float
    sd_deg: float
    """Over all frames."""
    leg_biases_deg: tuple[float, ...]
    leg_sds_deg: tuple[float, ...]
    """At midstance, of each leg that has any: the near leg from the side, both from front and rear, positive = too
    much tilt, or too much drop of the swing side."""
    midstances: int
    slope: float
    """Of estimate on truth over the frames."""

    @property
    def midstance_bias_deg(self) -> float:
        """Mean of the legs' biases; NaN without any."""
        return float(np.mean(self.leg_biases_deg)) if self.leg_biases_deg else float("nan")

    @property
    def midstance_sd_deg(self) -> float:
        """RMS of the legs' SDs; NaN without any."""
        return float(np.sqrt(np.mean(np.square(self.leg_sds_deg)))) if self.leg_sds_deg else float("nan")


def run_trials(clips: Sequence[RenderedClip], each: int, progress: Progress) -> list[Trial]:
    """Return `each` trials of every clip, each with another look, frame and click."""
    out = []
    for i, clip in enumerate(clips):
        for j in range(each):
            out.append(run_trial(clip, np.random.default_rng([i, j])))
            progress.step("markers", i * each + j + 1, len(clips) * each)
    return out


def run_trial(clip: RenderedClip, rng: np.random.Generator, look: Look | None = None) -> Trial:
    """Paint, place, follow and compare."""
    look = look or random_look(rng)
    start, stop = _span(clip, rng)
    part = shortened(clip, start, stop)
    hidden = hidden_by_arms(part)
    placement = place(part, hidden, rng)
    frames = ((number - start, picture) for number, picture in painted(clip, look, start, stop, rng))
    landmarks, scene = part.landmarks(rng), part.scene()
    tracks = follow_markers(frames, landmarks, landmarks, placement, scene.leg_length_px, lambda _: None)
    measure = "pelvic_tilt" if clip.view == "side" else "pelvic_drop"
    estimate = pelvis_curves(tracks, landmarks, scene)[measure, "left"]
    return _judged(part, look, tracks, hidden, estimate)


def shortened(clip: RenderedClip, start: int, stop: int) -> RenderedClip:
    """Return the truth of some of the frames."""
    points_m, points_px = ({n: p[start:stop] for n, p in t.items()} for t in (clip.points_m, clip.points_px))
    return replace(clip, time_s=clip.time_s[start:stop], points_m=points_m, points_px=points_px)


def place(clip: RenderedClip, hidden: np.ndarray, rng: np.random.Generator) -> Placement:
    """Click on both markers in a frame in which they are well seen, also just before and after."""
    covered = np.convolve(hidden.any(axis=1), np.ones(5), mode="same") > 0
    frame = int(rng.choice(np.flatnonzero(~covered)))
    clicks = [clip.points_px[n][frame] + rng.normal(0, CLICK_SD_M * clip.px_per_m, 2) for n in clip.marked]
    points = {n: (float(c[0]), float(c[1])) for n, c in zip(POINT_NAMES[clip.kind], clicks, strict=True)}
    return Placement(clip.kind, frame, points)


def _span(clip: RenderedClip, rng: np.random.Generator) -> tuple[int, int]:
    n = len(clip.time_s)
    length = min(n, int(np.searchsorted(clip.time_s, clip.time_s[0] + LONGEST_S)))
    start = int(rng.integers(0, n - length + 1))
    return start, start + length


def _judged(clip: RenderedClip, look: Look, tracks: MarkerTracks, hidden: np.ndarray, estimate: Array) -> Trial:
    true_px = np.stack([clip.points_px[n] for n in clip.marked], axis=1)
    off_px = np.linalg.norm(tracks.xy_px - true_px, axis=2)
    followed = np.isfinite(off_px)
    error_px = float(np.sqrt(np.mean(off_px[followed] ** 2)))
    truth = clip.true_angle_deg()
    known = np.isfinite(estimate)
    legs = _at_midstance(clip, estimate - truth)
    error_deg = (estimate - truth)[known]
    return Trial(
        clip=clip.path.stem,
        view=clip.view,
        look=look,
        error_px=error_px,
        error_mm=1000 * error_px / clip.px_per_m,
        hidden_share=float(hidden.mean()),
        lost_share=float((~followed & ~hidden).sum() / max((~hidden).sum(), 1)),
        wrong_share=float((off_px[followed] > WRONG_M * clip.px_per_m).mean()),
        angle_share=float(known.mean()),
        bias_deg=float(error_deg.mean()),
        sd_deg=float(error_deg.std()),
        leg_biases_deg=tuple(float(leg.mean()) for leg in legs),
        leg_sds_deg=tuple(float(leg.std()) for leg in legs),
        midstances=sum(len(leg) for leg in legs),
        slope=float(np.polyfit(truth[known], estimate[known], 1)[0]),
    )


def _at_midstance(clip: RenderedClip, error_deg: Array) -> list[Array]:
    """Return the errors at the midstances of each leg that has any."""
    signs: dict[Side, float] = {clip.near: 1.0} if clip.view == "side" else {"left": 1.0, "right": -1.0}
    legs = [sign * sample(clip.time_s, error_deg, clip.midstances_s[side]) for side, sign in signs.items()]
    known = [leg[np.isfinite(leg)] for leg in legs]
    return [leg for leg in known if len(leg)]
