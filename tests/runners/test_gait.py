from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from runners.body import SIDES, body_names, hip_centres, load_body
from runners.fit import rest_tilt_deg
from runners.gait import Gait
from runners.geometry import about_y, apply
from runners.norms import curves
from runners.pose import Poser
from runners.shoe import SOLE_M
from runners.spec import RESTRICTED, TYPICAL, RunnerSpec, in_proportion, steady
from runners.stance import foot_rotation
from runners.truth import Timeline, angles, stance_rows, timeline

USUAL_M = (1.70, 1.90)
GRAVITY_MPS2 = 9.81


def one_stride(gait: Gait, side: str) -> dict[str, np.ndarray]:
    """Return one stride's angles at 0..99 % of it."""
    first, second = gait.stances[side][1:3]
    t = np.linspace(first.step.start_s, second.step.start_s, 100, endpoint=False)
    return angles(Poser(gait).pose(t).points, side)


@pytest.mark.parametrize("name", body_names())
def test_mean_curves_follow_the_norms(name: str) -> None:
    """Hip, knee and ankle curves lie within about 1 SD of 46 runners on every body.

    Bodies far from the specs' stature run at the speed and tempo that suit them, not at 2.5 m/s and 172 steps a minute.
    """
    body = load_body(name)
    spec = TYPICAL if USUAL_M[0] < body.stature_m < USUAL_M[1] else in_proportion(TYPICAL, body.stature_m)
    gait = Gait(body, steady(spec), 1.0, seed=0)
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
        pytest.param(
            "dorsiflexion_peak_deg",
            "ankle_dorsiflexion_stance_peak_deg",
            (17.0, 26.0),
            marks=pytest.mark.xfail(
                reason="20.7 and 23.3 come out: the fit follows the knee eight times, the ankle four"
            ),
        ),
    ],
)
def test_fitted_peaks_follow_the_request(habit: str, column: str, values: tuple[float, float]) -> None:
    """Stance peaks come within 4.5 degrees of extreme requests and keep their order.

    Body weight, speed and timing settle the rest: they leave no room for a knee of 46 or an ankle of 17 degrees.
    """
    found = [float(calm_rows(with_habit(habit, v))[2][column]) for v in values]
    assert found == pytest.approx(values, abs=4.5)
    assert found[1] - found[0] > 0.5 * (values[1] - values[0])


@pytest.mark.slow
def test_stiff_ankle_with_early_heel_rise_bends_less() -> None:
    """An ankle asked to bend little gives at least 8 degrees less dorsiflexion than a usual one."""
    right = [next(r for r in calm_rows(spec) if r["side"] == "right") for spec in (TYPICAL, RESTRICTED)]
    usual, stiff = (float(r["ankle_dorsiflexion_stance_peak_deg"]) for r in right)
    assert usual - stiff > 8


@pytest.mark.parametrize("spec", [TYPICAL, RESTRICTED], ids=["typical", "restricted"])
@pytest.mark.parametrize("name", ["female_1", "male_1", "male_3"])
def test_hips_fall_freely_in_flight(name: str, spec: RunnerSpec) -> None:
    """Between toe-off and contact the hips' midpoint accelerates down at 9.81 m/s2."""
    gait = Gait(load_body(name), spec, 2.0, seed=4)
    step_s = 0.002
    for now, after in pairwise(gait.path.steps[6:12]):
        t = np.arange(now.end_s + step_s, after.start_s - step_s, step_s)
        z = [gait.path.position(t + k * step_s)[:, 2] for k in (-1, 0, 1)]
        assert (z[0] - 2 * z[1] + z[2]) / step_s**2 == pytest.approx(-GRAVITY_MPS2, rel=0.05)


@pytest.mark.parametrize("spec", [TYPICAL, RESTRICTED], ids=["typical", "restricted"])
def test_hips_leave_the_belt_rising(spec: RunnerSpec) -> None:
    """At toe-off the hips rise at 60 to 105 % of what a flight of equal rise and fall needs, and land faster.

    In the RBDS trial it is 0.48 m/s of 0.53, and they land at 0.61 m/s.
    """
    gait = Gait(load_body("male_1"), steady(spec), 1.5, seed=1)
    here, after = gait.path.steps[6:8]
    even = GRAVITY_MPS2 * (after.start_s - here.end_s) / 2
    leaving, landing = (speed_up(gait, t) for t in (here.end_s, after.start_s))
    assert 0.6 * even < leaving < 1.05 * even
    assert -0.7 < landing < -even


@pytest.mark.parametrize("spec", [TYPICAL, RESTRICTED], ids=["typical", "restricted"])
def test_belt_carries_the_weight_and_never_pulls(spec: RunnerSpec) -> None:
    """Over a stride the vertical force averages body weight; it is never negative, and none in flight."""
    gait = Gait(load_body("male_1"), steady(spec), 1.5, seed=1)
    first, last = (s.step for s in gait.stances["right"][1:3])
    t = np.linspace(first.start_s, last.start_s, 2000, endpoint=False)
    force = gait.path.bounce.contact_force(t)
    assert force.mean() == pytest.approx(1.0, abs=0.002)
    assert force.min() >= 0
    assert 1.6 < force.max() < 2.6
    planted = gait.leg("left", t).in_stance | gait.leg("right", t).in_stance
    assert force[~planted].max() < 1e-9
    assert speed_up(gait, first.start_s) == pytest.approx(speed_up(gait, last.start_s), abs=1e-3)


def test_varied_steps_keep_their_height(typical: Gait) -> None:
    """Chance moves heights and pushes a little, but the runner neither sinks nor climbs."""
    bounce = typical.path.bounce
    assert np.std(bounce.height_m) < 0.012
    assert abs(np.polyfit(bounce.start_s, bounce.height_m, 1)[0]) < 0.002
    assert np.asarray(bounce.push.mean_mps2).min() > 0


@pytest.mark.parametrize("spec", [TYPICAL, RESTRICTED], ids=["typical", "restricted"])
def test_vertical_oscillation_is_a_runner_s(spec: RunnerSpec) -> None:
    """At 172 steps a minute with flights of 75 ms the hips move up and down by 5.5 to 9 cm."""
    for row in calm_rows(spec):
        if np.isfinite(float(row["vertical_oscillation_m"])):
            assert 0.055 < float(row["vertical_oscillation_m"]) < 0.09


POSTURE = [
    ("foot_pitch", -43.8, 6.0),
    ("knee_flexion", 13.2, 6.0),
    ("thigh_inclination", -18.8, 4.0),
    ("ankle_dorsiflexion", -15.2, 5.0),
    ("ankle_x", -0.425, 0.06),
    ("ankle_z", -0.903, 0.04),
    ("foot_pitch_rate", -440.0, 150.0),
]
"""Right toe-off of RBDS subject 1 at 2.5 m/s (mean of both legs, timed on the force plate), and how near to come.

Degrees, degrees per second; ankle from the hip in leg lengths.
"""


@pytest.mark.parametrize(("measure", "captured", "tolerance"), POSTURE)
def test_typical_toe_off_looks_like_motion_capture(measure: str, captured: float, tolerance: float) -> None:
    """The typical runner leaves the belt in the posture of a real one."""
    assert toe_off_posture(TYPICAL)[measure] == pytest.approx(captured, abs=tolerance)


@pytest.mark.parametrize(
    ("measure", "captured", "tolerance"),
    [pytest.param(*row) for row in POSTURE],
)
def test_restricted_toe_off_looks_like_motion_capture(measure: str, captured: float, tolerance: float) -> None:
    """The restricted leg rises early from the heel, but leaves the belt like anyone's."""
    assert toe_off_posture(RESTRICTED)[measure] == pytest.approx(captured, abs=tolerance)


@pytest.mark.parametrize(
    "spec",
    [
        TYPICAL,
        pytest.param(
            RESTRICTED, marks=pytest.mark.xfail(reason="5 to 7 cm: a flat heel under a stiff ankle asks for it")
        ),
    ],
    ids=["typical", "restricted"],
)
def test_hips_hardly_swing_fore_and_aft(spec: RunnerSpec) -> None:
    """The hips' midpoint swings by less than 4 cm, and nothing pushes it in flight: under 3 m/s2."""
    gait = Gait(load_body("male_1"), steady(spec), 1.5, seed=1)
    here = gait.path.steps[6:8]
    t = np.linspace(here[0].start_s, here[0].start_s + spec.stride_time_s, 500)
    assert np.ptp(gait.path.forward(t)) < 0.04
    h = 0.002
    for step in here:
        flight = np.linspace(step.end_s, step.start_s + spec.stride_time_s / 2, 20)
        x = [gait.path.forward(flight + k * h) for k in (-1, 0, 1)]
        assert np.abs(x[0] - 2 * x[1] + x[2]).max() / h**2 < 3


def test_typical_knee_is_most_bent_before_midstance() -> None:
    """The knee bends most at 36 to 46 % of stance, 40 % in the mean curve of 46 runners."""
    for row in calm_rows(TYPICAL):
        part = (float(row["midstance_s"]) - float(row["initial_contact_s"])) / float(row["contact_time_s"])
        assert 0.36 < part < 0.46


def test_hips_move_smoothly_at_240_frames_a_second(typical: Gait, restricted: Gait) -> None:
    """From frame to frame the hip centres' velocity never jumps: under 35 m/s2 anywhere."""
    for gait in (typical, restricted):
        ctx = gait.context("right")
        path = ctx.hip(np.arange(0, 3, 1 / 240))
        assert np.linalg.norm(np.diff(path, 2, axis=0), axis=1).max() * 240**2 < 35


def test_restricted_runner_has_the_compensation_pattern() -> None:
    """Right ankle bends little for its knee, toes out, knee inward, pelvis drops; the knee itself is usual."""
    rows = [row for row in calm_rows(RESTRICTED) if row["side"] == "right"]
    for row in rows:
        assert float(row["ankle_dorsiflexion_stance_peak_deg"]) < 15
        assert float(row["dorsiflexion_residual_deg"]) < -3.5
        assert float(row["foot_progression_midstance_deg"]) > 15
        assert float(row["knee_valgus_midstance_deg"]) > 6
        assert float(row["pelvic_drop_stance_peak_deg"]) > 8
        assert 30 < float(row["knee_flexion_midstance_deg"]) < 46


def test_truth_tells_speed_and_stature() -> None:
    """Rows give the belt's speed and the barefoot stature."""
    row = calm_rows(RESTRICTED)[0]
    body = load_body("male_1")
    assert row["speed_mps"] == RESTRICTED.speed_mps
    assert float(row["height_m"]) == pytest.approx(np.ptp(body.vertices[:, 2]), abs=SOLE_M / 2)


def test_proportion_keeps_the_froude_number() -> None:
    """A body a quarter as tall runs at half the speed, at twice the cadence, with contacts half as long."""
    small, tall = (in_proportion(TYPICAL, h) for h in (0.4, 1.6))
    assert small.speed_mps == pytest.approx(tall.speed_mps / 2)
    assert small.cadence_spm == pytest.approx(tall.cadence_spm * 2)
    assert small.left.contact_time_s == pytest.approx(tall.left.contact_time_s / 2)


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


def speed_up(gait: Gait, t: float) -> float:
    """Return the vertical velocity of the hips' midpoint."""
    around = gait.path.position(np.array([t - 1e-4, t + 1e-4]))
    return float(np.diff(around[:, 2])[0] / 2e-4)


def toe_off_posture(spec: RunnerSpec) -> dict[str, float]:
    """Return the right leg's angles, ankle and pitch rate at toe-off."""
    gait = Gait(load_body("male_1"), steady(spec), 1.0, seed=1)
    end = gait.stances["right"][2].step.end_s
    t = np.array([end - 0.01, end])
    own = angles(Poser(gait).pose(t).points, "right")
    leg, lengths = gait.leg("right", t), gait.limbs.legs["right"]
    reach = (leg.ankle - leg.hip)[1] / (lengths.thigh_m + lengths.shank_m)
    posture = {
        name: float(own[name][1]) for name in ("foot_pitch", "knee_flexion", "thigh_inclination", "ankle_dorsiflexion")
    }
    rate = float(np.diff(own["foot_pitch"])[0] / 0.01)
    return posture | {"ankle_x": float(reach[0]), "ankle_z": float(reach[2]), "foot_pitch_rate": rate}
