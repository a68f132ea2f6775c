"""Runners over a grid of habits, to judge the findings by: who has the pattern, who only a part of it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np

from runners.body import SIDES, load_body
from runners.camera import Camera, framed
from runners.cast import Role, casting, runner_box
from runners.spec import RunnerSpec, SideSpec, in_proportion

GROUP = "grid"
FIRST_OF_THE_JUDGES = 6000  # bodies, looks, light and noise are drawn as theirs; no number of the cast comes so far
SIZE_PX, FPS, MARGIN = (540, 960), 60.0, 1.15
SPEEDS_MPS, CADENCES_SPM = (2.3, 2.8), (172.0, 178.0)
USUAL = {
    "knee_flexion_peak_deg": (39.0, 43.0),
    "foot_pitch_contact_deg": (8.0, 13.0),
    "toe_out_deg": (3.0, 8.0),
    "knee_valgus_deg": (-3.0, 1.0),
    "pelvic_drop_deg": (3.0, 5.0),
    "foot_line_m": (0.025, 0.045),
}
COMPENSATION = {"toe_out_deg": (18.0, 21.0), "knee_valgus_deg": (8.5, 11.0), "pelvic_drop_deg": (9.0, 10.0)}
TOE_OUT_DEG = (17.0, 19.0)
EARLY = {"foot_pitch_contact_deg": 8.0, "flat_at": 0.14}  # a stiff ankle comes down flatter and rolls over sooner
LOW = {"knee_flexion_peak_deg": 37.0, "dorsiflexion_peak_deg": 4.0, "heel_rise_at": 0.25}  # about 36 and 14 come out
LOW_AND_STIFF = {"knee_flexion_peak_deg": 31.5, "dorsiflexion_peak_deg": -2.0, "heel_rise_at": 0.25}  # about 33 and 13
STIFF = {"knee_flexion_peak_deg": 28.5, "dorsiflexion_peak_deg": 11.0}  # about 29 and 16.5
RAISED_DEG = 6.0  # a pelvis that drops takes dorsiflexion away; ask for more where none is to be missing
STRICTNESS = 2.0  # from 2.5 on some bodies find a way that swings the pelvis 25 cm fore and aft


@dataclass(frozen=True)
class Cell:
    """One combination of habits.

    Attributes
    ----------
    low : bool
        The ankle dorsiflexes little.
    compensates : bool
        The foot turns out, the knee goes inward and the pelvis drops.
    stiff_knee : bool
        The knee bends little in stance.
    toe_out : bool
        Both feet turn out by habit.
    both_sides : bool
        The habits other than the toe-out are those of both legs; else of one.
    """

    low: bool
    compensates: bool
    stiff_knee: bool
    toe_out: bool
    both_sides: bool

    def sides(self, number: int) -> tuple[str, ...]:
        """Return the affected legs: right and left take turns."""
        return SIDES if self.both_sides else (SIDES[(number + 1) % 2],)


def cells() -> tuple[Cell, ...]:
    """Return the grid, so ordered that the first 16 hold every combination of the four habits once.

    They are a half fraction: each main effect and each pair stands apart from the others. The rest is the other half,
    without the two in which no habit has a side.
    """
    half = [_cell(n, other=False) for n in range(16)]
    rest = [_cell(n, other=True) for n in range(16)]
    return (*half, *(c for c in rest if c.low or c.compensates or c.stiff_knee))


ORDER = (12, 1, 14, 3, 10, 4, 13, 0, 15, 8, 11, 2, 5, 6, 9, 7)  # of the combinations: the first few are mixed


def _cell(number: int, *, other: bool) -> Cell:
    bits = [bool(ORDER[number] >> k & 1) for k in (3, 2, 1, 0)]
    low, compensates, toe_out, stiff_knee = bits
    return Cell(low, compensates, stiff_knee, toe_out, both_sides=(sum(bits) % 2 == 0) != other)


def grid_role(number: int) -> Role:
    """Return the runner of a cell, filmed from both sides and from the front: the same at every call.

    Parameters
    ----------
    number : int
        From 0, within ``cells()``.
    """
    cell = cells()[number]
    role = casting("judge", FIRST_OF_THE_JUDGES + number)
    stature_m = load_body(role.body).stature_m
    spec = draw_runner(cell, cell.sides(number), np.random.default_rng([zlib.crc32(GROUP.encode()), number]))
    return replace(
        role,
        name=f"{GROUP}_{number:03d}",
        spec=in_proportion(spec, stature_m),
        cameras=_cameras(role.cameras, stature_m),
        recording=replace(role.recording, fps=FPS),
        rail=False,
        onlooker=None,
    )


def draw_runner(cell: Cell, affected: tuple[str, ...], rng: np.random.Generator) -> RunnerSpec:
    """Return a runner of a cell: usual habits drawn at random, and those of the cell on the affected legs."""
    usual, compensation = (_draw(rng, table) for table in (USUAL, COMPENSATION))
    speed, cadence, toe_out = (float(rng.uniform(*ends)) for ends in (SPEEDS_MPS, CADENCES_SPM, TOE_OUT_DEG))
    if cell.toe_out:
        usual["toe_out_deg"] = toe_out
    free = replace(SideSpec(), **usual)
    stiff = _affected(cell, free, compensation)
    left, right = (stiff if side in affected else free for side in SIDES)
    return RunnerSpec(speed, cadence, left, right, strictness=STRICTNESS)


def _affected(cell: Cell, leg: SideSpec, compensation: dict[str, float]) -> SideSpec:
    if cell.low:
        leg = replace(leg, **EARLY, **(LOW_AND_STIFF if cell.stiff_knee else LOW))
    elif cell.stiff_knee:
        leg = replace(leg, **STIFF)
    if cell.compensates:
        raised = 0.0 if cell.low and cell.stiff_knee else RAISED_DEG
        leg = replace(leg, **compensation, dorsiflexion_peak_deg=leg.dorsiflexion_peak_deg + raised)
    return leg


def _draw(rng: np.random.Generator, table: dict[str, tuple[float, float]]) -> dict[str, float]:
    return {name: float(rng.uniform(*ends)) for name, ends in table.items()}


def _cameras(drawn: dict[str, Camera], stature_m: float) -> dict[str, Camera]:
    """Return the side camera on both sides and the front one, all upright and of one size."""
    views = {side: replace(drawn["side"], view=side) for side in SIDES} | {"front": drawn["front"]}
    width, height = SIZE_PX
    upright = {name: replace(camera, width_px=width, height_px=height) for name, camera in views.items()}
    return {name: framed(camera, *runner_box(stature_m), MARGIN) for name, camera in upright.items()}
