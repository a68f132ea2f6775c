"""NetCDF in the layout of the package `movement`, by xarray.

Dimensions time, space, keypoints, individuals; variables position and confidence. Positions are the pixels of the
picture, y down, as `movement` has them. Beside them stand the angles (time, side) and the events (stride).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from midstance.formats._extra import needed
from midstance.formats.points import Array, Stage, series_of
from midstance.science.catalogue import MEASURE
from midstance.science.errors import InputError
from midstance.science.landmarks import LANDMARK_NAMES, SIDES
from midstance.science.records import ViewAnalysis

if TYPE_CHECKING:
    import xarray

RUNNER = "runner"
ENGINE = "h5netcdf"
CLASSIC = b"CDF"
"""How a file begins that is older than HDF5; scipy reads it."""
EVENTS = ("initial_contact_s", "midstance_s", "toe_off_s", "next_contact_s")


@dataclass(frozen=True, eq=False)
class Track:
    """One individual of a `movement` dataset."""

    names: tuple[str, ...]
    time_s: Array
    xy: Array
    """(n, names, 2)"""
    confidence: Array
    """(n, names)"""
    about: dict[str, str]
    in_frames: bool
    """Times count frames, for no rate was known."""


def dataset_of(view: ViewAnalysis, stage: Stage = "cleaned") -> xarray.Dataset:
    """Return a view as a `movement` dataset, with its angles and events.

    Angles share the time base of cleaned landmarks and stand beside those alone.

    Raises
    ------
    InputError
        If xarray is missing.
    """
    library = needed("xarray")
    series = series_of(view, stage)
    position = series.xy_px.transpose(0, 2, 1)[..., None]
    dims = ("time", "space", "keypoints", "individuals")
    variables: dict[str, Any] = {
        "position": (dims, position, {"units": "px", "axes": "x to the right, y down"}),
        "confidence": ((dims[0], *dims[2:]), series.visibility[..., None], {}),
        **_strides(view),
        **(_angles(view) if stage == "cleaned" else {}),
    }
    coords = {
        "time": ("time", series.time_s, {"long_name": "time of the clip in seconds"}),
        "space": ["x", "y"],
        "keypoints": list(LANDMARK_NAMES),
        "individuals": [RUNNER],
        "side": list(SIDES),
    }
    dataset: xarray.Dataset = library.Dataset(variables, coords, _attributes(view, stage, series.fps))
    return dataset


def write_netcdf(view: ViewAnalysis, stage: Stage, path: Path) -> None:
    """Write a view as NetCDF that `movement` opens.

    Raises
    ------
    InputError
        If xarray or its engine is missing.
    """
    needed("xarray", ENGINE)
    dataset_of(view, stage).to_netcdf(path, engine=ENGINE)


def read_dataset(source: Path | xarray.Dataset, individual: str | None = None) -> Track:
    """Return one individual of a `movement` dataset or of its NetCDF file.

    Raises
    ------
    InputError
        If a package is missing, the file cannot be read, or it holds several individuals and none is named.
    """
    library = needed("xarray")
    if not isinstance(source, Path):
        return _track(source, individual, "dataset")
    needed(ENGINE)
    try:
        with source.open("rb") as file:
            classic = file.read(3) == CLASSIC
        with library.open_dataset(source, engine="scipy" if classic else ENGINE) as opened:
            return _track(opened.load(), individual, str(source))
    except (OSError, ValueError) as error:
        raise InputError(f"{source}: expected NetCDF by movement, found none that xarray can open: check it") from error


def _track(dataset: xarray.Dataset, individual: str | None, where: str) -> Track:
    wanted = {"time", "space", "keypoints"}
    if "position" not in dataset or not wanted <= set(dataset["position"].dims):
        raise InputError(f"{where}: expected position over time, space and keypoints, given others: see movement")
    dataset = _of_one(dataset, individual, where)
    position = dataset["position"].transpose("time", "keypoints", "space").sel(space=["x", "y"])
    shape = position.shape[:2]
    confidence = dataset["confidence"].transpose("time", "keypoints").values if "confidence" in dataset else None
    return Track(
        tuple(str(name) for name in position["keypoints"].values),
        np.asarray(position["time"].values, dtype=np.float64),
        np.asarray(position.values, dtype=np.float64),
        np.full(shape, np.nan) if confidence is None else np.asarray(confidence, dtype=np.float64),
        {str(k): str(v) for k, v in dataset.attrs.items()},
        dataset.attrs.get("time_unit") == "frames",
    )


def _of_one(dataset: xarray.Dataset, individual: str | None, where: str) -> xarray.Dataset:
    if "individuals" not in dataset.dims:
        return dataset
    there = [str(name) for name in dataset["individuals"].values]
    name = individual or (there[0] if len(there) == 1 else None)
    if name not in there:
        raise InputError(f"{where}: expected one of the individuals {', '.join(there)}, given {name}: name one")
    return dataset.sel(individuals=name)


def _strides(view: ViewAnalysis) -> dict[str, Any]:
    strides = view.strides
    found: dict[str, Any] = {f"stride_{e}": ("stride", [getattr(s, e) for s in strides], {}) for e in EVENTS}
    found["stride_side"] = ("stride", np.array([s.side for s in strides], dtype="U5"), {})
    found["stride_valid"] = ("stride", np.array([int(s.valid) for s in strides], dtype=np.int8), {})
    return found


def _angles(view: ViewAnalysis) -> dict[str, Any]:
    """Return each angle over time and side; a side that has it not is NaN."""
    names = dict.fromkeys(name for name, _ in view.angles.values)
    blank = np.full(len(view.angles.time_s), np.nan)
    return {
        name: (
            ("time", "side"),
            np.column_stack([view.angles.values.get((name, side), blank) for side in SIDES]),
            {"units": MEASURE[name].unit, "positive": MEASURE[name].positive, "long_name": MEASURE[name].title},
        )
        for name in names
    }


def _attributes(view: ViewAnalysis, stage: Stage, fps: float) -> dict[str, Any]:
    found: dict[str, Any] = {
        "source_software": "midstance",
        "ds_type": "poses",
        "time_unit": "seconds",
        "fps": fps,
        "source_file": view.clip.file,
        "view": view.name,
        "facing": view.scene.facing,
        "points": stage,
        "model": view.clip.model or "none",
        "metres_per_px": view.scene.metres_per_px,
    }
    if view.raw.frame_size_px:
        found |= {"width_px": view.raw.frame_size_px[0], "height_px": view.raw.frame_size_px[1]}
    return found
