"""Whether an uploaded clip can serve, found out at once from the file: what it holds, not what it is called."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from midstance.science.checks import LEAST_FPS
from midstance.science.errors import ClipError, InputError, LandmarksFileError
from midstance.web.refusals import Refusal, clip_refusal
from midstance.web.settings import WebSettings
from midstance.web.states import STANDING_SLOTS

if TYPE_CHECKING:
    from midstance.video.records import ClipInfo

Image = NDArray[np.uint8]

SHORTEST_S = 2.0
STANDING_S = 1.0
"""The shortest clip of somebody who stands still."""
SHORT_S = 8.0
GOOD_FPS = 50.0
LEAST_SIDE_PX = 240
DARKEST = 10.0
"""Mean brightness, 0 to 255, below which nobody could be seen."""
THUMBNAIL_PX = 480
LOOK_AT_S = 1.0
"""The thumbnail is of this time: later ones would cost the decoding of all before."""
_START_BYTES = 4096
_CAPTURE_TAGS = ("com.android.capture.fps",)
"""Where phones write at how many frames a second a slow-motion clip was filmed."""


@dataclass(frozen=True)
class ClipCheck:
    """What was found."""

    kind: Literal["video", "landmarks"] | None
    facts: dict[str, Any] | None = None
    remarks: tuple[str, ...] = ()
    proposal: dict[str, Any] | None = None
    refusal: Refusal | None = None
    thumbnail: bytes = field(default=b"", repr=False)
    """JPEG; empty without one."""


@dataclass(frozen=True)
class Limits:
    """What is too much, found out before it is decoded."""

    clip_s: float = WebSettings.max_clip_s
    pixels: float = WebSettings.max_clip_pixels
    """In all frames of a clip."""
    landmark_frames: int = WebSettings.max_landmark_frames


USUAL = Limits()


def limits_of(settings: WebSettings) -> Limits:
    """Return the limits of a server."""
    return Limits(settings.max_clip_s, settings.max_clip_pixels, settings.max_landmark_frames)


def check_clip(path: Path, slot: str, limits: Limits = USUAL) -> ClipCheck:
    """Look at an uploaded file.

    Parameters
    ----------
    path : Path
    slot : str
        What it is to show.
    limits : Limits
    """
    if is_text(path):
        return _check_landmarks(path, slot, limits)
    try:
        return _check_video(path, slot, limits)
    except ClipError as error:
        problem = str(error).removeprefix(f"{path}: ")
        return ClipCheck(None, refusal=clip_refusal("not_a_clip", problem, slot))


def is_text(path: Path) -> bool:
    """Whether a file starts as a landmarks file does and no video can."""
    with path.open("rb") as file:
        start = file.read(_START_BYTES)
    return b"landmark" in start and b"\0" not in start


def _check_landmarks(path: Path, slot: str, limits: Limits) -> ClipCheck:
    from midstance.storage.landmarks_csv import read_landmarks

    try:
        series = read_landmarks(path, most_frames=limits.landmark_frames)
    except LandmarksFileError as error:
        problem = str(error).removeprefix(f"{path}: ")
        return ClipCheck("landmarks", refusal=clip_refusal("landmarks_file", problem, slot))
    facts = {"frames": len(series), "duration_s": series.duration_s, "fps": _finite(series.fps)}
    refusal = _refused(series.duration_s, series.fps, slot, limits.clip_s)
    return ClipCheck("landmarks", facts, refusal=refusal)


def _check_video(path: Path, slot: str, limits: Limits) -> ClipCheck:
    from midstance.video.reader import open_clip

    with open_clip(path) as clip:
        info = clip.info
        refusal = _refused(info.duration_s, info.fps, slot, limits.clip_s) or _refused_size(info, limits, slot)
        if refusal is not None:  # nothing more of it is decoded
            return ClipCheck("video", _facts(info), proposal=_proposal(path, info.file_fps), refusal=refusal)
        number = min(info.frames // 2, round(LOOK_AT_S * info.file_fps) if math.isfinite(info.file_fps) else 0)
        image = next((frame.image_bgr for frame in clip.frames(number, number + 1)), None)
    refusal = _refused_picture(info, image, slot)
    return ClipCheck(
        "video",
        _facts(info),
        _remarks(info, slot),
        _proposal(path, info.file_fps),
        refusal,
        b"" if image is None else _thumbnail(image),
    )


def _refused(duration_s: float, fps: float, slot: str, longest_s: float) -> Refusal | None:
    stands = slot in STANDING_SLOTS
    shortest_s, better_s = (STANDING_S, 3) if stands else (SHORTEST_S, 10)
    if duration_s < shortest_s:
        told = f"expected at least {shortest_s:.0f} s, better {better_s}, given {duration_s:.1f} s: film longer"
        return clip_refusal("too_short", told, slot)
    if duration_s > longest_s:
        told = f"expected at most {longest_s:.0f} s, given {duration_s:.0f} s: cut out half a minute"
        return clip_refusal("too_long", told, slot)
    if not fps >= LEAST_FPS:
        told = f"expected at least {LEAST_FPS:.0f} frames/s, given {fps:.1f}: film at 60 or more"
        return clip_refusal("too_few_frames", told, slot)
    return None


def _refused_size(info: ClipInfo, limits: Limits, slot: str) -> Refusal | None:
    pixels = float(info.width_px) * info.height_px * info.frames
    if pixels > limits.pixels:
        given = f"{info.frames} pictures of {info.width_px} x {info.height_px}"
        told = f"expected at most {limits.pixels:.2g} pixels in all, given {given}: cut out half a minute"
        return clip_refusal("too_long", told, slot)
    return None


def _refused_picture(info: ClipInfo, image: Image | None, slot: str) -> Refusal | None:
    if min(info.width_px, info.height_px) < LEAST_SIDE_PX:
        told = (
            f"expected at least {LEAST_SIDE_PX} px, given {info.width_px} x {info.height_px}: send the clip as filmed"
        )
        return clip_refusal("too_small", told, slot)
    if image is None:
        return clip_refusal("not_a_clip", "expected pictures that can be decoded, given none: copy it again", slot)
    if float(image[::4, ::4].mean()) < DARKEST:
        return clip_refusal("too_dark", "expected a picture, given one that is nearly black: turn the light on", slot)
    return None


def _facts(info: ClipInfo) -> dict[str, Any]:
    facts = asdict(info)
    return {k: _finite(v) if isinstance(v, float) else v for k, v in facts.items() if k not in ("path", "capture_fps")}


def _remarks(info: ClipInfo, slot: str) -> tuple[str, ...]:
    remarks, runs = [], slot not in STANDING_SLOTS
    if runs and info.fps < GOOD_FPS:
        remarks.append(f"{info.fps:.0f} frames/s: with 60 or more the times are better.")
    if runs and info.duration_s < SHORT_S:
        remarks.append(f"{info.duration_s:.1f} s: with 10 s or more the numbers are surer.")
    if info.variable_frame_rate:
        remarks.append("The frame rate varies; the true times of the frames are used.")
    if info.mirrored:
        remarks.append("The picture is mirrored: check that left and right are right.")
    return tuple(remarks)


def _proposal(path: Path, file_fps: float) -> dict[str, Any] | None:
    """Return the rate that the file says it was filmed at, when it plays slower."""
    from midstance.video.probe import open_container

    with open_container(path) as container:
        tags = dict(container.metadata)
    for tag in _CAPTURE_TAGS:
        fps = _number(tags.get(tag, ""))
        if math.isfinite(fps) and 1.2 * file_fps < fps <= 2000:
            told = f"the file plays at {file_fps:.0f} frames/s and says that it was filmed at {fps:.0f}"
            return {"capture_fps": fps, "because": told}
    return None


def _thumbnail(image: Image) -> bytes:
    import cv2

    scale = min(1.0, THUMBNAIL_PX / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    encoded, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 82])
    if not encoded:
        raise InputError("expected a picture that can be encoded as JPEG, given one that cannot: convert the clip")
    return jpeg.tobytes()


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
