"""Landmarks of other programs, one `from_x` for each: then the analysis goes on as from a landmarks CSV."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from midstance.api.sources import ClipLandmarks
from midstance.science.errors import InputError
from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.people import FollowSettings, follow_runner
from midstance.science.records import ClipFacts, View

if TYPE_CHECKING:
    import xarray

    from midstance.formats.netcdf import Track
    from midstance.formats.trc import Markers

LONGEST_LEG_M = 3.0
"""A leg that is longer in a file said to be in metres is in pixels: Sports2D writes metres in the header of both."""


def load_foreign(
    path: Path, view: View = "side", capture_fps: float | None = None, follow: FollowSettings | None = None
) -> ClipLandmarks:
    """Return the landmarks of another program's file or folder, by its kind.

    Raises
    ------
    InputError
        If it cannot be read, or a folder of OpenPose's files comes without the rate.
    """
    if path.is_dir():
        if capture_fps is None:
            raise InputError(f"{path}: expected the rate of OpenPose's files, which hold no times: give --capture-fps")
        return from_openpose(path, capture_fps, follow=follow)
    readers = {".trc": from_trc, ".c3d": from_c3d}
    kind = path.suffix.lower()
    clip = readers[kind](path, view) if kind in readers else from_movement(path)
    return clip if capture_fps is None else _at_rate(clip, capture_fps)


def from_trc(path: Path | str, view: View = "side", *, near: Side = "right") -> ClipLandmarks:
    """Return landmarks of a TRC file by Sports2D, Pose2Sim, OpenCap or midstance.

    A file that holds a picture (each marker keeps its Z) is taken as it is seen. One in space is seen by a distant
    camera from `view`, where a pixel is a millimetre.

    Parameters
    ----------
    path : Path or str
    view : {'side', 'front', 'rear'}
        Of points in space.
    near : {'left', 'right'}
        From which side of the runner a side view of points in space is.

    Raises
    ------
    InputError
        If the file cannot be read or holds none of the landmarks.
    """
    from midstance.formats.trc import read_trc

    return _from_markers(read_trc(Path(path)), Path(path), view, near)


def from_c3d(path: Path | str, view: View = "side", *, near: Side = "right") -> ClipLandmarks:
    """Return landmarks of a C3D file by the usual names of markers or joints, see `docs/formats.md`.

    Parameters and errors as for `from_trc`.
    """
    from midstance.formats.c3d import read_c3d

    return _from_markers(read_c3d(Path(path)), Path(path), view, near)


def from_openpose(folder: Path | str, fps: float, *, follow: FollowSettings | None = None) -> ClipLandmarks:
    """Return the runner's landmarks of a folder of OpenPose's JSON files, BODY_25 or 18 points.

    Parameters
    ----------
    folder : Path or str
        With one file a frame.
    fps : float
        Real frames per second, which the files do not hold.
    follow : FollowSettings, optional
        How the runner is told from other people.

    Raises
    ------
    InputError
        If the files cannot be read or the rate makes no sense.
    NoRunnerError
        If nobody is seen for long enough.
    """
    from midstance.formats.openpose import read_openpose, seen_only

    if not 1 <= fps <= 2000:
        raise InputError(f"fps: expected frames per second from 1 to 2000, given {fps:g}: give the camera's rate")
    path = Path(folder)
    runner, report = follow_runner(read_openpose(path, fps), follow)
    return _clip(seen_only(runner), path.name, people_seen=report.people_seen, runner_share=report.runner_share)


def from_movement(source: Path | str | xarray.Dataset, individual: str | None = None) -> ClipLandmarks:
    """Return landmarks of a `movement` dataset of poses, or of the NetCDF file of one.

    Parameters
    ----------
    source : Path, str or xarray.Dataset
        Positions in pixels, y down.
    individual : str, optional
        Who runs, where there are several.

    Raises
    ------
    InputError
        If it cannot be read, holds none of the landmarks, or has neither times nor a rate.
    """
    from midstance.formats.names import series_of_names
    from midstance.formats.netcdf import read_dataset

    track = read_dataset(Path(source) if isinstance(source, str | Path) else source, individual)
    where = str(source) if isinstance(source, str | Path) else "dataset"
    about = track.about
    size = (int(float(about["width_px"])), int(float(about["height_px"]))) if "width_px" in about else None
    series = series_of_names(track.names, _seconds(track, where), track.xy, track.confidence, size)
    name = about.get("source_file") or (Path(where).name if where != "dataset" else where)
    return _clip(_checked(series, where), name, model=_model(about))


def _from_markers(markers: Markers, path: Path, view: View, near: Side) -> ClipLandmarks:
    from midstance.formats.markers import body_of
    from midstance.formats.names import series_of_names
    from midstance.formats.projection import is_flat, laboratory_of, seen

    _check_times(markers.time_s, path)
    if is_flat(markers.xyz):
        series = series_of_names(markers.names, markers.time_s, _picture(markers, path))
    else:
        points = body_of(markers, None, str(path)).points
        picture = seen(points, markers.unit, laboratory_of(points, str(path)), view, near)
        series = series_of_names(list(picture), markers.time_s, np.stack(list(picture.values()), axis=1))
    return _clip(_checked(series, str(path)), path.name, model=_model(markers.about))


def _picture(markers: Markers, path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return a file's picture in pixels, y down: the pixels that it was made from, or millimetres, or as it is."""
    from midstance.formats.names import places_of
    from midstance.formats.projection import MM_PER

    xy = markers.xyz[..., :2]
    floor_px = markers.about.get("floor_px")
    if floor_px is not None:
        scale = 1.0 if markers.unit == "px" else float(markers.about["metres_per_px"]) * 1000 / MM_PER[markers.unit]
        return np.asarray(xy / scale * [1, -1] + [0, float(floor_px)])
    at = places_of(markers.names)
    legs = [(xy[:, at[f"{s}_hip"]], xy[:, at[f"{s}_ankle"]]) for s in SIDES if {f"{s}_hip", f"{s}_ankle"} <= set(at)]
    if not legs:
        raise InputError(f"{path}: expected hip and ankle of a leg among the markers, found none: rename them")
    rise = float(np.nanmedian([np.nanmedian(hip[:, 1] - ankle[:, 1]) for hip, ankle in legs]))
    in_px = markers.unit.lower() not in MM_PER or abs(rise) * MM_PER[markers.unit.lower()] > 1000 * LONGEST_LEG_M
    scale = 1.0 if in_px else MM_PER[markers.unit.lower()]
    return np.asarray(scale * xy * [1, -1 if rise > 0 else 1])


def _model(about: dict[str, str]) -> str | None:
    """Return the pose model that a file of ours names; joint centres are no pose model's landmarks any more."""
    model = about.get("model", "none")
    return None if model == "none" or about.get("points") == "centres" else model


def _seconds(track: Track, where: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    if not track.in_frames:
        return track.time_s
    fps = float(track.about.get("fps", "nan"))
    if not fps > 0:
        raise InputError(f"{where}: expected times in seconds or a rate, given frames alone: set fps when you load it")
    return np.asarray(track.time_s / fps)


def _at_rate(clip: ClipLandmarks, capture_fps: float) -> ClipLandmarks:
    """Return landmarks whose times are those of slow motion at the rate of the camera."""
    series = replace(clip.landmarks, time_s=clip.landmarks.time_s * (clip.landmarks.fps / capture_fps))
    facts = replace(clip.facts, fps=series.fps, duration_s=series.duration_s, capture_fps=capture_fps)
    return replace(clip, landmarks=series, facts=facts)


def _check_times(time_s: np.ndarray[tuple[int, ...], np.dtype[np.float64]], path: Path) -> None:
    if len(time_s) < 2 or not np.all(np.diff(time_s) > 0):
        raise InputError(f"{path}: expected times that increase, given others: check the file")


def _checked(series: LandmarkSeries, where: str) -> LandmarkSeries:
    from midstance.formats.names import WANTED, lacking

    if len(lacking(series)) == len(WANTED):
        raise InputError(f"{where}: expected landmarks such as RHip, right_hip or hip_r, found none: rename them")
    return series


def _clip(
    series: LandmarkSeries, file: str, *, model: str | None = None, people_seen: int = 1, runner_share: float = 1.0
) -> ClipLandmarks:
    from midstance.formats.names import lacking

    size = series.frame_size_px or (None, None)
    facts = ClipFacts(
        file=file,
        frames=len(series),
        fps=series.fps,
        duration_s=series.duration_s,
        width_px=size[0],
        height_px=size[1],
        model=model,
        people_seen=people_seen,
        runner_share=runner_share,
        lacks=lacking(series),
    )
    return ClipLandmarks(series, facts, None)
