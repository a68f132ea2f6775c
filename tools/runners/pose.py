"""From a gait to a posed skeleton: bone transforms for the skin and named points for the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from runners.body import SIDES, SIGN, SUFFIX, Body
from runners.fit import Limbs
from runners.gait import LegMotion
from runners.geometry import (
    FORWARD,
    UP,
    Array,
    about_x,
    about_y,
    about_z,
    apply,
    between,
    dot,
    hinge_frame,
    rotation,
    unit,
)
from runners.spec import RunnerSpec
from runners.stance import foot_rotation

SPINE = (("spine05", 0.2), ("spine04", 0.4), ("spine03", 0.65), ("spine02", 0.85), ("spine01", 1.0))
NECK = (("neck01", 0.35), ("neck02", 0.7), ("neck03", 1.0), ("head", 1.0))
FINGER_CURL_DEG, THUMB_CURL_DEG = 50.0, 15.0
HEAD_PITCH_DEG = 3.0


class Path(Protocol):
    """Where the pelvis is and how it is turned, at times (n,)."""

    def phase(self, t: Array) -> Array:
        """Return strides since the first right contact."""

    def position(self, t: Array) -> Array:
        """Return the midpoint of the hips, (n, 3)."""

    def orientation(self, t: Array) -> Array:
        """Return rotations (n, 3, 3) of the pelvis against its rest pose."""


class Motion(Protocol):
    """What a body does: runs (`gait.Gait`) or stands (`standing.Standing`)."""

    body: Body
    spec: RunnerSpec
    limbs: Limbs

    @property
    def path(self) -> Path:
        """Return the pelvis's path."""

    def leg(self, side: str, t: Array) -> LegMotion:
        """Return one leg's motion at times t (n,)."""


@dataclass(frozen=True)
class Arms:
    """How the arms are held."""

    back_deg: float = 10.0
    out_deg: float = 21.0
    inward_deg: float = 16.0
    elbow_deg: float = 92.0


RUNNING_ARMS = Arms()


@dataclass
class Pose:
    """A skeleton over time.

    Attributes
    ----------
    matrices : (n, bones, 3, 4) array
        Rest to posed, for skinning.
    points : dict of (n, 3) arrays
        Joint centres and landmarks by name, metres.
    legs : dict of LegMotion
        By side.
    """

    matrices: Array
    points: dict[str, Array] = field(default_factory=dict)
    legs: dict[str, LegMotion] = field(default_factory=dict)


def trunk_line(points: Mapping[str, Array]) -> Array:
    """Return twice the vector from the hips' midpoint to the shoulders' (n, 3)."""
    return np.asarray(points["left_shoulder"] + points["right_shoulder"] - points["left_hip"] - points["right_hip"])


class Poser:
    """Poses one body.

    Parameters
    ----------
    gait : Motion
    arms : Arms
    """

    def __init__(self, gait: Motion, arms: Arms = RUNNING_ARMS) -> None:
        self.gait, self.body, self.arms = gait, gait.body, arms
        self.trunk_pitch_deg = gait.spec.trunk_lean_deg
        self._calibrate_trunk()

    def pose(self, t: Array) -> Pose:
        """Return the pose at times t (n,), seconds."""
        t = np.atleast_1d(np.asarray(t, dtype=float))
        pose = Pose(np.full((len(t), len(self.body.bones), 3, 4), np.nan))
        pelvis, trunk = self._trunk(pose, t)
        self._head(pose, trunk)
        for side in SIDES:
            self._arm(pose, side, trunk, t)
            self._leg(pose, side, t)
        self._pelvic_points(pose, pelvis)
        return pose

    def _calibrate_trunk(self) -> None:
        """Turn the trunk so that the hip-shoulder line leans as asked on average."""
        t = np.linspace(0, self.gait.spec.stride_time_s, 24, endpoint=False)
        for _ in range(2):
            points = self.pose(t).points
            line = trunk_line(points)
            lean = np.degrees(np.arctan2(line @ FORWARD, line @ UP)).mean()
            self.trunk_pitch_deg += self.gait.spec.trunk_lean_deg - lean

    def _place(self, pose: Pose, bone: str, turn: Array, rest: Array, posed: Array) -> None:
        """Give a bone a rotation that carries the rest point `rest` to `posed`."""
        i = self.body.bone(bone)
        pose.matrices[:, i, :, :3] = turn
        pose.matrices[:, i, :, 3] = posed - apply(np.broadcast_to(turn, (len(posed), 3, 3)), rest)

    def carry(self, pose: Pose, bone: str, rest: Array) -> Array:
        """Return where a bone carries a rest point, (n, 3)."""
        m = pose.matrices[:, self.body.bone(bone)]
        return np.asarray(apply(m[..., :3], rest) + m[..., 3])

    def _follow(self, pose: Pose, bone: str, parent: str, turn: Array) -> None:
        """Hang a bone on its parent with a rotation of its own."""
        head = self.body.head(bone)
        self._place(pose, bone, turn, head, self.carry(pose, parent, head))

    def _trunk(self, pose: Pose, t: Array) -> tuple[Array, Array]:
        path, spec = self.gait.path, self.gait.spec
        pelvis, position = path.orientation(t), path.position(t)
        rest = (self.body.pelvis["left_hip"] + self.body.pelvis["right_hip"]) / 2
        for bone in ("root", "pelvis.L", "pelvis.R"):
            self._place(pose, bone, pelvis, rest, position)
        turn = 2 * np.pi * path.phase(t)
        trunk = (
            about_z(-np.radians(spec.trunk_rotation_deg) * np.cos(turn + 0.3))
            @ about_x(np.radians(1.5) * np.cos(turn - 1.1))
            @ about_y(np.radians(self.trunk_pitch_deg + 1.5 * np.cos(2 * turn - 2.6)))
        )
        parent = "root"
        for bone, share in SPINE:
            self._follow(pose, bone, parent, between(pelvis, trunk, share))
            parent = bone
        for side in SIDES:
            self._follow(pose, "clavicle" + SUFFIX[side], "spine01", trunk)
            self._follow(pose, "shoulder01" + SUFFIX[side], "spine01", trunk)
        return pelvis, np.asarray(trunk)

    def _head(self, pose: Pose, trunk: Array) -> None:
        level = np.broadcast_to(about_y(np.radians(HEAD_PITCH_DEG)), trunk.shape)
        steady = between(level, trunk, 0.15)
        parent = "spine01"
        for bone, share in NECK:
            self._follow(pose, bone, parent, between(trunk, steady, share))
            parent = bone
        for side in SIDES:
            self._follow(pose, "eye" + SUFFIX[side], "head", steady)
            pose.points[f"{side}_eye"] = self.carry(pose, "head", self.body.head("eye" + SUFFIX[side]))
        eyes = (self.body.head("eye.L") + self.body.head("eye.R")) / 2
        pose.points["nose"] = self.carry(pose, "head", eyes + np.array([0.035, 0, -0.040]))

    def _arm(self, pose: Pose, side: str, trunk: Array, t: Array) -> None:
        body, suffix, sign = self.body, SUFFIX[side], SIGN[side]
        shoulder, elbow, wrist = (body.head(b + suffix) for b in ("upperarm01", "lowerarm01", "wrist"))
        turn = 2 * np.pi * (self.gait.path.phase(t) - (0.0 if side == "right" else 0.5))
        swing = np.radians(-self.arms.back_deg - self.gait.spec.arm_swing_deg * np.cos(turn + 0.2))
        bend = np.radians(self.arms.elbow_deg - 8 * np.cos(turn + 0.5))
        out, inward = about_x(sign * np.radians(self.arms.out_deg)), about_z(-sign * np.radians(self.arms.inward_deg))
        upper = trunk @ about_y(-swing) @ out @ inward
        fore = upper @ about_y(-bend)
        start = self.carry(pose, "shoulder01" + suffix, shoulder)
        middle = start - np.linalg.norm(elbow - shoulder) * upper[..., 2]
        end = middle - np.linalg.norm(wrist - elbow) * fore[..., 2]
        turn_upper = hinge_frame(start - middle, end - middle) @ hinge_frame(shoulder - elbow, wrist - elbow).T
        turn_fore = hinge_frame(middle - end, middle - start) @ hinge_frame(elbow - wrist, elbow - shoulder).T
        half = rotation(unit(middle - end), np.full(len(t), sign * np.radians(-15.0))) @ turn_fore
        full = rotation(unit(middle - end), np.full(len(t), sign * np.radians(-30.0))) @ turn_fore
        for bone, angle, rest, posed in (
            ("upperarm01", turn_upper, shoulder, start),
            ("upperarm02", turn_upper, shoulder, start),
            ("lowerarm01", turn_fore, elbow, middle),
            ("lowerarm02", half, elbow, middle),
            ("wrist", full, wrist, end),
        ):
            self._place(pose, bone + suffix, angle, rest, posed)
        self._hand(pose, side, full)
        pose.points |= {f"{side}_shoulder": start, f"{side}_elbow": middle, f"{side}_wrist": end}

    def _hand(self, pose: Pose, side: str, wrist: Array) -> None:
        """Close the hand to a loose fist."""
        body, suffix = self.body, SUFFIX[side]
        knuckles = unit(body.head("finger2-1" + suffix) - body.head("finger5-1" + suffix))
        curl = -np.radians(FINGER_CURL_DEG) * SIGN[side]
        thumb = -np.radians(THUMB_CURL_DEG) * SIGN[side]
        for finger in range(1, 6):
            parent, turn = "wrist" + suffix, wrist
            if finger > 1:
                parent = f"metacarpal{finger - 1}{suffix}"
                self._follow(pose, parent, "wrist" + suffix, wrist)
            for joint in (1, 2, 3):
                turn = turn @ rotation(knuckles, curl if finger > 1 else thumb)
                bone = f"finger{finger}-{joint}{suffix}"
                self._follow(pose, bone, parent, turn)
                parent = bone

    def _leg(self, pose: Pose, side: str, t: Array) -> None:
        body, suffix = self.body, SUFFIX[side]
        leg, shoe = self.gait.leg(side, t), self.gait.limbs.feet[side].shoe
        hip, knee, ankle = body.pelvis[f"{side}_hip"], body.head("lowerleg01" + suffix), body.head("foot" + suffix)
        rest_pole = about_z(shoe.yaw_rad / 2) @ FORWARD
        axis = unit(leg.ankle - leg.hip)
        pole = leg.knee - leg.hip - dot(leg.knee - leg.hip, axis) * axis
        thigh = hinge_frame(leg.hip - leg.knee, pole) @ hinge_frame(hip - knee, rest_pole).T
        shank = hinge_frame(leg.knee - leg.ankle, pole) @ hinge_frame(knee - ankle, rest_pole).T
        for bone, turn, rest, posed in (
            ("upperleg01", thigh, hip, leg.hip),
            ("upperleg02", thigh, hip, leg.hip),
            ("lowerleg01", shank, knee, leg.knee),
            ("lowerleg02", shank, knee, leg.knee),
        ):
            self._place(pose, bone + suffix, turn, rest, posed)
        pose.legs[side] = leg
        pose.points |= {f"{side}_hip": leg.hip, f"{side}_knee": leg.knee, f"{side}_ankle": leg.ankle}
        self._foot(pose, side, leg)

    def _foot(self, pose: Pose, side: str, leg: LegMotion) -> None:
        body, suffix = self.body, SUFFIX[side]
        shoe = self.gait.limbs.feet[side].shoe
        turn = foot_rotation(leg.yaw, leg.pitch)
        from_rest = about_z(-shoe.yaw_rad)
        ankle, ball = body.head("foot" + suffix), body.head("toe2-1" + suffix)
        self._place(pose, "foot" + suffix, turn @ from_rest, ankle, leg.ankle)
        toes = turn @ about_y(-leg.toe_extension) @ from_rest
        hinge = self.carry(pose, "foot" + suffix, ball)
        for bone in body.bones:
            if bone.startswith("toe") and bone.endswith(suffix):
                self._place(pose, bone, toes, ball, hinge)
        base = leg.ankle - apply(turn, shoe.ankle)
        ball_now = base + apply(turn, shoe.ball)
        tip = shoe.toe_landmark - shoe.ball
        pose.points |= {
            f"{side}_heel": base + apply(turn, shoe.heel_landmark),
            f"{side}_foot_axis": base + apply(turn, shoe.toe_landmark),
            f"{side}_ball": ball_now,
            f"{side}_foot_index": ball_now + apply(turn @ about_y(-leg.toe_extension), tip),
        }

    def _pelvic_points(self, pose: Pose, pelvis: Array) -> None:
        rest = self.body.pelvis
        middle = (rest["left_hip"] + rest["right_hip"]) / 2
        centre = (pose.points["left_hip"] + pose.points["right_hip"]) / 2
        for name, place in rest.items():
            if not name.endswith("hip"):
                pose.points[name] = centre + apply(pelvis, place - middle)
