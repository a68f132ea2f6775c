"""What a reader of the numbers should know about each clip: the capture quality."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from midstance.science.gradings import SKEW_YAW_DEG, STEEP_TILT_DEG
from midstance.science.landmarks import SIDES
from midstance.science.model_names import has_own_networks, own_trust, split_name
from midstance.science.records import ClipFacts, QualityNote, Scene, Stride
from midstance.science.stances import Contacts
from midstance.science.uncertainty import SLOW_FPS

Level = Literal["good", "caution", "poor"]
GOOD_FPS = 100.0
ENOUGH_STRIDES = 10
FEWEST_STRIDES = 7
"""A stable mean needs 6.3 ± 0.3 steps (Dingenen 2018)."""
MOST_REPEATED = 0.1
FAR_DRIFT_LEG_LENGTHS = 0.5
"""A runner on a belt who keeps the place wanders by 0.03."""
SURE_NETWORKS = 0.8
"""Weight of our own networks on rendered clips: 0.85 and more, but in the dark or far away."""

MEASURED_MODELS = ("heavy", "pose_heavy.task")
"""Names of the pose model whose errors are known, as a word and as a file."""


@dataclass(frozen=True, eq=False)
class NoteFacts:
    """What the notes are made from."""

    view: str
    clip: ClipFacts
    scene: Scene
    contacts: Contacts
    strides: tuple[Stride, ...]
    swapped_share: float
    missing_share: float
    outlier_share: float
    repeated_share: float = 0.0
    """Of the frames: the picture is the one before again."""
    jumps: int = 0
    """Times at which the runner is elsewhere from one frame to the next."""
    drift_leg_lengths: float = 0.0
    """How far the runner wanders through the picture."""


def capture_notes(facts: NoteFacts) -> tuple[QualityNote, ...]:
    """Return one note for each thing checked."""
    return tuple(
        QualityNote(facts.view, name, level, message)
        for name, (level, message) in ((name, check(facts)) for name, check in CHECKS.items())
    ) + _lacking(facts)


def _lacking(facts: NoteFacts) -> tuple[QualityNote, ...]:
    """Say which landmarks a file of another program does not hold."""
    if not facts.clip.lacks:
        return ()
    told = f"not in {facts.clip.file}: {', '.join(facts.clip.lacks)}; what needs them is not measured"
    return (QualityNote(facts.view, "lacking", "caution", told),)


def _frame_rate(facts: NoteFacts) -> tuple[Level, str]:
    fps = facts.clip.fps
    if fps < SLOW_FPS:
        return "caution", f"{fps:.0f} frames/s: contact angles and times are blurred; film at 120"
    if fps < GOOD_FPS:
        return "good", f"{fps:.0f} frames/s: enough for angles at midstance; 120 is better for contact times"
    return "good", f"{fps:.0f} frames/s"


def _strides(facts: NoteFacts) -> tuple[Level, str]:
    counts = {side: sum(s.side == side and s.valid for s in facts.strides) for side in SIDES}
    told = f"{counts['left']} left and {counts['right']} right strides used"
    least = min(counts.values())
    if least >= ENOUGH_STRIDES:
        return "good", told
    level: Level = "caution" if least >= FEWEST_STRIDES else "poor"
    return level, f"{told}: film at least {ENOUGH_STRIDES} strides a side (about 10 s)"


def _visibility(facts: NoteFacts) -> tuple[Level, str]:
    hidden = facts.missing_share
    told = f"leg landmarks hidden in {hidden:.1%} of the frames"
    if hidden < 0.05:
        return "good", told
    return ("caution" if hidden < 0.2 else "poor"), f"{told}: clear the view of the legs, more light"


def _runner_found(facts: NoteFacts) -> tuple[Level, str]:
    share, people = facts.clip.runner_share, facts.clip.people_seen
    others = f"; {people} people in the picture, the runner was followed" if people > 1 else ""
    told = f"runner found in {share:.0%} of the frames{others}"
    return ("good" if share > 0.95 else "caution" if share > 0.7 else "poor"), told


def _swaps(facts: NoteFacts) -> tuple[Level, str]:
    share = facts.swapped_share
    told = f"left and right leg exchanged by the pose model in {share:.1%} of the frames and put right"
    return ("good" if share < 0.1 else "caution"), told


def _outliers(facts: NoteFacts) -> tuple[Level, str]:
    share = facts.outlier_share
    return ("good" if share < 0.03 else "caution"), f"{share:.1%} of the leg landmarks dropped as outliers"


def _file(facts: NoteFacts) -> tuple[Level, str]:
    faults = (
        (facts.clip.cut_off, "the file is cut off: copy it again; what is there was analysed"),
        (facts.clip.variable_frame_rate, "the frame rate varies: the true time of each frame was used"),
        (facts.clip.interlaced, "the pictures are interlaced, which blurs fast feet: film without"),
    )
    told = [words for there, words in faults if there]
    return ("caution", "; ".join(told)) if told else ("good", "the file is whole, its frames evenly apart")


def _pictures(facts: NoteFacts) -> tuple[Level, str]:
    share = facts.repeated_share
    if share <= MOST_REPEATED:
        return "good", "hardly a picture is repeated"
    return "caution", (
        f"{share:.0%} of the pictures are repeated: times are coarser than the frame rate says; "
        "send the clip as the camera filmed it"
    )


def _camera(facts: NoteFacts) -> tuple[Level, str]:
    if facts.scene.surface != "treadmill":
        return "good", "the runner passes by, so that a moving camera could not be told"
    if facts.jumps:
        times = "once" if facts.jumps == 1 else f"{facts.jumps} times"
        return (
            "caution",
            f"the picture jumps {times}: numbers mix what was filmed before and after; film in one go",
        )
    if facts.drift_leg_lengths > FAR_DRIFT_LEG_LENGTHS:
        told = f"the runner wanders through the picture by {facts.drift_leg_lengths:.1f} leg lengths"
        return "caution", f"{told}: the camera moved? put it on a tripod"
    return "good", "the camera stood still"


def _tilt(facts: NoteFacts) -> tuple[Level, str]:
    tilt = facts.scene.tilt_deg
    if not np.isfinite(tilt):
        return "caution", "the ground line could not be found: was the camera level?"
    told = f"ground line {abs(tilt):.1f} deg off level ({facts.scene.tilt_source})"
    if abs(tilt) <= STEEP_TILT_DEG[facts.scene.view]:
        return "good", told
    return "caution", (
        f"{told}: an inclined treadmill, or a camera that leans or does not look square; "
        "angles against the vertical use the picture's own"
    )


def _squareness(facts: NoteFacts) -> tuple[Level, str]:
    yaw = facts.scene.yaw_deg
    if facts.scene.view == "side":
        return "good", "a side view need not be square: 10 deg off change its angles by 1 deg at most"
    if not np.isfinite(yaw):
        return (
            "caution",
            "whether the camera stood square to the runner could not be told: place it in line with the belt",
        )
    told = f"camera {abs(yaw):.1f} deg off the line of running; angles are corrected for it"
    return ("good", told) if abs(yaw) <= SKEW_YAW_DEG else ("caution", f"{told}; place it in line with the belt")


def _sides(facts: NoteFacts) -> tuple[Level, str]:
    near = facts.scene.near_side
    if near is None:
        return "good", "both legs seen from the " + ("front" if facts.scene.view == "front" else "rear")
    return "good", f"the {near} leg is near the camera; the other one is partly hidden and graded low"


def _mirror(facts: NoteFacts) -> tuple[Level, str]:
    if facts.clip.mirrored:
        return "caution", "the clip is mirrored: left and right may be exchanged; film with the rear camera"
    return "good", "the clip is not marked as mirrored"


def _timing(facts: NoteFacts) -> tuple[Level, str]:
    if facts.contacts.timing_assumed:
        return "caution", "contact and toe-off rest on an assumed flight time: add a side view"
    return "good", "contact and toe-off found from the feet, or taken from the side view"


def _networks(facts: NoteFacts) -> tuple[Level, str]:
    model = facts.clip.model
    if not has_own_networks(model):
        return "good", "knees and feet are as the landmarks have them; standard errors are those of MediaPipe alone"
    trust = own_trust(model)
    if trust >= SURE_NETWORKS:
        return "good", f"our own networks found knees and feet, with a weight of {trust:.0%}"
    told = f"our own networks were unsure of knees and feet here (weight {trust:.0%}): standard errors are larger"
    return "caution", f"{told}; more light, shoes unlike the belt and a faster shutter help"


def _model(facts: NoteFacts) -> tuple[Level, str]:
    if facts.clip.model is None:
        return "good", "the landmarks name no pose model"
    name = split_name(facts.clip.model)[0]
    if name in MEASURED_MODELS:
        return "good", "the pose model is the one that standard errors were measured with"
    told = f"pose model {name}: standard errors were measured with heavy and are too small here"
    return "caution", f"{told}; take heavy where numbers count"


CHECKS: dict[str, Callable[[NoteFacts], tuple[Level, str]]] = {
    "file": _file,
    "frame_rate": _frame_rate,
    "pictures": _pictures,
    "camera": _camera,
    "strides": _strides,
    "runner": _runner_found,
    "visibility": _visibility,
    "swaps": _swaps,
    "outliers": _outliers,
    "tilt": _tilt,
    "squareness": _squareness,
    "sides": _sides,
    "timing": _timing,
    "mirror": _mirror,
    "networks": _networks,
    "model": _model,
}
"""Every check by name, in the order in which reports show them."""
