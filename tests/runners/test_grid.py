"""The grid of habits that the findings are judged by."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from benchmarks.accuracy.inputs import VIEWS
from benchmarks.accuracy.pairing import Clips
from benchmarks.accuracy.records import Truth
from benchmarks.accuracy.truth import read_truth
from benchmarks.findings.legs import exact_findings
from benchmarks.findings.truth import leg_truth
from benchmarks.landmarks.frames import true_points

from midstance.science.findings import FOUNDING_ID
from midstance.science.landmarks import SIDES as LEGS
from runners.__main__ import parser, roles_of
from runners.body import SIDES, load_body
from runners.cast import BODIES, Role, casting
from runners.gait import Gait
from runners.grid import GROUP, cells, draw_runner, grid_role
from runners.pose import Poser
from runners.spec import steady
from runners.truth import stance_rows, timeline, write_frames, write_rows

ONE_SIDED, SECONDS = 6, 8.0
HABITS = ("low", "compensates", "toe_out", "stiff_knee")
PEAK, RESIDUAL = "ankle_dorsiflexion_stance_peak_deg", "dorsiflexion_residual_deg"
TOE_OUT, VALGUS = "foot_progression_midstance_deg", "knee_valgus_midstance_deg"


def test_first_sixteen_hold_every_combination_once() -> None:
    """In the first 16 runners all combinations of the habits occur; sidedness and each habit balance."""
    first = cells()[:16]
    assert len({tuple(getattr(c, h) for h in HABITS) for c in first}) == 16
    for a, b in combinations((*HABITS, "both_sides"), 2):
        counts = Counter((getattr(c, a), getattr(c, b)) for c in first)
        assert set(counts.values()) == {4}, (a, b)


def test_grid_is_whole_and_names_no_cell_twice() -> None:
    """The 32 combinations less the two that a side says nothing of; each occurs once."""
    assert len(cells()) == len(set(cells())) == 30


def test_few_runners_have_both_answers() -> None:
    """Among the first eight there are runners with and without the pattern, one-sided and on both sides."""
    first = cells()[:8]
    assert 3 <= sum(c.low and (c.compensates or c.toe_out) for c in first) <= 6
    assert {c.both_sides for c in first} == {True, False}


def test_role_is_the_same_at_every_call_and_filmed_all_round() -> None:
    """A role depends on its number alone; both legs are near in one clip, all clips upright at 60 frames/s."""
    role = grid_role(4)
    assert role == grid_role(4)
    assert {c.view for c in role.cameras.values()} == {"left", "right", "front"}
    assert {(c.width_px, c.height_px) for c in role.cameras.values()} == {(540, 960)}
    assert role.recording.fps == 60
    assert role.onlooker is None
    assert not role.rail
    assert role.body in BODIES["judge"]


def test_grid_shares_no_runner_with_the_judges() -> None:
    """Bodies are the judges', but no spec, seed or camera is."""
    judges, grid = ([make(n) for n in range(30)] for make in (lambda n: casting("judge", n), grid_role))
    assert not {r.seed for r in judges} & {r.seed for r in grid}
    assert not {r.spec for r in judges} & {r.spec for r in grid}


def test_habits_fall_on_the_affected_leg_only() -> None:
    """A one-sided cell leaves the other leg usual, but for the toe-out, which is of both feet; sides take turns."""
    number, cell = next((n, c) for n, c in enumerate(cells()) if not c.both_sides and c.low and c.toe_out)
    (affected,) = cell.sides(number)
    spec = draw_runner(cell, (affected,), np.random.default_rng(1))
    own, other = (spec.side(s) for s in sorted(SIDES, key=lambda s: s != affected))
    assert own.dorsiflexion_peak_deg < 12 < 20 < other.dorsiflexion_peak_deg
    assert other.toe_out_deg > 15
    assert other.knee_valgus_deg < 2
    one_sided = [c.sides(n)[0] for n, c in enumerate(cells()) if not c.both_sides]
    assert set(one_sided) == set(SIDES)


def test_command_knows_the_grid_and_its_end() -> None:
    """`cast --group grid` gives the roles asked for, no more than there are."""
    options = _options("--first", "28", "--count", "9")
    assert [r.name for r in roles_of(options)] == ["grid_028", "grid_029"]


@pytest.mark.slow
@pytest.mark.parametrize("number", range(16))
def test_truth_of_a_cell_is_what_it_says(number: int) -> None:
    """Affected legs have the habits of their cell by a margin, the other legs have not."""
    cell, role = cells()[number], grid_role(number)
    gait = Gait(load_body(role.body), steady(role.spec), 1.5, role.seed)
    rows = stance_rows(gait, timeline(Poser(gait), 1.5, grid_s=0.005))
    for side in SIDES:
        affected = side in cell.sides(number)
        of_leg = [row for row in rows if row["side"] == side]
        peak, residual, toe_out, valgus = (
            float(np.median([float(row[name]) for row in of_leg])) for name in (PEAK, RESIDUAL, TOE_OUT, VALGUS)
        )
        if not (cell.low and affected):
            assert residual > -2.9
        elif not (cell.both_sides and cell.stiff_knee and not cell.compensates):
            assert peak < 16.5
            assert residual < -4.3
        assert (toe_out > 15.9) == (cell.toe_out or (cell.compensates and affected))
        assert (valgus > 7) == (cell.compensates and affected)


@pytest.mark.slow
def test_findings_follow_the_truth_where_landmarks_are_exact(tmp_path: Path) -> None:
    """With landmarks put on the joints, a compensating leg is flagged and its usual neighbour is not."""
    truth, clips = _points_of(grid_role(ONE_SIDED), tmp_path)
    levels = {f.side: f.level for f in exact_findings(clips) if f.id == FOUNDING_ID}
    (affected,) = cells()[ONE_SIDED].sides(ONE_SIDED)
    assert len(levels) == 2
    for side in LEGS:
        assert leg_truth(truth, side).label == ("positive" if side == affected else "negative")
        assert (levels[side] in {"possible", "consistent"}) == (side == affected)


def _points_of(role: Role, folder: Path) -> tuple[Truth, Clips]:
    """Return the truth and the true points of a role, without pictures."""
    gait = Gait(load_body(role.body), role.spec, SECONDS, role.seed)
    poser = Poser(gait)
    write_rows(folder / "truth.csv", stance_rows(gait, timeline(poser, SECONDS)))
    times_s = replace(role.recording, duration_s=SECONDS).frame_times_s
    for name, camera in role.cameras.items():
        write_frames(folder / f"{name}.csv.gz", poser, times_s, camera)
    return read_truth(folder / "truth.csv"), [(VIEWS[n], true_points(folder / f"{n}.csv.gz")) for n in role.cameras]


def _options(*arguments: str) -> argparse.Namespace:
    return parser().parse_args(["cast", "folder", "--group", GROUP, *arguments])
