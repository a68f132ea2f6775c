import csv
import os
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from runners.body import SIDES, load_body
from runners.cast import BODIES, Role, casting, runner_box
from runners.figure import dress
from runners.gait import Gait
from runners.pose import Poser
from runners.shooting import clip_files, list_cast, play

MANY = 200


@pytest.fixture(scope="module")
def roles() -> list[Role]:
    """Return many roles of the group to learn from."""
    return [casting("learn", n) for n in range(MANY)]


@pytest.mark.parametrize("group", ["learn", "judge"])
def test_same_number_gives_the_same_role(group: str) -> None:
    """A role is decided by its group and number alone, and numbers differ."""
    assert casting(group, 7) == casting(group, 7)
    assert casting(group, 7).spec != casting(group, 8).spec


def test_groups_share_no_person(roles: list[Role]) -> None:
    """No body, runner's or bystander's, is in both groups; all bodies of a group are used; the gaits differ."""
    used = {"learn": roles, "judge": [casting("judge", n) for n in range(MANY)]}
    people = {g: {r.body for r in rs} | {r.onlooker.body for r in rs if r.onlooker} for g, rs in used.items()}
    assert not people["learn"] & people["judge"]
    assert all(people[g] == set(BODIES[g]) for g in used)
    assert not {r.spec for r in used["learn"]} & {r.spec for r in used["judge"]}


def test_runners_are_within_human_limits(roles: list[Role]) -> None:
    """Speed, cadence, contact and angles stay within what runners do, and there is flight."""
    for spec in (r.spec for r in roles):
        assert 2.0 <= spec.speed_mps <= 3.1
        assert 155 <= spec.cadence_spm <= 200
        for leg in (spec.left, spec.right):
            assert 0.20 <= leg.contact_time_s <= 0.31
            assert leg.contact_time_s < spec.stride_time_s / 2
            assert 29 <= leg.knee_flexion_peak_deg <= 53
            assert 0 < leg.foot_pitch_contact_deg <= 27
            assert leg.flat_at < 0.25
            assert leg.toe_out_deg <= 22
            assert leg.knee_valgus_deg <= 12
            assert -0.03 <= leg.foot_line_m <= 0.09


def residuals(role: Role) -> list[float]:
    """Return each leg's dorsiflexion against what its knee predicts."""
    legs = (role.spec.left, role.spec.right)
    return [leg.dorsiflexion_peak_deg - 5.4 - 0.42 * leg.knee_flexion_peak_deg for leg in legs]


def test_a_third_are_stiff_and_half_of_those_compensate(roles: list[Role]) -> None:
    """Stiff and free ankles leave a gap between them, and only stiff legs carry the compensation."""
    stiff = [(r, s) for r in roles for s, x in zip(SIDES, residuals(r), strict=True) if x <= -5]
    assert all(-10 <= x <= -5 or abs(x) < 4.001 for r in roles for x in residuals(r))
    runners = {r.name for r, _ in stiff}
    assert 0.25 * MANY < len(runners) < 0.42 * MANY
    assert len(stiff) > len(runners)
    turned = {r.name for r, s in stiff if r.spec.side(s).toe_out_deg >= 16 and r.spec.side(s).pelvic_drop_deg >= 8}
    assert 0.3 * len(runners) < len(turned) < 0.7 * len(runners)
    free = [r.spec.side(s) for r in roles for s in SIDES if (r, s) not in stiff]
    assert max(leg.pelvic_drop_deg for leg in free) < 9.5


def test_cameras_and_phones_are_within_their_limits(roles: list[Role]) -> None:
    """Every camera stands where a person would put one, nearly square, and the phone's settings are real ones."""
    for role in roles:
        assert set(role.cameras) in ({"side", "front"}, {"side", "front", "rear"})
        assert 1 / 1000 <= role.recording.shutter_s <= 1 / 120 <= 1 / role.recording.fps
        assert 0.7 <= role.recording.gain <= 1.2
        for name, camera in role.cameras.items():
            assert 2.8 <= camera.distance_m <= 4.5
            assert 0.6 <= camera.height_m <= 1.2
            assert abs(camera.yaw_deg) <= (8 if name == "side" else 3)
    assert {r.cameras["side"].view for r in roles} == set(SIDES)
    portrait = [r.cameras["side"].height_px > r.cameras["side"].width_px for r in roles]
    assert 0.75 < np.mean(portrait) < 0.95
    assert 0.2 < np.mean(["rear" in r.cameras for r in roles]) < 0.47


def test_box_of_the_runner_is_in_every_picture(roles: list[Role]) -> None:
    """The space that a runner needs lies inside every picture with a margin."""
    statures = {name: load_body(name).stature_m for name in BODIES["learn"]}
    for role in roles:
        corners = np.array(list(product(*zip(*runner_box(statures[role.body]), strict=True))))
        for camera in role.cameras.values():
            place = camera.project(corners) / np.array([camera.width_px, camera.height_px])
            assert 0.01 < place.min() < place.max() < 0.99


@pytest.mark.slow
@pytest.mark.parametrize(("group", "number"), [("learn", 5), ("judge", 0), ("judge", 5)])
def test_whole_runner_stays_in_the_picture(group: str, number: int) -> None:
    """Every point of the dressed runner is inside every camera's picture over a stride."""
    role = casting(group, number)
    poser = Poser(Gait(load_body(role.body), role.spec, 1.0, role.seed))
    figure = dress(poser.body, role.look, {s: poser.gait.limbs.feet[s].shoe for s in SIDES})
    skins = [figure.skin(m)[0] for m in poser.pose(np.arange(0, 0.75, 0.05)).matrices]
    for camera in role.cameras.values():
        place = camera.project(np.concatenate(skins)) / np.array([camera.width_px, camera.height_px])
        assert place.min() > 0.02
        assert place.max() < 0.98


def test_table_of_the_cast_grows_without_losing_rows(tmp_path: Path, roles: list[Role]) -> None:
    """A second call adds its roles to the table and renews those that it names again."""
    path = tmp_path / "cast.csv"
    list_cast(path, roles[1:3], 5.0)
    list_cast(path, [roles[0], roles[2]], 4.0)
    with path.open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [r["name"] for r in rows] == ["learn_000", "learn_001", "learn_002"]
    assert [float(r["seconds"]) for r in rows] == [4.0, 5.0, 4.0]
    assert float(rows[1]["spec.left.toe_out_deg"]) == pytest.approx(roles[1].spec.left.toe_out_deg)


@pytest.mark.slow
def test_clip_truth_and_frames_belong_together_and_are_made_once(tmp_path: Path) -> None:
    """A role's clip has the frames that its truth names, its contacts lie on the belt, and a second call keeps it."""
    av = pytest.importorskip("av", reason="PyAV reads the clip")
    pytest.importorskip("moderngl", reason="rendering needs the extra's moderngl")
    role = casting("judge", 1)
    small = {k: replace(c, width_px=180, height_px=320) for k, c in role.cameras.items() if k == "side"}
    role = replace(role, cameras=small, recording=replace(role.recording, fps=30.0))
    (tmp_path / "frames").mkdir()
    play(role, tmp_path, 1.2)
    clip, frames = clip_files(role, "side", tmp_path)
    table = np.genfromtxt(frames, delimiter=",", names=True, dtype=None, encoding="utf-8")
    with av.open(str(clip)) as container:
        assert sum(1 for _ in container.decode(video=0)) == len(set(table["frame"])) == 36
    with (tmp_path / f"{role.name}_truth.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert rows
    for row in rows:
        middle = (float(row["initial_contact_s"]) + float(row["toe_off_s"])) / 2
        ball = table[(table["point"] == f"{row['side']}_ball") & (np.abs(table["time_s"] - middle) < 1 / 30)]
        assert ball["z_m"].max() < 0.06
    os.utime(clip, (1, 1))
    play(role, tmp_path, 1.2)
    assert clip.stat().st_mtime == 1
    assert {p.name for p in tmp_path.iterdir()} == {"frames", clip.name, f"{role.name}_truth.csv"}
