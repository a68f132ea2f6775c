"""What a user is told when a clip or an analysis is refused: what is wrong, and what to film instead."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from midstance.science import errors

WHOLE_RUNNER = "Have the whole runner in the picture, with some room above the head and below the feet."
STILL = "Stand it still and level at hip height, 3 to 4 m away, on a tripod or a chair."
HALF_A_MINUTE = "Film 10 to 30 seconds of steady running."
FAST = "Film at 60 frames a second or more, in good light."
STANDING = "Film 3 s from the side: standing still on the stopped belt, feet side by side, knees straight."
AS_FILMED = "Copy the clip from the camera again, as it was filmed."


@dataclass(frozen=True)
class Refusal:
    """Why something cannot serve, and what to do."""

    code: str
    title: str
    message: str
    do: tuple[str, ...]
    drawing: str
    """Which drawing shows how to place the phone: `side`, `front` or `none`."""
    clip: str | None = None
    """Id of the clip that it is about."""
    proposal: dict[str, Any] | None = None
    """What would put it right, such as `capture_fps`, or `slots`: places that the clip fits."""
    final: bool = True
    """Whether the clip cannot be used whatever the user says."""

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self) | {"do": list(self.do)}


_CLIP: dict[str, tuple[str, tuple[str, ...]]] = {
    "not_a_clip": ("This is no clip that can be read", (AS_FILMED, "MP4 and MOV of every phone will do.")),
    "landmarks_file": ("This landmarks file cannot be read", ("Correct the line that is named, or upload the clip.",)),
    "too_short": ("The clip is too short", (HALF_A_MINUTE,)),
    "too_long": ("The clip is too long", ("Cut out 10 to 30 seconds of steady running.",)),
    "too_few_frames": ("The clip has too few frames a second", (FAST,)),
    "too_small": ("The picture is too small", (AS_FILMED, "Messengers make clips small: send it as a file.")),
    "too_dark": ("The picture is too dark", ("Turn the light on, and film towards the wall, not the window.",)),
    "nobody": ("Nobody is seen in this clip", (WHOLE_RUNNER, "Leave the legs uncovered, in good light.")),
    "legs_out_of_frame": ("The feet are out of the picture", (WHOLE_RUNNER, STILL)),
    "other_view": ("The clip shows another view", ("Move it to the view that it shows, or film as drawn here.",)),
}
OF_A_GLANCE = ("nobody", "legs_out_of_frame", "other_view")
"""Codes that come from a few pictures; a user who knows better may use the clip."""

_FAILED: tuple[tuple[type[errors.MidstanceError], str, str, tuple[str, ...]], ...] = (
    (errors.NoRunnerError, "no_runner", "No runner was found", (WHOLE_RUNNER, "Leave the legs uncovered.", FAST)),
    (errors.LegsOutOfFrameError, "legs_out_of_frame", "The legs leave the picture", (WHOLE_RUNNER, STILL)),
    (errors.FrameRateError, "too_few_frames", "Too few frames a second", (FAST,)),
    (errors.NotRunningError, "not_running", "This does not look like running", (HALF_A_MINUTE, STILL)),
    (
        errors.SlowMotionError,
        "slow_motion",
        "This plays in slow motion",
        ("Say at how many frames a second it was filmed, then start again: that takes seconds.",),
    ),
    (
        errors.WrongViewError,
        "wrong_view",
        "The clip shows another view",
        ("Move the clip to the view that it shows, then start again: that takes seconds.",),
    ),
    (errors.NotStandingError, "not_standing", "Nobody stands still in this clip", (STANDING, STILL)),
    (errors.TooFewStridesError, "too_few_strides", "Too few whole strides", (HALF_A_MINUTE, WHOLE_RUNNER)),
    (errors.CannotAnalyseError, "cannot_analyse", "The clip cannot be analysed", (HALF_A_MINUTE, WHOLE_RUNNER)),
    (
        errors.LimitError,
        "limit",
        "The clip asks too much of this machine",
        ("Cut out 10 to 30 seconds of steady running.", "MP4 with H.264 in 1080p or less will do."),
    ),
    (errors.ModelError, "model", "The pose model is missing", ("Run `midstance models get heavy` once, online.",)),
    (
        errors.ClusterError,
        "cluster",
        "The cluster did not do it",
        ("See that its scheduler and workers run, then start again.",),
    ),
    (errors.InputError, "input", "The analysis was refused", ("Correct what is named, then start again.",)),
)


_WELL_FILMED = ("slow_motion", "wrong_view")
"""What went wrong with clips that need not be filmed again."""


def clip_refusal(code: str, message: str, slot: str, proposal: dict[str, Any] | None = None) -> Refusal:
    """Return the refusal of an uploaded clip."""
    title, do = _CLIP[code]
    return Refusal(code, title, message, do, drawing_of(slot), proposal=proposal, final=code not in OF_A_GLANCE)


def failure(error: errors.MidstanceError, message: str, slot: str | None = None, **more: Any) -> Refusal:
    """Return what is told of an error that ended a job.

    Parameters
    ----------
    error : MidstanceError
    message : str
        What is shown of it.
    slot : str, optional
        Place of the clip that it is about.
    **more
        `clip` and `proposal`.
    """
    _, code, title, do = next(f for f in _FAILED if isinstance(error, f[0]))
    drawing = drawing_of(slot) if slot and code not in _WELL_FILMED else "none"
    return Refusal(code, title, message, do, drawing, **more)


CRASHED = Refusal(
    "crashed",
    "The analysis ended unexpectedly",
    "expected the analysis to end by itself, given one that was ended: memory or disk may be full",
    ("Close other programs, then start again. If it happens again, try a shorter clip.",),
    "none",
)


def drawing_of(slot: str) -> str:
    """Return which drawing shows how a clip of a slot is filmed."""
    return "side" if slot in ("side", "other_side") else "front"
