"""A drawing for each measure: between which lines it lies, and which way is positive."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

from handbook.body import LANDING, MIDSTANCE, Front, Pose, draw_front, draw_side, ground, side_joints
from handbook.svg import FAR, GROUND, INK, MARK, NEAR, SKIN, Canvas, Point, along

FROM_SIDE = "the right leg is near, the runner faces right"
FROM_FRONT = "the right leg stands, the runner faces you"


def _side(title: str) -> Canvas:
    return Canvas(f"{title}; seen from the side, {FROM_SIDE}", 340, 400, origin=(62, 14), px_per_unit=2.0)


def _front(title: str) -> Canvas:
    return Canvas(f"{title}; seen from the front, {FROM_FRONT}", 340, 400, origin=(70, 14), px_per_unit=2.0)


def _vertical(c: Canvas, at: Point, length: float) -> Point:
    top = (at[0], at[1] + length)
    c.line(at, top, colour=GROUND, width=1.8, dashed=True)
    return top


def _label(c: Canvas, at: Point, text: str, *, anchor: str = "start") -> None:
    c.words(at, text, colour=MARK, size=16, bold=True, anchor=anchor)


def tibial_inclination() -> Canvas:
    """Ankle to knee against vertical."""
    c = _side("Tibial inclination")
    ground(c, -55, 105)
    p = draw_side(c, MIDSTANCE)
    top = _vertical(c, p.ankle, 52)
    c.angle(p.ankle, top, p.knee, 33)
    _label(c, (p.knee[0] + 8, p.knee[1] - 14), "+ knee ahead\nof ankle")
    return c


def ankle_dorsiflexion() -> Canvas:
    """Shank against the foot."""
    c = _side("Ankle dorsiflexion")
    ground(c, -55, 105)
    p = draw_side(c, MIDSTANCE)
    c.line(along(p.heel, 270, 14), along(p.toe, 90, 14), colour=MARK, width=2, dashed=True)
    top = _vertical(c, p.ankle, 46)
    c.angle(p.ankle, top, p.knee, 28)
    c.words((-58, 62), "square to the\nfoot’s line", colour=GROUND, size=13)
    c.line((-26, 52), (p.ankle[0] - 3, 46), colour=GROUND, width=1.2, arrow=True)
    _label(c, (p.knee[0] + 12, p.knee[1] - 4), "+ toes up")
    c.words((p.knee[0] + 12, p.knee[1] - 15), "less the same angle\nin quiet standing", size=13)
    return c


def knee_flexion() -> Canvas:
    """Hip, knee and ankle."""
    c = _side("Knee flexion")
    ground(c, -55, 105)
    p = draw_side(c, MIDSTANCE)
    onward = along(p.knee, MIDSTANCE.tibia, 42)
    c.line(p.knee, onward, colour=GROUND, width=1.8, dashed=True)
    c.angle(p.knee, p.hip, onward, 26)
    _label(c, (p.knee[0] + 22, p.knee[1] + 22), "+ bent\n0 = straight")
    return c


def hip_flexion() -> Canvas:
    """Thigh against the trunk."""
    c = _side("Hip flexion")
    ground(c, -55, 105)
    p = draw_side(c, MIDSTANCE)
    onward = along(p.hip, 180 + MIDSTANCE.trunk, 40)
    c.line(p.hip, onward, colour=GROUND, width=1.8, dashed=True)
    c.angle(p.hip, onward, p.knee, 28)
    _label(c, (p.hip[0] + 24, p.hip[1] - 8), "+ thigh forward\nof the trunk’s line")
    return c


def foot_pitch() -> Canvas:
    """Heel to toe against the ground."""
    c = Canvas(f"Foot pitch; seen from the side, {FROM_SIDE}", 340, 240, origin=(30, 12), px_per_unit=4.0)
    c.line((-25, 0), (52, 0), colour=GROUND, width=3)
    p = side_joints(LANDING)
    c.line(p.knee, p.ankle, colour=NEAR, width=10)
    c.line(p.ankle, p.heel, p.toe, p.ankle, colour=NEAR, width=6)
    c.disc(p.ankle, 1.6, fill="#ffffff", colour=NEAR, width=2)
    level = (p.heel[0] + 36, p.heel[1])
    c.line(p.heel, level, colour=GROUND, width=1.8, dashed=True)
    c.angle(p.heel, level, p.toe, 27.5)
    _label(c, (30, 9), "+ toes up")
    return c


def trunk_lean() -> Canvas:
    """Hips to shoulders against vertical."""
    c = _side("Trunk lean")
    ground(c, -55, 105)
    p = draw_side(c, MIDSTANCE)
    top = _vertical(c, p.hip, 62)
    c.angle(p.hip, top, p.shoulder, 44)
    _label(c, (p.hip[0] + 26, p.hip[1] + 52), "+ forward")
    return c


def pelvic_tilt() -> Canvas:
    """PSIS to ASIS against horizontal."""
    c = Canvas(f"Pelvic tilt; seen from the side, {FROM_SIDE}", 340, 300, origin=(32, 10), px_per_unit=4.5)
    back, front = (-12.0, 38.0), (14.0, 30.5)
    pelvis = ((-14, 38), (-9, 44), (4, 45), (14, 36), (16, 29), (9, 18), (1, 14), (-8, 20), (-13, 30))
    c.blob(*pelvis, fill=SKIN, colour=FAR)
    c.line((2, 19), (7, -4), colour=NEAR, width=14)
    c.line((0, 44), (3, 58), colour=INK, width=14)
    level = (back[0] + 36, back[1])
    c.line(back, level, colour=GROUND, width=1.8, dashed=True)
    c.line(back, along(back, 106.1, 34), colour=MARK, width=2.5)
    c.angle(back, level, front, 30)
    for at, name, words in ((back, "PSIS", (-29, 37)), (front, "ASIS", (16, 22))):
        c.disc(at, 1.7, fill=MARK, colour=MARK)
        c.words(words, name, bold=True)
    _label(c, (23.5, 36), "+ front low\n(anterior)")
    return c


def overstride_m() -> Canvas:
    """Ankle ahead of the hips at contact."""
    c = _side("Overstride, at initial contact")
    ground(c, -55, 105)
    p = draw_side(c, LANDING, at=32)
    c.line(p.hip, (p.hip[0], -8), colour=GROUND, width=1.8, dashed=True)
    c.line(p.ankle, (p.ankle[0], -8), colour=GROUND, width=1.8, dashed=True)
    c.line((p.hip[0], 3), (p.ankle[0], 3), colour=MARK, width=3, arrow=True)
    _label(c, (p.ankle[0] + 6, 34), "+ ankle ahead\nof the hips")
    return c


def _foot_outline(heel: Point, out_deg: float, length: float = 25, *, mirrored: bool = False) -> list[Point]:
    """Return a sole from above, toes up, turned to the picture's right by `out_deg`."""
    shape = (
        (-3.2, 2),
        (0, -1.6),
        (3.2, 2),
        (3.1, 9),
        (4.6, 16),
        (3.8, 21),
        (0.4, 24.4),
        (-3, 25.2),
        (-4.5, 21),
        (-4.6, 17),
        (-2.6, 9),
    )
    turn = -out_deg * pi / 180
    flip = -1 if mirrored else 1
    grown = [(flip * x * length / 25, y * length / 25) for x, y in shape]
    return [(heel[0] + x * cos(turn) - y * sin(turn), heel[1] + x * sin(turn) + y * cos(turn)) for x, y in grown]


def foot_progression() -> Canvas:
    """Heel to toe against the line of running, from above."""
    c = Canvas(
        "Foot progression; seen from above, the runner goes up the page", 340, 340, origin=(20, 6), px_per_unit=7.0
    )
    heel = (2.0, 6.0)
    c.blob(*_foot_outline(heel, 14, 27), colour=NEAR)
    top = (heel[0], heel[1] + 35)
    c.line(heel, top, colour=GROUND, width=2, dashed=True, arrow=True)
    c.line(heel, along(heel, 14, 34), colour=MARK, width=2.5)
    c.angle(heel, top, along(heel, 14, 30), 29)
    c.words((0.5, 37), "line of running", colour=GROUND, size=14, anchor="end")
    _label(c, (10.5, 34), "+ toes out")
    c.words((10, 6), "right foot\nfrom above", size=14)
    return c


def knee_valgus() -> Canvas:
    """Hip, knee and ankle in the frontal picture."""
    c = _front("Knee valgus")
    ground(c, -55, 90)
    p = draw_front(c, knee_in=14, thigh_in=12)
    onward = _onward(p.hip, p.knee, 40)
    c.line(p.knee, onward, colour=GROUND, width=1.8, dashed=True)
    c.angle(p.knee, onward, p.ankle, 30)
    _label(c, (p.knee[0] + 22, p.knee[1] + 2), "+ knee inward of\nhip to ankle")
    c.words((p.knee[0] + 22, p.knee[1] - 24), "a projection: what the\npicture shows", size=13)
    return c


def _onward(start: Point, through: Point, length: float) -> Point:
    dx, dy = through[0] - start[0], through[1] - start[1]
    share = length / (dx**2 + dy**2) ** 0.5
    return through[0] + share * dx, through[1] + share * dy


def hip_adduction() -> Canvas:
    """Thigh against vertical."""
    c = _front("Hip adduction")
    ground(c, -55, 90)
    p = draw_front(c, knee_in=4, thigh_in=14)
    down = (p.hip[0], p.hip[1] - 56)
    c.line(p.hip, down, colour=GROUND, width=1.8, dashed=True)
    c.angle(p.hip, down, p.knee, 36)
    _label(c, (p.hip[0] + 36, p.hip[1] - 44), "+ thigh inward")
    c.words((p.hip[0] + 36, p.hip[1] - 54), "against the vertical,\nnot the pelvis", size=13)
    return c


def pelvic_drop() -> Canvas:
    """ASIS to ASIS, or PSIS to PSIS, against horizontal."""
    c = _front("Pelvic drop")
    ground(c, -55, 90)
    p = draw_front(c, thigh_in=8, drop=9)
    level = (p.hip[0] + 52, p.hip[1])
    c.line(p.hip, level, colour=GROUND, width=1.8, dashed=True)
    c.line(p.hip, along(p.hip, 99, 52), colour=MARK, width=2.5)
    c.angle(p.hip, level, p.other_hip, 46)
    for at in (p.hip, p.other_hip):
        c.disc(at, 3.2, fill=MARK, colour=MARK)
    _label(c, (p.other_hip[0] + 18, p.other_hip[1] - 24), "+ swing side\nlow")
    return c


def trunk_side_lean() -> Canvas:
    """Hips to shoulders against vertical, from the front."""
    c = _front("Trunk side lean")
    ground(c, -55, 90)
    p: Front = draw_front(c, thigh_in=5, lean=10)
    top = _vertical(c, p.middle, 64)
    c.angle(p.middle, top, p.neck, 44)
    _label(c, (p.middle[0] + 22, p.middle[1] + 30), "+ towards the\nstance leg")
    return c


def step_width_m() -> Canvas:
    """Sideways distance of the feet, from above."""
    c = Canvas("Step width; seen from above, the runner goes up the page", 340, 380, origin=(34, 10), px_per_unit=5.0)
    left, right = (-7.0, 4.0), (6.0, 36.0)
    c.blob(*_foot_outline(left, -6, 24, mirrored=True), fill="#f3f4f6", colour=FAR)
    c.blob(*_foot_outline(right, 6, 24), colour=NEAR)
    ankles = (along(left, -6, 5), along(right, 6, 5))
    for x, y in ankles:
        c.line((x, y), (x, 68), colour=GROUND, width=1.8, dashed=True)
        c.disc((x, y), 0.8, fill=MARK, colour=MARK)
    c.line((ankles[0][0], 33), (ankles[1][0], 33), colour=MARK, width=3, arrow=True)
    _label(c, (8, 31), "+ feet apart\n− crossed")
    c.words((-14, 16), "left", anchor="end", size=14)
    c.words((13, 52), "right,\nthe next step", size=14)
    return c


def vertical_oscillation_m() -> Canvas:
    """Rise of the hips from low to top."""
    c = Canvas(f"Vertical oscillation; seen from the side, {FROM_SIDE}", 340, 400, origin=(50, 14), px_per_unit=2.0)
    ground(c, -45, 115)
    p = draw_side(c, MIDSTANCE)
    wave = [(p.hip[0] - 38 + i * 2.6, p.hip[1] + 6 - 6 * cos((i - 14.6) * pi / 14)) for i in range(48)]
    c.line(*wave, colour=MARK, width=2)
    low, top = p.hip[1], p.hip[1] + 12
    for height in (low, top):
        c.line((p.hip[0] + 40, height), (p.hip[0] + 100, height), colour=GROUND, width=1.5, dashed=True)
    c.line((p.hip[0] + 92, low), (p.hip[0] + 92, top), colour=MARK, width=3, arrow=True)
    _label(c, (p.hip[0] + 50, top + 8), "low to top")
    c.words((p.hip[0] + 32, low - 12), "path of the middle\nof the hips", size=13)
    return c


def timing() -> Canvas:
    """Contacts of both feet on a line of time."""
    c = Canvas(
        "Times of a stride: contact from initial contact to toe-off, flight from toe-off to the other foot's contact, "
        "a stride to the same foot's next contact",
        560,
        250,
        origin=(60, 20),
        px_per_unit=1.0,
    )
    px, contact, stride = 1.3, 0.36, 280.0
    rows = (("right foot", 120.0, 0.0, NEAR), ("left foot", 70.0, stride / 2, FAR))
    for name, y, start, colour in rows:
        c.words((-54, y + 6), name, size=13)
        for n in range(2):
            x0 = (start + n * stride) * px + 30
            if x0 > 470:
                continue
            x1 = min(x0 + contact * stride * px, 495)
            c.area((x0, y), (x1, y), (x1, y + 18), (x0, y + 18), fill=SKIN, colour=colour, width=2)
    _times(c, px, contact, stride)
    c.words((-54, 8), "time, to the right", colour=GROUND, size=13)
    return c


def _times(c: Canvas, px: float, contact: float, stride: float) -> None:
    begin, off = 30.0, 30 + contact * stride * px
    other, end = 30 + stride / 2 * px, 30 + stride * px
    for x in (begin, off, other, end):
        c.line((x, 62), (x, 206), colour=GROUND, width=1.2, dashed=True)
    spans = ((begin, end, 196, "stride time"), (begin, off, 158, "contact"), (off, other, 158, "flight"))
    for start, stop, y, text in spans:
        c.line((start, y), (stop, y), colour=MARK, width=2.5, arrow=True)
        _label(c, ((start + stop) / 2, y + 7), text, anchor="middle")
    c.words((begin, 44), "initial contact", size=13)
    c.words((off, 28), "toe-off", size=13)


def midstance_instants() -> Canvas:
    """The instants, as poses in a row."""
    c = Canvas(
        "The instants of a stride: initial contact, midstance, toe-off, swing; the near leg is dark",
        760,
        360,
        origin=(55, 34),
        px_per_unit=1.5,
    )
    c.line((-45, 0), (440, 0), colour=GROUND, width=3)
    toe_off = Pose(tibia=38, knee=14, trunk=9, pitch=-46, other_thigh=36, other_knee=90)
    swing = Pose(tibia=66, knee=86, trunk=9, pitch=-58, other_thigh=-20, other_knee=12)
    poses = (("initial contact", LANDING, 30, 0.0), ("midstance", MIDSTANCE, 130, 0.0), ("toe-off", toe_off, 228, 18.0))
    for name, pose, at, up in poses:
        c.origin = (55, 34 + up)
        draw_side(c, pose, at=at, scale_width=0.75)
        c.origin = (55, 34)
        c.words((at + 8, -15), name, size=15, anchor="middle")
    c.origin = (55, 34 + 34)
    draw_side(c, swing, at=340, scale_width=0.75)
    c.origin = (55, 34)
    c.words((362, -15), "swing", size=15, anchor="middle")
    return c


FIGURES: dict[str, Callable[[], Canvas]] = {
    "tibial_inclination": tibial_inclination,
    "ankle_dorsiflexion": ankle_dorsiflexion,
    "knee_flexion": knee_flexion,
    "hip_flexion": hip_flexion,
    "foot_pitch": foot_pitch,
    "trunk_lean": trunk_lean,
    "pelvic_tilt": pelvic_tilt,
    "overstride_m": overstride_m,
    "foot_progression": foot_progression,
    "knee_valgus": knee_valgus,
    "hip_adduction": hip_adduction,
    "pelvic_drop": pelvic_drop,
    "trunk_side_lean": trunk_side_lean,
    "step_width_m": step_width_m,
    "vertical_oscillation_m": vertical_oscillation_m,
    "timing": timing,
    "instants": midstance_instants,
}
"""Drawings by name; `timing` is that of all times."""
