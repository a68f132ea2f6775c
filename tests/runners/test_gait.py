from dataclasses import replace

import numpy as np
import pytest

from runners.body import SIDES, body_names, hip_centres, load_body
from runners.fit import rest_tilt_deg
from runners.gait import Gait
from runners.geometry import about_y, apply
from runners.norms import curves
from runners.pose import Poser
from runners.spec import TYPICAL, RunnerSpec, steady
from runners.stance import foot_rotation
from runners.truth import Timeline, angles, stance_rows, timeline


def one_stride(gait: Gait, side: str) -> dict[str, np.ndarray]:
    """Return one stride's angles at 0..99 % of it."""
    first, second = gait.stances[side][1:3]
    t = np.linspace(first.step.start_s, second.step.start_s, 100, endpoint=False)
    return angles(Poser(gait).pose(t).points, side)


@pytest.mark.parametrize("name", body_names())
def test_mean_curves_follow_the_norms(name: str) -> None:
    """Hip, knee and ankle curves of the typical runner lie within about 1 SD of 46 runners, on every body."""
    body = load_body(name)
    gait = Gait(body, steady(TYPICAL), 1.0, seed=0)
    own = one_stride(gait, "right")
    hip = own["thigh_inclination"] + own["pelvic_tilt"] - rest_tilt_deg(body)
    for joint, values in (("hip", hip), ("knee", own["knee_flexion"]), ("ankle", own["ankle_dorsiflexion"])):
        norm = curves()[joint]
        z = (values - norm.mean_deg[:100]) / norm.sd_deg[:100]
        assert np.abs(z).max() < 1.6, joint
        assert np.quantile(np.abs(z), 0.9) < 1.1, joint
        assert np.sqrt(np.mean(z**2)) < 0.7, joint


def test_foot_neither_slips_nor_sinks_while_it_is_flat(typical: Gait) -> None:
    """A flat foot moves back at belt speed to a tenth of a millimetre and keeps its height."""
    stance = typical.stances["right"][2].step
    start = stance.start_s + stance.contact_time_s * stance.flat_at
    t = np.linspace(start, stance.start_s + stance.contact_time_s * stance.heel_rise_at, 20)
    ankle = typical.leg("right", t).ankle
    drift = ankle[:, 0] + typical.spec.speed_mps * t
    assert np.ptp(drift) < 1e-4
    assert np.ptp(ankle[:, 1:], axis=0).max() < 1e-4


@pytest.mark.parametrize("side", SIDES)
def test_shoe_touches_the_belt_in_stance_and_only_then(typical: Gait, side: str, fine_time_s: np.ndarray) -> None:
    """The lowest sole point is on the belt throughout stance and above it throughout swing."""
    leg = typical.leg(side, fine_time_s)
    model = typical.limbs.feet[side]
    base = leg.ankle - apply(foot_rotation(leg.yaw, leg.pitch), model.shoe.ankle)
    height = model.clearance(leg.pitch, leg.toe_extension, base[:, 2])
    assert np.abs(height[leg.in_stance]).max() < 2e-4
    assert height[~leg.in_stance].min() > -5e-4
    for step in (s.step for s in typical.stances[side] if 0 < s.step.start_s < 2):
        middle = (fine_time_s > step.end_s + 0.02) & (fine_time_s < step.end_s + 0.35)
        assert height[middle].min() > 0.0015


@pytest.mark.parametrize("side", SIDES)
def test_toe_tip_leaves_the_belt_at_toe_off(typical: Gait, side: str) -> None:
    """The last part of the shoe to touch is below the toes, and it is 1 mm clear 15 ms after toe-off."""
    model = typical.limbs.feet[side]
    step = typical.stances[side][2].step
    leg = typical.leg(side, np.array([step.end_s - 0.002, step.end_s + 0.015]))
    sole = model.sole_points(leg.pitch, leg.toe_extension)
    assert np.argmin(sole[0, :, 1]) >= 33  # of 40 points from heel to tip
    base = leg.ankle - apply(foot_rotation(leg.yaw, leg.pitch), model.shoe.ankle)
    assert model.clearance(leg.pitch, leg.toe_extension, base[:, 2])[1] > 0.001


@pytest.mark.parametrize("side", SIDES)
def test_leg_moves_without_jumps(typical: Gait, side: str, fine_time_s: np.ndarray) -> None:
    """Knee and ankle move less than 12 mm a millisecond anywhere: stance and swing join."""
    leg = typical.leg(side, fine_time_s)
    for joint in (leg.knee, leg.ankle):
        assert np.linalg.norm(np.diff(joint, axis=0), axis=1).max() < 0.012


def test_hips_obey_harrington_in_every_pose(typical_line: Timeline) -> None:
    """Hip centres equal the regression from the posed ASIS and PSIS: truth and body share them."""
    hips = hip_centres(dict(typical_line.points))
    for side in SIDES:
        gap = np.linalg.norm(hips[f"{side}_hip"] - typical_line.points[f"{side}_hip"], axis=1)
        assert gap.max() < 1e-6


def test_segments_keep_their_length(typical_line: Timeline) -> None:
    """Thigh and shank are rigid."""
    for side in SIDES:
        for a, b in (("hip", "knee"), ("knee", "ankle")):
            ends = typical_line.points[f"{side}_{a}"] - typical_line.points[f"{side}_{b}"]
            assert np.ptp(np.linalg.norm(ends, axis=1)) < 1e-6


@pytest.mark.slow
@pytest.mark.parametrize(
    ("habit", "column", "low", "high"),
    [
        ("toe_out_deg", "foot_progression_midstance_deg", 2.0, 18.0),
        ("knee_valgus_deg", "knee_valgus_midstance_deg", -5.0, 9.0),
        ("pelvic_drop_deg", "pelvic_drop_stance_peak_deg", 2.0, 9.0),
        ("foot_pitch_contact_deg", "foot_pitch_contact_deg", 2.0, 14.0),
        ("foot_line_m", "step_width_m", 0.02, 0.06),
    ],
)
def test_frontal_and_foot_habits_come_out_as_asked(habit: str, column: str, low: float, high: float) -> None:
    """What a spec asks for is what the truth measures, at both ends of the range."""
    for value in (low, high):
        asked = value if habit != "foot_line_m" else 2 * value
        tolerance = 0.002 if habit == "foot_line_m" else 0.3
        for row in calm_rows(with_habit(habit, value)):
            if np.isfinite(float(row[column])):
                assert float(row[column]) == pytest.approx(asked, abs=tolerance)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("habit", "column", "values"),
    [
        ("knee_flexion_peak_deg", "knee_flexion_midstance_deg", (35.0, 46.0)),
        ("dorsiflexion_peak_deg", "ankle_dorsiflexion_stance_peak_deg", (17.0, 26.0)),
    ],
)
def test_fitted_peaks_follow_the_request(habit: str, column: str, values: tuple[float, float]) -> None:
    """Stance peaks that the fit has to find come within 3 degrees of the request and keep its order."""
    found = [float(calm_rows(with_habit(habit, v))[2][column]) for v in values]
    assert found == pytest.approx(values, abs=3.0)
    assert found[1] - found[0] > 0.6 * (values[1] - values[0])


def test_same_seed_same_run_other_seed_other_run() -> None:
    """The motion depends on the seed and on nothing else."""
    body = load_body("male_3")
    t = np.array([0.4, 0.9])
    first, again, other = (Gait(body, TYPICAL, 1.0, seed).leg("left", t).ankle for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.allclose(first, other, atol=1e-3)


def test_strides_vary_by_about_the_stated_amount(typical: Gait) -> None:
    """Toe-out and contact time scatter from step to step with the spec's standard deviations."""
    long = Gait(typical.body, TYPICAL, 30.0, seed=5)
    steps = [s.step for s in long.stances["right"]]
    toe_out = np.std([s.toe_out_deg for s in steps])
    assert toe_out == pytest.approx(TYPICAL.variability.toe_out_deg, rel=0.35)
    stances = np.std([s.contact_time_s for s in steps])
    assert stances == pytest.approx(TYPICAL.variability.contact_time_s, rel=0.35)


def test_left_and_right_mirror_each_other() -> None:
    """A symmetrical runner has the same angles on both sides, positive in the same direction."""
    gait = Gait(load_body("male_1"), steady(TYPICAL), 1.0, seed=2)
    left, right = one_stride(gait, "left"), one_stride(gait, "right")
    for name in ("knee_flexion", "foot_progression", "knee_valgus", "pelvic_drop", "hip_adduction"):
        assert np.abs(left[name] - right[name]).max() < 1.0, name


def test_pelvis_tilts_and_trunk_leans_as_asked(typical_line: Timeline) -> None:
    """Mean pelvic tilt (PSIS to ASIS) and trunk lean over the run are the spec's."""
    own = typical_line.angles["left"]
    assert own["pelvic_tilt"].mean() == pytest.approx(TYPICAL.pelvic_tilt_deg, abs=0.5)
    assert own["trunk_lean"].mean() == pytest.approx(TYPICAL.trunk_lean_deg, abs=0.7)


def test_toes_up_is_positive_pitch() -> None:
    """The sign of foot pitch is the contract's."""
    toes = apply(foot_rotation(np.zeros(1), np.radians([10.0])), np.array([1.0, 0.0, 0.0]))
    assert toes[0, 2] > 0
    assert np.allclose(toes[0], apply(about_y(np.radians(-10.0)), np.array([1.0, 0, 0])))


def with_habit(habit: str, value: float) -> RunnerSpec:
    """Return the typical runner with one habit changed on both sides."""
    left, right = (replace(TYPICAL.side(s), **{habit: value}) for s in SIDES)
    return replace(TYPICAL, left=left, right=right)


def calm_rows(spec: RunnerSpec) -> list[dict[str, float | str]]:
    """Return the truth of identical strides."""
    gait = Gait(load_body("male_1"), steady(spec), 1.5, seed=1)
    return stance_rows(gait, timeline(Poser(gait), 1.5, grid_s=0.004))
