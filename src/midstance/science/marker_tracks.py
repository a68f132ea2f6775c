"""Markers that were placed on the pelvis in one frame, and where they went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from midstance.science.errors import InputError
from midstance.science.plain import finite

Kind = Literal["spines", "waistband", "hips"]
KINDS: tuple[Kind, ...] = get_args(Kind)
POINT_NAMES: dict[Kind, tuple[str, str]] = {
    "spines": ("front", "back"),
    "waistband": ("front", "back"),
    "hips": ("left", "right"),
}
"""The two markers of each kind. `spines`: front and back upper iliac spine (ASIS, PSIS) of the near side, from the
side. `waistband`: two points of tape on it, from the side. `hips`: the same spot left and right of the runner, from
front or rear."""


@dataclass(frozen=True)
class Placement:
    """Two markers on the pelvis, as a person placed them in one frame."""

    kind: Kind
    frame: int
    """Number of the frame in the clip."""
    points: Mapping[str, tuple[float, float]]
    """Name to (x, y) in pixels of the clip as it is shown, y down; names as in `POINT_NAMES`."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"markers: expected the kind {', '.join(KINDS)}, given {self.kind!r:.40}: correct it")
        names = POINT_NAMES[self.kind]
        if set(self.points) != set(names) or not all(_is_point(p) for p in self.points.values()):
            raise InputError(
                f"markers: expected a place (x, y) for {names[0]} and {names[1]}, given {dict(self.points)!r:.80}: "
                "place both"
            )
        if self.frame < 0:
            raise InputError(f"markers: expected a frame number of 0 or more, given {self.frame}: correct it")

    @property
    def xy_px(self) -> NDArray[np.float64]:
        """The two places, shape (2, 2), in the order of `POINT_NAMES`."""
        return np.array([self.points[name] for name in POINT_NAMES[self.kind]], dtype=np.float64)

    def to_plain(self) -> dict[str, Any]:
        """Return it as JSON knows it; `from_plain` is the way back."""
        return {"kind": self.kind, "frame": self.frame, "points": {n: list(p) for n, p in self.points.items()}}

    @classmethod
    def from_plain(cls, value: object) -> Placement:
        """Return what `to_plain` wrote.

        Raises
        ------
        InputError
            If something is missing or wrong.
        """
        table = value if isinstance(value, Mapping) else {}
        kind, frame, points = (table.get(key) for key in ("kind", "frame", "points"))
        if kind not in KINDS or type(frame) is not int or not isinstance(points, Mapping):
            raise InputError(f"markers: expected kind, frame and points, given {value!r:.80}: correct it")
        return cls(kind, frame, {str(n): tuple(p) if isinstance(p, list | tuple) else p for n, p in points.items()})


@dataclass(frozen=True, eq=False)
class MarkerTracks:
    """The path of both markers through the clip."""

    placement: Placement
    time_s: NDArray[np.float64]
    """(n,) time of each frame, as in the clip's raw landmarks."""
    frame: NDArray[np.int64]
    """(n,) number of each frame."""
    xy_px: NDArray[np.float64]
    """(n, 2, 2): frame, marker in the order of `POINT_NAMES`, x and y; NaN = lost."""
    confidence: NDArray[np.float64]
    """(n, 2) from 0 (lost) to 1: how alike the marker's surroundings are to those where it was placed."""

    def __post_init__(self) -> None:
        n = len(self.time_s)
        for name, shape in {"frame": (n,), "xy_px": (n, 2, 2), "confidence": (n, 2)}.items():
            given = getattr(self, name).shape
            if given != shape:
                raise ValueError(f"{name}: expected shape {shape} for {n} frames, given {given}")

    @property
    def lost_share(self) -> tuple[float, float]:
        """Share of the frames in which each marker was lost."""
        lost = np.isnan(self.xy_px[..., 0]).mean(axis=0) if len(self.time_s) else np.ones(2)
        return float(lost[0]), float(lost[1])

    def to_plain(self) -> dict[str, Any]:
        """Return them as JSON knows them, to a hundredth of a pixel; `from_plain` is the way back."""
        return {
            "placement": self.placement.to_plain(),
            "time_s": self.time_s.tolist(),
            "frame": self.frame.tolist(),
            "xy_px": _without_nan(np.round(self.xy_px, 2).reshape(len(self.time_s), 4)),
            "confidence": np.round(self.confidence, 3).tolist(),
        }

    @classmethod
    def from_plain(cls, value: object) -> MarkerTracks:
        """Return what `to_plain` wrote.

        Raises
        ------
        InputError
            If something is missing or wrong.
        """
        try:
            return _tracks_from(value)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise InputError(
                f"marker tracks: expected those that were saved, given others ({error}): track again"
            ) from error


def _tracks_from(value: Any) -> MarkerTracks:
    time_s = np.array(value["time_s"], dtype=np.float64)
    return MarkerTracks(
        Placement.from_plain(value["placement"]),
        time_s,
        np.array(value["frame"], dtype=np.int64),
        np.array(value["xy_px"], dtype=np.float64).reshape(len(time_s), 2, 2),
        np.array(value["confidence"], dtype=np.float64),
    )


def _without_nan(rows: NDArray[np.float64]) -> list[list[float | None]]:
    return [[v if isfinite(v) else None for v in row] for row in rows.tolist()]


def _is_point(value: object) -> bool:
    if not isinstance(value, tuple) or len(value) != 2:
        return False
    return all(finite(v) is not None for v in value)
