"""The same clip shown otherwise: what is seen must not change, but for what was done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.real.who import Points
from midstance.pose.threads import FrameLike

JITTER_SHARE, SEED = 0.02, 9
JPEG_QUALITY = 30
OTHER = {"left": "right", "right": "left"}

Image = NDArray[np.uint8]
Size = tuple[int, int]
"""Width and height."""


@dataclass(frozen=True)
class Shown:
    """A frame after something was done to it."""

    index: int
    time_s: float
    image_bgr: Image


@dataclass(frozen=True)
class Variant:
    """Another way to show a clip.

    Attributes
    ----------
    name : str
    show : callable
        From frames to frames.
    back : callable
        From points seen there, and the clip's width and height, to where they are in the clip.
    rate : bool
        Only the frame rate is another.
    """

    name: str
    show: Callable[[Iterable[FrameLike]], Iterator[FrameLike]]
    back: Callable[[Points, Size], Points]
    rate: bool = False


def as_filmed(frames: Iterable[FrameLike]) -> Iterator[FrameLike]:
    """Yield frames as they are."""
    yield from frames


def mirrored(frames: Iterable[FrameLike]) -> Iterator[FrameLike]:
    """Yield frames with left and right exchanged: the runner's other side."""
    for frame in frames:
        yield Shown(frame.index, frame.time_s, np.ascontiguousarray(frame.image_bgr[:, ::-1]))


def every_second(frames: Iterable[FrameLike]) -> Iterator[FrameLike]:
    """Yield every second frame: half the rate."""
    for i, frame in enumerate(frames):
        if i % 2 == 0:
            yield frame


def jittered(frames: Iterable[FrameLike]) -> Iterator[FrameLike]:
    """Yield frames shifted by chance, each otherwise, as if cropped by a hand that shakes."""
    for frame in frames:
        height, width = frame.image_bgr.shape[:2]
        affine = np.column_stack([np.eye(2), _shift_px(frame.index, (width, height))])
        image = cv2.warpAffine(frame.image_bgr, affine, (width, height), borderMode=cv2.BORDER_REPLICATE)
        yield Shown(frame.index, frame.time_s, np.asarray(image, dtype=np.uint8))


def coded_anew(frames: Iterable[FrameLike]) -> Iterator[FrameLike]:
    """Yield frames coarsely compressed."""
    for frame in frames:
        _, code = cv2.imencode(".jpg", frame.image_bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        yield Shown(frame.index, frame.time_s, np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), dtype=np.uint8))


def _shift_px(index: int, size_px: Size) -> NDArray[np.float64]:
    rng = np.random.default_rng([SEED, index])
    return np.round(rng.uniform(-JITTER_SHARE, JITTER_SHARE, 2) * size_px[1])


def _unmirrored(points: Points, size_px: Size) -> Points:
    found = {}
    for name, xy in points.xy_px.items():
        side, _, rest = name.partition("_")
        found[f"{OTHER[side]}_{rest}"] = np.stack([size_px[0] - 1 - xy[..., 0], xy[..., 1]], axis=-1)
    return Points(points.frame, found)


def _unjittered(points: Points, size_px: Size) -> Points:
    shifts = np.array([_shift_px(int(i), size_px) for i in points.frame]).reshape(-1, 1, 2)
    return Points(points.frame, {name: xy - shifts for name, xy in points.xy_px.items()})


def _same(points: Points, _size_px: Size) -> Points:
    return points


AS_FILMED = Variant("as filmed", as_filmed, _same)
VARIANTS = (
    Variant("mirrored", mirrored, _unmirrored),
    Variant("every second frame", every_second, _same, rate=True),
    Variant(f"shifted by up to {100 * JITTER_SHARE:.0f} % of the height, each frame otherwise", jittered, _unjittered),
    Variant(f"coded anew (JPEG, quality {JPEG_QUALITY})", coded_anew, _same),
)
