"""Video against the laboratory: the same measures from markers, stride by stride."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from midstance.api.analyse import analyze_landmarks
from midstance.api.sources import ClipLandmarks
from midstance.formats.markers import Body, body_of, read_table
from midstance.formats.names import lacking, series_of_names
from midstance.formats.projection import is_flat, laboratory_of, seen
from midstance.formats.stance_csv import StanceRow, read_stances
from midstance.formats.trc import Markers, read_trc
from midstance.science.agreement import Agreement, agreement
from midstance.science.catalogue import MEASURE
from midstance.science.errors import CannotAnalyseError, InputError
from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.marker_tracks import Kind, MarkerTracks, Placement
from midstance.science.records import Analysis, ClipFacts, MeasureValue, Stride, View, ViewAnalysis
from midstance.science.settings import Settings
from midstance.science.signals import Array
from midstance.science.sync import Shift, best_shift, contact_curve
from midstance.storage.text import atomic_text

SAME_CONTACT_S = 0.12
"""Contacts further apart are of different stances: half the shortest time between those of both feet."""
MM_PER_M = 1000.0
KINDS = (".trc", ".c3d", ".csv")


@dataclass(frozen=True)
class Pair:
    """One number of one stride, by video and by the laboratory."""

    view: str
    side: Side
    stride: int
    """By the video."""
    measure: str
    instant: str
    unit: str
    video: float
    truth: float
    quality: str
    """Of the video's number."""


@dataclass(frozen=True)
class Line:
    """The agreement of one measure."""

    view: str
    side: Side
    measure: str
    instant: str
    unit: str
    n: int
    video_mean: float
    truth_mean: float
    bias: float
    """Video less laboratory."""
    sd: float
    low: float
    """Limits of agreement: bias less and plus 1.96 SD (Bland and Altman 1986)."""
    high: float
    quality: str
    """Of most of the video's numbers."""


@dataclass(frozen=True)
class TruthComparison:
    """Video against the laboratory."""

    pairs: tuple[Pair, ...]
    lines: tuple[Line, ...]
    shifts: dict[str, Shift]
    """By view: what to add to the clip's times to have the laboratory's."""
    remarks: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Truth:
    """A view's truth: a curve to find the clock by, and the numbers of each stance."""

    time_s: Array
    curve: Array
    stances: tuple[StanceRow, ...]


def compare_truth(
    analysis: Analysis, truth: Path | str, *, markers: Path | str | None = None, shift_s: float | None = None
) -> TruthComparison:
    """Compare an analysis with a laboratory's recording of the same run.

    Markers are seen by a distant camera from the views of the analysis, and analysed as its landmarks were: so both
    have the same definitions. The clocks are brought together by what both hold: the curve of knee flexion in a
    side view, the rhythm of the contacts in a frontal one. Strides are paired by side and initial contact.

    Parameters
    ----------
    analysis : Analysis
    truth : Path or str
        Markers as `.trc` or `.c3d`; or a `.csv` with a row a stance, as for `make bench-accuracy`.
    markers : Path or str, optional
        Table of the markers that stand for each landmark, see `docs/formats.md`.
    shift_s : float, optional
        What to add to the clip's times to have the laboratory's, where it is known.

    Raises
    ------
    InputError
        If a file cannot be read, or markers that are needed are not there.
    CannotAnalyseError
        If the laboratory's recording cannot be analysed, or no stride is in both.
    """
    path = Path(truth)
    truths, remarks = _truths(analysis, path, Path(markers) if markers else None)
    shifts: dict[str, Shift] = {}
    pairs: list[Pair] = []
    for view in (v for v in analysis.views if v.name in truths):
        found = truths[view.name]
        shifts[view.name] = _shift(view, found, path) if shift_s is None else Shift(shift_s, *[math.nan] * 3)
        pairs += _pairs(view, found.stances, shifts[view.name].shift_s)
    if not pairs:
        raise CannotAnalyseError(f"{path}: expected strides that are in both recordings, found none: give --shift-s")
    doubts = [
        f"{name}: a shift of {s.next_s:.2f} s fits almost as well (r {s.next_correlation:.3f}): strides repeat; "
        "bias holds, SD may be too large; give the shift if it is known"
        for name, s in shifts.items()
        if not s.sure
    ]
    return TruthComparison(tuple(pairs), _lines(pairs), shifts, (*remarks, *doubts))


def write_truth_comparison(comparison: TruthComparison, out: Path | str) -> tuple[Path, Path]:
    """Write `agreement.csv` (a row a measure) and `strides.csv` (a row a number) into a folder.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    folder = Path(out)
    agreed, strides = folder / "agreement.csv", folder / "strides.csv"
    _write(agreed, [f.name for f in fields(Line)], comparison.lines)
    _write(strides, [f.name for f in fields(Pair)], comparison.pairs)
    return agreed, strides


# --- truth ----------------------------------------------------------------------------------------


def _truths(analysis: Analysis, path: Path, table: Path | None) -> tuple[dict[str, _Truth], tuple[str, ...]]:
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise InputError(f"{path}: expected a file that ends in {', '.join(KINDS)}, given another: convert it")
    if kind == ".csv":
        stances = read_stances(path)
        time_s, curve = _contacts([(s.side, s.initial_contact_s) for s in stances])
        return {view.name: _Truth(time_s, curve, stances) for view in analysis.views}, ()
    markers = _read(path)
    if is_flat(markers.xyz):
        raise InputError(
            f"{path}: expected markers in space, given a file that holds a picture (each keeps its Z): "
            "give the laboratory's TRC or C3D"
        )
    body = body_of(markers, read_table(table) if table else None, str(path))
    laboratory = _analysed(analysis, markers, body, path)
    return {v.name: _Truth(*_curve(v), _stances(v)) for v in laboratory.views}, body.remarks


def _read(path: Path) -> Markers:
    if path.suffix.lower() == ".trc":
        return read_trc(path)
    from midstance.formats.c3d import read_c3d

    return read_c3d(path)


def _analysed(analysis: Analysis, markers: Markers, body: Body, path: Path) -> Analysis:
    """Analyse markers as seen from the views of an analysis, and from the side, which times frontal views."""
    lab = laboratory_of(body.points, str(path))
    wanted: list[tuple[View, Side]] = [(v.scene.view, v.scene.near_side or "right") for v in analysis.views]
    if all(view != "side" for view, _ in wanted):
        wanted.insert(0, ("side", "right"))
    clips: list[tuple[View, ClipLandmarks]] = []
    pelvis: dict[str, MarkerTracks | None] = {}
    for view, near in wanted:
        picture = seen(body.points, markers.unit, lab, view, near)
        series = series_of_names(list(picture), markers.time_s, np.stack(list(picture.values()), axis=1))
        clips.append((view, ClipLandmarks(series, _facts(series, path), None)))
        two = sum(v == "side" for v, _ in wanted) > 1
        pelvis[f"side_{near}" if view == "side" and two else view] = _pelvis(picture, series, view, near)
    return analyze_landmarks(clips, Settings(surface=analysis.settings.surface), pelvis=pelvis)


def _facts(series: LandmarkSeries, path: Path) -> ClipFacts:
    return ClipFacts(path.name, len(series), series.fps, series.duration_s, lacks=lacking(series))


def _pelvis(picture: Mapping[str, Array], series: LandmarkSeries, view: View, near: Side) -> MarkerTracks | None:
    """Return the spines of the pelvis as markers that were followed; None where they are not there."""
    names = (f"{near}_asis", f"{near}_psis") if view == "side" else ("left_asis", "right_asis")
    if not set(names) <= set(picture):
        return None
    xy = np.stack([picture[name] for name in names], axis=1)
    labels = ("front", "back") if view == "side" else ("left", "right")
    at = int(np.argmax(np.isfinite(xy).all(axis=(1, 2))))
    places = {label: (float(x), float(y)) for label, (x, y) in zip(labels, np.nan_to_num(xy[at]), strict=True)}
    kind: Kind = "spines" if view == "side" else "hips"
    sure = np.where(np.isfinite(xy[..., 0]), 1.0, 0.0)
    return MarkerTracks(Placement(kind, at, places), series.time_s, series.frame, xy, sure)


def _stances(view: ViewAnalysis) -> tuple[StanceRow, ...]:
    """Return the numbers of each valid stride of a laboratory's view, lengths in metres."""
    values: dict[tuple[Side, int], dict[tuple[str, str], float]] = {}
    for v in view.values:
        in_m = v.value / MM_PER_M if v.unit == "px" else v.value
        values.setdefault((v.side, v.stride), {})[v.measure, v.instant] = in_m
    return tuple(
        StanceRow(s.side, s.initial_contact_s, values.get((s.side, s.number), {})) for s in view.strides if s.valid
    )


# --- clocks and pairs -----------------------------------------------------------------------------


def _curve(view: ViewAnalysis) -> tuple[Array, Array]:
    """Return the curve by which a view's clock is found, the same of video and laboratory.

    A camera before the runner sees feet that come and go, so that a curve of theirs would be shifted by 40 ms.
    """
    if view.scene.view != "side":
        return _contacts([(s.side, s.initial_contact_s) for s in view.strides])
    return view.angles.time_s, view.angles.values["knee_flexion", view.scene.near_side or "right"]


def _shift(view: ViewAnalysis, truth: _Truth, path: Path) -> Shift:
    if path.suffix.lower() == ".csv":
        video = _contacts([(s.side, s.initial_contact_s) for s in view.strides])
    else:
        video = _curve(view)
    return best_shift(*video, truth.time_s, truth.curve)


def _contacts(contacts: Sequence[tuple[Side, float]]) -> tuple[Array, Array]:
    times = {side: np.array([t for s, t in contacts if s == side]) for side in SIDES}
    every = np.concatenate(list(times.values()))
    time_s = np.arange(every.min() - 0.2, every.max() + 0.2, 0.01)
    return time_s, contact_curve({str(side): t for side, t in times.items()}, time_s)


def _pairs(view: ViewAnalysis, stances: Sequence[StanceRow], shift_s: float) -> Iterator[Pair]:
    values: dict[tuple[Side, int], list[MeasureValue]] = {}
    for value in view.values:
        values.setdefault((value.side, value.stride), []).append(value)
    for stride in (s for s in view.strides if s.valid):
        stance = _same(stride, stances, shift_s)
        if stance is not None:
            for v in values.get((stride.side, stride.number), ()):
                truth = stance.values.get((v.measure, v.instant), math.nan)
                if math.isfinite(v.value) and math.isfinite(truth) and v.unit != "px":
                    yield Pair(v.view, v.side, v.stride, v.measure, v.instant, v.unit, v.value, truth, v.quality)


def _same(stride: Stride, stances: Sequence[StanceRow], shift_s: float) -> StanceRow | None:
    """Return the stance whose contact is nearest by the laboratory's clock; None where none is near."""
    own = [s for s in stances if s.side == stride.side]
    at_s = stride.initial_contact_s + shift_s
    nearest = min(own, key=lambda s: abs(s.initial_contact_s - at_s), default=None)
    near = nearest is not None and abs(nearest.initial_contact_s - at_s) <= SAME_CONTACT_S
    return nearest if near else None


def _lines(pairs: Iterable[Pair]) -> tuple[Line, ...]:
    groups: dict[tuple[str, Side, str, str, str], list[Pair]] = {}
    for p in pairs:
        groups.setdefault((p.view, p.side, p.measure, p.instant, p.unit), []).append(p)
    order = {name: i for i, name in enumerate(MEASURE)}
    keys = sorted(groups, key=lambda k: (k[0], order.get(k[2], len(order)), k[3], k[1]))
    return tuple(_line(key, groups[key]) for key in keys)


def _line(key: tuple[str, Side, str, str, str], pairs: Sequence[Pair]) -> Line:
    video, truth = np.array([p.video for p in pairs]), np.array([p.truth for p in pairs])
    found: Agreement = agreement(truth, video)
    (quality, _), *_ = Counter(p.quality for p in pairs).most_common(1)
    return Line(*key, found.n, float(video.mean()), float(truth.mean()), found.bias, found.sd, *found.limits, quality)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Line | Pair]) -> None:
    with atomic_text(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(getattr(row, name)) for name in columns] for row in rows)


def _cell(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.4f}" if math.isfinite(value) else ""
    return value
