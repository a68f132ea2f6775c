from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.science.landmarks import LANDMARK_INDEX, LandmarkSeries
from midstance.science.people import PeopleSeries
from midstance.web.glance import SHARES
from midstance.web.judging import judge
from tests.support.runner import Camera, Gait, film

SIZE_PX = (1080, 1920)
FEET = [LANDMARK_INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("ankle", "heel", "foot_index")]


def pictures(*bodies: LandmarkSeries) -> PeopleSeries:
    """Return a few pictures of one or more bodies."""
    first = bodies[0]
    rows = [round(share * (len(first) - 1)) for share in SHARES]
    visibility = np.stack([body.visibility[rows] for body in bodies], axis=1)
    return PeopleSeries(
        time_s=first.time_s[rows],
        frame=first.frame[rows],
        xy_px=np.stack([body.xy_px[rows] for body in bodies], axis=1),
        visibility=visibility,
        presence=visibility,
        frame_size_px=SIZE_PX,
    )


def runner(view: str = "side", **more: float) -> LandmarkSeries:
    """Return a stick figure that runs."""
    return film(Gait(), Camera(view=view, px_per_m=600.0, noise_px=1.0, **more)).landmarks  # type: ignore[arg-type]


def moved(body: LandmarkSeries, x_px: float, y_px: float = 0.0, scale: float = 1.0) -> LandmarkSeries:
    """Return a body elsewhere in the picture, in another size."""
    return replace(body, xy_px=scale * body.xy_px + [x_px, y_px])


@pytest.mark.parametrize(
    ("view", "slot"), [("side", "side"), ("side", "other_side"), ("front", "front"), ("rear", "rear")]
)
def test_a_runner_seen_as_the_place_says_is_taken(view: str, slot: str) -> None:
    """A whole runner alone in the picture, from the right side, leaves nothing to say."""
    judged = judge(pictures(runner(view)), slot)
    assert (judged.refusal, judged.remarks) == (None, ())


@pytest.mark.parametrize(
    ("view", "slot", "fits"),
    [
        ("front", "side", ["front", "rear"]),
        ("rear", "other_side", ["front", "rear"]),
        ("side", "front", ["side", "other_side"]),
        ("side", "rear", ["side", "other_side"]),
    ],
)
def test_another_view_is_refused_with_where_it_fits(view: str, slot: str, fits: list[str]) -> None:
    """A clip in the place of another view is refused, with the places that it fits; its owner may know better."""
    refusal = judge(pictures(runner(view)), slot).refusal
    assert refusal is not None
    assert (refusal.code, refusal.proposal, refusal.final) == ("other_view", {"slots": fits}, False)


def test_between_two_views_nothing_is_refused() -> None:
    """Seen at an angle of 45 degrees a clip is neither: the analysis decides."""
    for slot in ("side", "front"):
        assert judge(pictures(runner("front", yaw_deg=45.0)), slot).refusal is None


def test_nobody_is_refused() -> None:
    """A clip in which no picture shows a body is refused with what to film."""
    nobody = replace(runner(), xy_px=np.full_like(runner().xy_px, np.nan))
    refusal = judge(pictures(nobody), "front").refusal
    assert refusal is not None
    assert (refusal.code, refusal.drawing) == ("nobody", "front")
    assert refusal.do


def test_somebody_seen_now_and_then_is_remarked() -> None:
    """A runner in two of six pictures may be one who passes: that is said, not refused."""
    people = pictures(runner())
    people.xy_px[2:] = np.nan
    judged = judge(people, "side")
    assert judged.refusal is None
    assert any("Hardly anybody" in remark for remark in judged.remarks)


@pytest.mark.parametrize(("count", "refused", "remarked"), [(6, True, False), (3, False, True), (1, False, False)])
def test_feet_outside_the_picture(count: int, *, refused: bool, remarked: bool) -> None:
    """Feet below the picture's edge in most pictures are refused, in some remarked, in one left alone."""
    people = pictures(runner())
    people.xy_px[:count, 0, FEET, 1] += SIZE_PX[1]
    judged = judge(people, "side")
    assert (judged.refusal is not None and judged.refusal.code == "legs_out_of_frame") == refused
    assert any("feet leave" in remark for remark in judged.remarks) == remarked


def test_others_beside_the_runner_are_remarked_and_leave_doubt() -> None:
    """Of two people the nearer need not be the runner: neither the view nor the feet of one are a reason to refuse."""
    bystander = moved(runner("front"), 300.0, 0.0, 1.3)
    judged = judge(pictures(runner(), bystander), "side")
    assert judged.refusal is None
    assert any("More than one person" in remark for remark in judged.remarks)


def test_a_body_seen_twice_and_somebody_far_behind_are_no_others() -> None:
    """A second view of one body, and a small figure in the background, are not worth a word."""
    body = runner()
    for second in (moved(body, 15.0, 10.0), moved(body, 700.0, 300.0, 0.3)):
        assert judge(pictures(body, second), "side").remarks == ()
