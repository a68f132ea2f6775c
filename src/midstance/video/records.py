"""What a clip and a frame are to the rest of midstance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ClipInfo:
    """Facts about a clip, known before its frames are decoded.

    Attributes
    ----------
    path : Path
        As it was given.
    frames : int
        Frames that the file holds time stamps for. Damage may leave fewer that can be decoded.
    fps : float
        Frames per second of real time: the mean interval between frames, long and short ones left out. With
        `capture_fps` this is the rate at which the camera filmed. NaN for a single frame without a stated
        rate.
    file_fps : float
        Frames per second at which the file plays.
    capture_fps : float or None
        The rate at which the camera filmed, as the user said; None where the file plays in real time.
    duration_s : float
        Real time from the start of the first frame to the end of the last.
    variable_frame_rate : bool
        Whether any two frames are further apart, or closer, than a tenth of the usual interval.
    width_px, height_px : int
        Of the picture as it is shown: square pixels, upright.
    rotation_deg : int
        How far the stored picture is turned clockwise to be shown: 0, 90, 180 or 270.
    mirrored : bool
        Whether the file asks that the picture be shown mirrored, left for right. It is; then the runner's
        left and right may be swapped, because a mirror image is what was stored or what was asked for.
    interlaced : bool
        Whether the first frame is made of two fields taken at different times.
    codec : str
        FFmpeg's name of the decoder, e.g. `h264`.
    """

    path: Path
    frames: int
    fps: float
    file_fps: float
    capture_fps: float | None
    duration_s: float
    variable_frame_rate: bool
    width_px: int
    height_px: int
    rotation_deg: int
    mirrored: bool
    interlaced: bool
    codec: str


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture and its time.

    Attributes
    ----------
    index : int
        Place in the clip, from 0 in order of time. A frame that damage made unreadable keeps its number, so
        that the same index is the same picture in every reading.
    time_s : float
        Real time since the first frame.
    image_bgr : (h, w, 3) uint8 array
        Blue, green, red; upright, square pixels, C-contiguous, owned by the frame.
    """

    index: int
    time_s: float
    image_bgr: NDArray[np.uint8]
