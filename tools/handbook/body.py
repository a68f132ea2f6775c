"""Stick people in centimetres, y up, the ground at 0: seen from the side they face right, else they face you."""

from __future__ import annotations

from dataclasses import dataclass

from handbook.svg import FAR, GROUND, INK, NEAR, SKIN, Canvas, Point, along, between

THIGH, SHANK, TRUNK, ANKLE_HIGH = 42.0, 41.0, 50.0, 8.0


@dataclass(frozen=True)
class Pose:
    """Angles of a person seen from the side, in degrees, with the signs of midstance."""

    tibia: float = 0.0
    knee: float = 2.0
    trunk: float = 2.0
    pitch: float = 0.0
    """Of the foot; positive = toes up."""
    other_thigh: float = 0.0
    """Of the leg in swing, forward of the vertical."""
    other_knee: float = 0.0
    forearm: float = 75.0
    """Direction of the forearm from the elbow, against the vertical."""


@dataclass(frozen=True)
class Side:
    """Joints of a drawn person, seen from the side."""

    heel: Point
    toe: Point
    ankle: Point
    knee: Point
    hip: Point
    shoulder: Point
    head: Point


MIDSTANCE = Pose(tibia=22, knee=40, trunk=9, other_thigh=-4, other_knee=95)
LANDING = Pose(tibia=-7, knee=14, trunk=9, pitch=14, other_thigh=-24, other_knee=78)
STANDING = Pose(tibia=3, knee=2, trunk=1, other_thigh=3, other_knee=2, forearm=170)


def side_joints(pose: Pose, at: float = 0.0) -> Side:
    """Return where the joints of the near leg and the trunk are; `at` is where the heel stands."""
    heel = (at, 2.0)
    toe = along(heel, 90 - pose.pitch, 24)
    ankle = along(between(heel, toe, 0.22), -pose.pitch, ANKLE_HIGH - 2)
    knee = along(ankle, pose.tibia, SHANK)
    hip = along(knee, pose.tibia - pose.knee, THIGH)
    shoulder = along(hip, pose.trunk, TRUNK)
    return Side(heel, toe, ankle, knee, hip, shoulder, along(shoulder, pose.trunk + 3, 19))


def draw_side(c: Canvas, pose: Pose, at: float = 0.0, *, faint: bool = False, scale_width: float = 1.0) -> Side:
    """Draw a person from the side and return the joints."""
    p = side_joints(pose, at)
    near = FAR if faint else NEAR
    thick = 7 * scale_width
    _swing_leg(c, p.hip, pose, thick)
    c.line(p.hip, p.shoulder, colour=FAR if faint else INK, width=thick)
    c.disc(p.head, 10, fill=SKIN, colour=FAR if faint else INK)
    elbow = along(p.shoulder, (200 if pose.forearm < 90 else 183) + pose.trunk, 27)
    c.line(p.shoulder, elbow, along(elbow, pose.forearm, 24), colour=FAR, width=thick * 0.7)
    c.line(p.hip, p.knee, p.ankle, colour=near, width=thick)
    draw_foot(c, p, near, thick)
    for joint in (p.hip, p.knee, p.ankle):
        c.disc(joint, 2.6, fill="#ffffff", colour=near, width=2)
    return p


def draw_foot(c: Canvas, p: Side, colour: str, thick: float) -> None:
    """Draw a foot as a line from heel to toe, with the ankle over it."""
    c.line(p.ankle, p.heel, p.toe, p.ankle, colour=colour, width=thick * 0.55)


def _swing_leg(c: Canvas, hip: Point, pose: Pose, thick: float) -> None:
    knee = along(hip, 180 - pose.other_thigh, THIGH)
    ankle = along(knee, 180 - pose.other_thigh + pose.other_knee, SHANK)
    toe = along(ankle, 180 - pose.other_thigh + pose.other_knee - 70, 15)
    c.line(hip, knee, ankle, toe, colour=FAR, width=thick * 0.8)


@dataclass(frozen=True)
class Front:
    """Joints of a drawn person seen from the front; `own` is the stance leg, on the picture's left."""

    ankle: Point
    knee: Point
    hip: Point
    other_hip: Point
    middle: Point
    neck: Point


def draw_front(
    c: Canvas, *, knee_in: float = 0.0, thigh_in: float = 6.0, drop: float = 0.0, lean: float = 0.0, pelvis: bool = True
) -> Front:
    """Draw a person from the front, standing on the right leg.

    Parameters
    ----------
    knee_in : float
        Knee valgus in degrees.
    thigh_in : float
        Thigh against vertical; positive = knee inward of the hip.
    drop : float
        Pelvic drop; positive = swing side low.
    lean : float
        Of the trunk towards the stance side.
    """
    ankle = (0.0, ANKLE_HIGH)
    shank = thigh_in - knee_in
    knee = along(ankle, -shank, SHANK)
    hip = along(knee, -thigh_in, THIGH)
    other_hip = along(hip, 90 + drop, 22)
    middle = between(hip, other_hip)
    neck = along(middle, -lean, TRUNK)
    own = Front(ankle, knee, hip, other_hip, middle, neck)
    _front_body(c, own, lean, pelvis=pelvis)
    return own


def _front_body(c: Canvas, p: Front, lean: float, *, pelvis: bool) -> None:
    swing_knee = along(p.other_hip, 178, 34)
    c.line(p.other_hip, swing_knee, along(swing_knee, 172, 12), colour=FAR, width=6)
    c.line(p.middle, p.neck, colour=INK, width=6)
    left, right = along(p.neck, -90 - lean, 18), along(p.neck, 90 - lean, 18)
    c.line(left, right, colour=INK, width=6)
    for shoulder, out in ((left, 188), (right, 172)):
        c.line(shoulder, along(shoulder, out, 28), colour=FAR, width=5)
    c.disc(along(p.neck, -lean, 17), 10, fill=SKIN, colour=INK)
    if pelvis:
        c.line(p.hip, p.other_hip, colour=INK, width=6)
    c.line(p.hip, p.knee, p.ankle, colour=NEAR, width=7)
    x, y = p.ankle
    c.area((x - 6, 1), (x + 4, 1), (x + 3, y), (x - 4, y), fill=SKIN, colour=NEAR)
    for joint in (p.hip, p.knee, p.ankle, p.other_hip):
        c.disc(joint, 2.6, fill="#ffffff", colour=NEAR, width=2)


def ground(c: Canvas, start: float, stop: float) -> None:
    """Draw the ground, or a belt."""
    c.line((start, 0), (stop, 0), colour=GROUND, width=3)
