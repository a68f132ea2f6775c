"""How to film, drawn: where the phone stands, how high, how far, light, clothes and tape."""

from __future__ import annotations

from collections.abc import Callable

from handbook.body import LANDING, MIDSTANCE, STANDING, Pose, draw_side, side_joints
from handbook.svg import FAR, GROUND, INK, MARK, NEAR, SKIN, Canvas, Point, between

GOOD, BAD = "#15803d", "#b91c1c"
BELT = "#d7dde3"
RUNNING = Pose(tibia=22, knee=40, trunk=9, other_thigh=-4, other_knee=95)


def _phone(c: Canvas, at: Point, *, facing: float) -> None:
    """Draw a phone on a tripod from the side; `facing` is 1 where it looks to the right."""
    x, y = at
    for foot in (-16.0, 0.0, 16.0):
        c.line((x, y - 12), (x + foot, 0), colour=GROUND, width=2.5)
    c.area((x - 4, y - 14), (x + 4, y - 14), (x + 4, y + 14), (x - 4, y + 14), fill=INK)
    lens = x + 4 * facing
    c.disc((lens + 1.5 * facing, y + 8), 2.4, fill=NEAR)


def _treadmill(c: Canvas, start: float, stop: float) -> None:
    c.area((start, 0), (stop, 0), (stop, 14), (start, 14), fill=BELT, colour=GROUND)


def _size(c: Canvas, first: Point, second: Point, text: str, at: Point, *, anchor: str = "middle") -> None:
    """Draw a measure: an arrow both ways, and its text."""
    c.line(second, first, colour=MARK, width=2, arrow=True)
    c.line(first, second, colour=MARK, width=2, arrow=True)
    c.words(at, text, colour=MARK, size=16, bold=True, anchor=anchor)


def _tick(c: Canvas, at: Point, *, good: bool) -> None:
    x, y = at
    if good:
        c.line((x - 7, y), (x - 2, y - 7), (x + 9, y + 9), colour=GOOD, width=5)
    else:
        c.line((x - 7, y - 7), (x + 7, y + 7), colour=BAD, width=5)
        c.line((x - 7, y + 7), (x + 7, y - 7), colour=BAD, width=5)


def side_view() -> Canvas:
    """Seen from behind the treadmill: the phone at the side, at hip height."""
    c = Canvas(
        "From behind the treadmill: the phone stands on a tripod beside it, 3 to 4 metres from the runner, lens at hip "
        "height, upright and level",
        760,
        400,
        origin=(70, 40),
        px_per_unit=1.55,
    )
    c.line((-40, 0), (420, 0), colour=GROUND, width=3)
    _phone(c, (20, 98), facing=1)
    c.area((300, 0), (372, 0), (372, 14), (300, 14), fill=BELT, colour=GROUND)
    _person_from_behind(c, (336, 14))
    c.line((28, 106), (322, 106), colour=GROUND, width=1.8, dashed=True)
    _size(c, (20, -14), (336, -14), "3 to 4 m", (178, -11))
    c.words((178, 113), "level with the hips, square to the belt", size=15, anchor="middle")
    _size(c, (-22, 1), (-22, 106), "hip\nheight", (-28, 64), anchor="end")
    c.words((44, 86), "phone upright, so that head\nand feet fill the picture", size=14)
    return c


def _person_from_behind(c: Canvas, at: Point) -> None:
    x, y = at
    hip, neck = y + 92, y + 144
    c.line((x - 9, y + 4), (x - 10, y + 46), (x - 9, hip), colour=NEAR, width=8)
    c.line((x + 9, hip), (x + 11, y + 52), (x + 8, y + 34), colour=FAR, width=8)
    c.line((x - 9, hip), (x + 9, hip), colour=INK, width=7)
    c.line((x, hip), (x, neck), colour=INK, width=7)
    c.line((x - 26, neck - 34), (x - 19, neck), (x + 19, neck), (x + 26, neck - 34), colour=INK, width=6)
    c.disc((x, neck + 17), 11, fill=SKIN)


def front_view() -> Canvas:
    """Seen from the side: phones in line with the belt, in front or behind."""
    c = Canvas(
        "Seen from the side: a phone in front of the treadmill or behind it, in line with the belt, 3 to 4 metres from "
        "the runner, lens at hip height",
        860,
        360,
        origin=(60, 40),
        px_per_unit=1.35,
    )
    c.line((-40, 0), (575, 0), colour=GROUND, width=3)
    _treadmill(c, 205, 345)
    c.line((338, 14), (352, 118), (332, 118), colour=GROUND, width=5)
    c.origin = (60, 54)
    draw_side(c, RUNNING, at=262, scale_width=0.9)
    c.origin = (60, 40)
    _phone(c, (20, 95), facing=1)
    _phone(c, (535, 95), facing=-1)
    c.line((30, 103), (255, 103), colour=GROUND, width=1.8, dashed=True)
    c.line((300, 103), (525, 103), colour=GROUND, width=1.8, dashed=True)
    _size(c, (20, -15), (270, -15), "3 to 4 m", (140, -12))
    _size(c, (276, -15), (535, -15), "3 to 4 m", (410, -12))
    c.words((24, 128), "rear view", size=16, bold=True, anchor="middle")
    c.words((532, 128), "front view", size=16, bold=True, anchor="middle")
    c.words((420, 82), "the console must not\nhide hips or feet", size=14, anchor="middle")
    return c


def from_above() -> Canvas:
    """The room from above, with all places of the phone."""
    c = Canvas(
        "The room from above: phones at the runner's right, left, front and rear, each square to the belt or in line "
        "with it, the light from the phone's side",
        760,
        560,
        origin=(380, 280),
        px_per_unit=1.0,
    )
    c.area((-95, -42), (95, -42), (95, 42), (-95, 42), fill=BELT, colour=GROUND)
    c.area((80, -42), (98, -42), (98, 42), (80, 42), fill=GROUND)
    c.blob((-10, -30), (14, -30), (22, 0), (14, 30), (-10, 30), (-18, 0), fill=SKIN)
    c.disc((4, 0), 13, fill=SKIN)
    c.line((32, 0), (72, 0), colour=INK, width=3, arrow=True)
    places = (
        ((0, -200), "side, the runner’s right", (0, -236)),
        ((0, 200), "side, the runner’s left", (0, 226)),
        ((280, 0), "front", (280, 34)),
        ((-280, 0), "rear", (-280, 34)),
    )
    for at, name, words in places:
        x, y = at
        wide, deep = (15, 6) if x == 0 else (6, 15)
        c.area((x - wide, y - deep), (x + wide, y - deep), (x + wide, y + deep), (x - wide, y + deep), fill=INK)
        toward = (x * 0.16, y * 0.26) if x == 0 else (x * 0.38, y)
        c.line(between(at, toward, 0.07), toward, colour=MARK, width=2, dashed=True)
        c.words(words, name, size=16, bold=True, anchor="middle")
    c.line((0, -60), (16, -60), (16, -44), colour=MARK, width=2)
    c.words((24, -70), "square to the belt", colour=MARK, size=14)
    c.words((128, 12), "in line with the belt", colour=MARK, size=14)
    for lamp in (-250.0, 250.0):
        c.disc((lamp, -190), 15, fill="#fde68a", colour="#b45309")
    c.words((-250, -226), "lamp", size=14, anchor="middle")
    c.words((250, -226), "lamp", size=14, anchor="middle")
    c.words((-366, 250), "No window behind the runner: light comes from where the phone is.", size=14)
    return c


def whole_body() -> Canvas:
    """Three pictures: whole body, feet cut off, phone tilted."""
    c = Canvas(
        "Three pictures of a phone: good, the whole body with room above and below; not so, the feet cut off; not so, "
        "the phone tilted",
        720,
        380,
        origin=(0, 0),
        px_per_unit=1.0,
    )
    for left, kind, text in (
        (30.0, "good", "whole body,\nroom at head and feet"),
        (265.0, "cut", "feet cut off"),
        (500.0, "tilted", "phone tilted"),
    ):
        _picture(c, left, kind)
        _tick(c, (left + 12, 40), good=kind == "good")
        c.words((left + 30, 38), text, size=15)
    return c


def _picture(c: Canvas, left: float, kind: str) -> None:
    frame = ((left, 66), (left + 190, 66), (left + 190, 366), (left, 366))
    scale = {"good": 1.22, "cut": 1.5, "tilted": 1.12}[kind]
    inner = Canvas("", c.width, c.height, px_per_unit=scale)
    foot_up = {"good": 104.0, "cut": 50.0, "tilted": 118.0}[kind]
    inner.origin = ((left + 78) / scale, foot_up / scale)
    inner.line((-55, -2), (75, -2), colour=GROUND, width=4)
    draw_side(inner, MIDSTANCE, scale_width=0.85)
    turn = f' transform="rotate(9 {left + 95:g} {c.height - 216:g})"' if kind == "tilted" else ""
    name = f"picture-{kind}"
    x0, y0 = frame[0][0], c.height - 366
    c.shapes.append(
        f'<clipPath id="{name}"><rect x="{x0:g}" y="{y0:g}" width="190" height="300"/></clipPath>'
        f'<rect x="{x0:g}" y="{y0:g}" width="190" height="300" fill="#f6f8fa"/>'
        f'<g clip-path="url(#{name})"><g{turn}>' + "\n".join(inner.shapes) + "</g></g>"
    )
    c.line(*frame, frame[0], colour=INK, width=4)


def clothes() -> Canvas:
    """What shows the legs and what hides them."""
    c = Canvas(
        "Good: shorts, bare knees, shoes that differ from the belt in colour. Not so: wide trousers over the knees, "
        "black shoes on a black belt",
        720,
        400,
        origin=(0, 0),
        px_per_unit=1.0,
    )
    for left, good in ((60.0, True), (420.0, False)):
        _legs(c, left, good=good)
        _tick(c, (left - 30, 362), good=good)
    c.words((60, 356), "shorts or tights, knees seen,\nshoes lighter than the belt", size=15)
    c.words((420, 356), "wide trousers hide the knees,\nblack shoes vanish on a black belt", size=15)
    return c


def _legs(c: Canvas, left: float, *, good: bool) -> None:
    p = side_joints(LANDING)
    shift = Canvas("", c.width, c.height, origin=((left + 90) / 2.6, 18), px_per_unit=2.6)
    shift.area((-60, -6), (58, -6), (58, 0), (-60, 0), fill="#1f2937", colour="#1f2937")
    skin = "#d9b59a"
    shift.line(p.hip, p.knee, p.ankle, colour=skin, width=30)
    mid = between(p.hip, p.knee, 0.72)
    if good:
        shift.line(p.hip, mid, colour=NEAR, width=42)
    else:
        shift.line(p.hip, p.knee, between(p.knee, p.ankle, 0.85), colour="#6b7280", width=50)
    shoe = "#f97316" if good else "#1f2937"
    low_heel, low_toe = (p.heel[0] - 2, p.heel[1] - 1), (p.toe[0], p.toe[1] - 1)
    shift.blob(
        low_heel,
        (low_heel[0] - 1, low_heel[1] + 7),
        (p.ankle[0] - 4, p.ankle[1] + 4),
        (p.ankle[0] + 5, p.ankle[1] + 3),
        (low_toe[0] - 6, low_toe[1] + 6),
        low_toe,
        fill=shoe,
        colour=shoe,
    )
    c.shapes += shift.shapes


def standing_trial() -> Canvas:
    """Standing still on the stopped belt, the phone where it stays."""
    c = Canvas(
        "Standing still for 3 seconds on the stopped belt, side-on to the same phone, feet side by side, knees "
        "straight, looking ahead; then running without moving the phone",
        760,
        400,
        origin=(40, 40),
        px_per_unit=1.6,
    )
    c.line((-20, 0), (440, 0), colour=GROUND, width=3)
    for start, name, pose in ((20.0, "1. stand still, 3 s", STANDING), (250.0, "2. run, 10 s or more", RUNNING)):
        _treadmill(c, start, start + 150)
        c.origin = (40, 54)
        p = draw_side(c, pose, at=start + 66)
        c.origin = (40, 40)
        c.words((start + 75, -16), name, size=17, bold=True, anchor="middle")
        if pose is STANDING:
            c.words((p.knee[0] + 16, p.knee[1] + 10), "knees\nstraight", size=14)
            c.words((p.toe[0] + 8, 34), "feet side\nby side", size=14)
    c.words((208, 130), "the phone does\nnot move\nin between", size=15, anchor="middle", colour=MARK, bold=True)
    return c


def tape() -> Canvas:
    """Where tape on ASIS and PSIS goes."""
    c = Canvas(
        "Tape on the pelvis. From the front: one mark on each ASIS, the bony point at the front of the hip bone. From "
        "behind: one on each PSIS, under the dimples of the low back. From the side: the near ASIS and PSIS",
        900,
        380,
        origin=(0, 0),
        px_per_unit=1.0,
    )
    _tape_front(c, 150, "front: both ASIS", between_marks=58, height=215, dimples=False)
    _tape_front(c, 430, "rear: both PSIS", between_marks=22, height=232, dimples=True)
    _tape_side(c, 770)
    return c


def _torso(c: Canvas, x: float) -> None:
    c.blob(
        (x - 72, 330),
        (x - 60, 270),
        (x - 74, 215),
        (x - 78, 160),
        (x - 62, 92),
        (x - 12, 88),
        (x, 140),
        (x + 12, 88),
        (x + 62, 92),
        (x + 78, 160),
        (x + 74, 215),
        (x + 60, 270),
        (x + 72, 330),
        (x, 338),
        fill=SKIN,
    )
    c.line((x - 75, 190), (x, 180), (x + 75, 190), colour=FAR, width=3)
    c.words((x, 162), "waistband below the marks", size=12, anchor="middle", colour=GROUND)


def _tape_front(c: Canvas, x: float, name: str, *, between_marks: float, height: float, dimples: bool) -> None:
    _torso(c, x)
    for side in (-1, 1):
        at = (x + side * between_marks, height)
        c.disc(at, 8, fill=MARK, colour="#ffffff", width=3)
    if not dimples:
        c.disc((x, 252), 3, fill=GROUND, colour=GROUND)
        c.words((x + 8, 256), "navel", size=12, colour=GROUND)
    else:
        c.line((x, 330), (x, 190), colour=FAR, width=2, dashed=True)
        c.line((x + 96, height), (x + between_marks + 12, height), colour=GROUND, width=1.5, arrow=True)
        c.words((x + 100, height + 4), "at the\ndimples", size=13, colour=GROUND)
    c.words((x, 56), name, size=17, bold=True, anchor="middle")


def _tape_side(c: Canvas, x: float) -> None:
    c.blob(
        (x - 36, 330),
        (x - 30, 280),
        (x - 42, 232),
        (x - 62, 190),
        (x - 46, 140),
        (x - 34, 92),
        (x + 30, 92),
        (x + 40, 150),
        (x + 44, 200),
        (x + 48, 240),
        (x + 44, 290),
        (x + 40, 330),
        fill=SKIN,
    )
    back, front = (x - 36, 234.0), (x + 37, 216.0)
    c.line(back, front, colour=MARK, width=2, dashed=True)
    for at in (back, front):
        c.disc(at, 8, fill=MARK, colour="#ffffff", width=3)
    c.words((back[0] - 14, back[1] + 10), "PSIS", size=15, anchor="end", bold=True)
    c.words((front[0] + 14, front[1] + 4), "ASIS", size=15, bold=True)
    c.words((x, 56), "side: near ASIS and PSIS", size=17, bold=True, anchor="middle")
    c.words((x + 2, 30), "runner faces right", size=13, anchor="middle", colour=GROUND)


FIGURES: dict[str, Callable[[], Canvas]] = {
    "side-view": side_view,
    "front-view": front_view,
    "from-above": from_above,
    "whole-body": whole_body,
    "clothes": clothes,
    "standing": standing_trial,
    "tape": tape,
}
"""Drawings by name."""
