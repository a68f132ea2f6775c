from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.science.landmarks import LandmarkSeries
from midstance.science.legs import leg_length_px
from midstance.science.steadiness import drift_leg_lengths, jumps, repeated_share
from tests.science.test_notes import GOOD, note
from tests.support.runner import Camera, Gait, film

FILMED = film(Gait(duration_s=6.0), Camera(noise_px=0.5)).landmarks
LEG_PX = leg_length_px(FILMED)


def moved(shift_px: np.ndarray) -> LandmarkSeries:
    """Return the runner shifted to the right in each frame."""
    xy_px = FILMED.xy_px.copy()
    xy_px[..., 0] += shift_px[:, None]
    return replace(FILMED, xy_px=xy_px)


def test_a_steady_clip_is_steady() -> None:
    """A runner on a belt before a camera that stands: nothing repeats, jumps or drifts."""
    assert repeated_share(FILMED) == 0
    assert jumps(FILMED, LEG_PX) == 0
    assert drift_leg_lengths(FILMED, LEG_PX) < 0.1


@pytest.mark.parametrize(("every", "share"), [(2, 0.5), (3, 2 / 3), (10, 0.9)])
@pytest.mark.parametrize("noise_px", [0.05, 0.4])
def test_repeated_pictures_are_counted(every: int, share: float, noise_px: float) -> None:
    """Pictures shown several times are found although coding and crop keep their landmarks from being the same."""
    shown = np.arange(len(FILMED)) // every * every
    jitter = np.random.default_rng(1).normal(0, noise_px, FILMED.xy_px.shape)
    doubled = replace(FILMED, xy_px=FILMED.xy_px[shown] + jitter)
    assert repeated_share(doubled) == pytest.approx(share, abs=0.02)


def test_nobody_and_one_frame_repeat_nothing() -> None:
    """Where no movement is known nothing is claimed."""
    nobody = replace(FILMED, xy_px=np.full_like(FILMED.xy_px, np.nan))
    assert repeated_share(nobody) == 0


def test_a_cut_is_a_jump() -> None:
    """A picture that is elsewhere for a second jumps there and back."""
    frames = np.arange(len(FILMED))
    assert jumps(moved(np.where((frames > 100) & (frames < 160), LEG_PX, 0.0)), LEG_PX) == 2


def test_another_camera_is_a_jump() -> None:
    """A second from the front amid a run from the side jumps there and back, although the hips stay where they are."""
    front = film(Gait(duration_s=6.0), Camera(view="front", noise_px=0.5)).landmarks
    amid = FILMED.xy_px.copy()
    second = slice(120, 180)
    amid[second] = front.xy_px[second] + (FILMED.midpoint("hip") - front.midpoint("hip"))[second, None]
    assert jumps(replace(FILMED, xy_px=amid), LEG_PX) == 2
    assert jumps(front, LEG_PX) == 0


def test_a_swinging_camera_drifts() -> None:
    """A camera that swings slowly moves the runner through the picture; the bounce of running does not count."""
    swing = 0.5 * LEG_PX * np.sin(np.linspace(0, 2 * np.pi, len(FILMED)))
    assert drift_leg_lengths(moved(swing), LEG_PX) == pytest.approx(1.0, abs=0.1)
    assert jumps(moved(swing), LEG_PX) == 0


def test_what_the_recording_did_is_said() -> None:
    """Each fault of the recording turns its note into a caution that names it."""
    clip = replace(GOOD.clip, cut_off=True, interlaced=True)
    told = note("file", replace(GOOD, clip=clip))
    assert (told.level, "cut off" in told.message, "interlaced" in told.message) == ("caution", True, True)
    assert "rate varies" in note("file", replace(GOOD, clip=replace(GOOD.clip, variable_frame_rate=True))).message
    assert "50% of the pictures are repeated" in note("pictures", replace(GOOD, repeated_share=0.5)).message
    assert "jumps once" in note("camera", replace(GOOD, jumps=1)).message
    assert "0.8 leg lengths" in note("camera", replace(GOOD, drift_leg_lengths=0.8)).message


def test_a_runner_who_passes_by_says_nothing_of_the_camera() -> None:
    """Over ground the runner moves through the picture by right."""
    passing = replace(GOOD, drift_leg_lengths=5.0, jumps=2, scene=replace(GOOD.scene, surface="overground"))
    assert note("camera", passing).level == "good"
