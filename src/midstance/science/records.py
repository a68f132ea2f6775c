"""The frozen records that an analysis is made of, from capture to summary."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from midstance.science.edits import NO_EDITS, NO_VIEW_EDITS, Edits, ViewEdits
from midstance.science.errors import InputError
from midstance.science.landmarks import LandmarkSeries, Side
from midstance.science.marker_tracks import MarkerTracks
from midstance.science.neutrals import Neutrals
from midstance.science.settings import Settings

if TYPE_CHECKING:
    import pandas
    import xarray

    from midstance.formats.points import Stage
    from midstance.formats.tables import Table

View = Literal["side", "front", "rear"]
Facing = Literal["left", "right", "camera", "away"]
Surface = Literal["treadmill", "overground"]
Quality = Literal["ok", "low", "unmeasurable"]
Level = Literal["none", "possible", "consistent", "likely", "not_assessed"]
Instant = Literal["initial_contact", "midstance", "toe_off", "stance_peak", "swing_peak", "stride"]


@dataclass(frozen=True)
class ClipFacts:
    """What is known of a file before anything is estimated from it."""

    file: str
    """Name of the clip or of the landmarks file, without its folder."""
    frames: int
    fps: float
    """Frames per second of real time: slow motion is undone."""
    duration_s: float
    width_px: int | None = None
    """Width as displayed; None when only landmarks were given."""
    height_px: int | None = None
    rotation_deg: int = 0
    mirrored: bool = False
    """The file asks to be shown mirrored: left and right may be exchanged."""
    capture_fps: float | None = None
    """The rate the camera filmed at, when the user gave it."""
    model: str | None = None
    """Pose model; None when landmarks were given that name none."""
    people_seen: int = 1
    """The most people seen in one frame."""
    runner_share: float = 1.0
    """Share of frames in which the runner was found."""
    cut_off: bool = False
    """The file promises more than it holds."""
    variable_frame_rate: bool = False
    """Frames are not evenly apart; each has its true time."""
    interlaced: bool = False
    """Each picture is made of two fields taken at different times."""
    lacks: tuple[str, ...] = ()
    """Landmarks of trunk and legs that a file of another program does not hold."""


@dataclass(frozen=True)
class Scene:
    """How the runner stands to the camera, found from the landmarks."""

    view: View
    facing: Facing
    near_side: Side | None
    """Side of the runner that faces the camera in a side view; None in a frontal one."""
    surface: Surface
    tilt_deg: float
    """Slope of the ground line in the picture: positive = its right side is low. Reported, not corrected:
    an inclined treadmill and a rolled camera look alike, so angles against the vertical use the picture's."""
    tilt_source: str
    """What the tilt was found from, in words."""
    leg_length_px: float
    """Thigh plus shank, the scale for everything relative to the body."""
    metres_per_px: float
    """Scale at the runner; NaN when neither height nor speed is known."""
    scale_source: str
    """What the scale was found from, in words ('none' without one)."""
    speed_px_s: float
    """Speed of the runner over the ground or of the belt, from the stance feet; NaN in a frontal view."""
    yaw_deg: float = float("nan")
    """How far a frontal camera stands off the line of running: positive = feet on the belt drift to the picture's
    right. Corrected in the angles. NaN in a side view and where it cannot be told."""
    level_deg: float = 0.0
    """Slope of a line that was drawn by hand as level, positive = its right side is low; corrected in all that is
    measured, so that `tilt_deg` is then 0. 0 = nothing was drawn."""

    @property
    def forward(self) -> float:
        """+1 where the runner runs to the right of the picture, else -1: a distance ahead is this times x."""
        return 1.0 if self.facing == "right" else -1.0


@dataclass(frozen=True)
class Stride:
    """One stride, from an initial contact to the next one of the same foot. Times in seconds of the clip."""

    side: Side
    number: int
    """From 1, counted per side."""
    initial_contact_s: float
    midstance_s: float
    toe_off_s: float
    next_contact_s: float
    """NaN when the clip ends before it."""
    near: bool
    """The leg is the one nearer to the camera (always true in a frontal view)."""
    valid: bool
    reason: str
    """Why it is not valid; empty when it is."""
    edited: str = ""
    """What was done to it by hand, in words; empty for most."""

    @property
    def toe_off_percent(self) -> float:
        """Toe-off in percent of the stride."""
        return self.percent(self.toe_off_s)

    @property
    def midstance_percent(self) -> float:
        """Midstance in percent of the stride."""
        return self.percent(self.midstance_s)

    def percent(self, time_s: float) -> float:
        """Return a time as percent of this stride."""
        return 100 * (time_s - self.initial_contact_s) / (self.next_contact_s - self.initial_contact_s)


@dataclass(frozen=True)
class MeasureValue:
    """One number: a measure of one stride at one instant. A row of `measures.csv`."""

    view: str
    side: Side
    stride: int
    measure: str
    instant: Instant
    value: float
    """NaN when unmeasurable."""
    unit: str
    quality: Quality
    reason: str
    """Why the quality is not `ok`; empty when it is."""
    standard_error: float = float("nan")
    """Of this one value against the truth, in its unit, from the accuracy benchmark; NaN = not known."""
    shared_error: float = float("nan")
    """The part of it that all strides of a runner share."""


@dataclass(frozen=True, eq=False)
class Curve:
    """One measure over one stride, at 0, 1 .. 100 % of it."""

    view: str
    side: Side
    stride: int
    measure: str
    values: NDArray[np.float64]
    """Shape (101,)."""


@dataclass(frozen=True)
class SummaryRow:
    """Median, SD and count of one measure over the valid strides of one side."""

    view: str
    side: Side
    measure: str
    instant: Instant
    unit: str
    median: float
    sd: float
    n: int
    quality: Quality
    reason: str
    standard_error: float = float("nan")
    """Of the median against the runner's true mean, in its unit: what the method is off by from runner to runner
    and what is left of the strides' own scatter. NaN = not known."""


@dataclass(frozen=True)
class QualityNote:
    """One thing about a clip that a reader of the numbers should know."""

    view: str
    check: str
    """Short name, such as `frame_rate`."""
    level: Literal["good", "caution", "poor"]
    message: str
    """What was found and, where it helps, how to film better."""


@dataclass(frozen=True)
class Evidence:
    """One rule of a finding, with the number that it looked at."""

    rule: str
    """Short name, such as `S1`."""
    title: str
    """What the rule asks, in plain words."""
    met: bool | None
    """None when it could not be judged."""
    reason: str
    """Why it could not be judged, or what weakens it; empty otherwise."""
    view: str
    measure: str
    instant: str
    unit: str
    value: float
    """Median over strides; NaN when not measured."""
    threshold: float
    margin: float
    """How far the value lies beyond the threshold: positive = the rule is met."""
    standard_error: float
    """Of the value."""
    probability: float
    """That the true value meets the threshold, from the scatter of the strides and the measurement error."""
    strides_meeting: float
    """Share of the strides, 0 to 1."""
    strides: int
    source: str
    """Where the threshold comes from, and how surely."""


@dataclass(frozen=True)
class Finding:
    """What a pattern of measures may mean, for one side or for both."""

    id: str
    side: Side | Literal["both"]
    level: Level
    title: str
    statement: str
    """The result in plain words, with its reasoning. Never a diagnosis."""
    evidence: tuple[Evidence, ...]
    alternatives: tuple[str, ...]
    """Other explanations."""
    confirm: tuple[str, ...]
    """What a clinician would check."""
    sources: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    """Why the level is what it is: what lowered it, or why it was not assessed."""


@dataclass(frozen=True)
class ChainLink:
    """One joint of the chain from the foot to the pelvis, on one side."""

    region: Literal["foot", "ankle", "knee", "hip", "pelvis"]
    side: Side
    view: str
    measure: str
    instant: str
    unit: str
    value: float
    """Median over strides; NaN when not measured."""
    sd: float
    standard_error: float
    n: int
    norm_low: float
    """Usual range, NaN where none is known."""
    norm_high: float
    norm_text: str
    """The usual range and its source in words; empty where none is known."""
    position: Literal["low", "usual", "high", "unknown"]
    """Against the usual range."""
    reason: str
    """Why it was not measured or is of low quality; empty otherwise."""


@dataclass(frozen=True, eq=False)
class AngleSeries:
    """Continuous curves of a view on the uniform time base of its cleaned landmarks."""

    time_s: NDArray[np.float64]
    """Shape (n,)."""
    values: dict[tuple[str, Side], NDArray[np.float64]]
    """(measure, side) to an (n,) array in the measure's unit; NaN = not seen."""

    def at(self, measure: str, side: Side, time_s: float) -> float:
        """Return the value at a time, interpolated; NaN when the measure is not there or not seen."""
        values = self.values.get((measure, side))
        if values is None or not len(self.time_s) or not self.time_s[0] <= time_s <= self.time_s[-1]:
            return float("nan")
        return float(np.interp(time_s, self.time_s, values))


@dataclass(frozen=True, eq=False)
class ViewAnalysis:
    """Everything found in one clip."""

    name: str
    """`side`, `front`, `rear`; `side_left` and `side_right` when both sides were filmed."""
    clip: ClipFacts
    scene: Scene
    raw: LandmarkSeries
    """Landmarks of the runner as estimated."""
    landmarks: LandmarkSeries
    """Cleaned landmarks on a uniform time base, in the pixels of the clip (tilt not corrected)."""
    centres: LandmarkSeries
    """What angles are read from: landmarks moved to joint centres; in a frontal view as a distant camera square to
    the runner would have seen them."""
    angles: AngleSeries
    strides: tuple[Stride, ...]
    values: tuple[MeasureValue, ...]
    curves: tuple[Curve, ...]
    notes: tuple[QualityNote, ...]
    swapped_share: float
    """Share of frames in which left and right were exchanged and put right."""
    edits: ViewEdits = NO_VIEW_EDITS
    """What was put right by hand."""
    pelvis: MarkerTracks | None = None
    """Markers on the pelvis, where they were placed."""
    standing: Neutrals = field(default_factory=dict)
    """Zeros of the ankles, where a standing trial told them."""

    def valid_strides(self, side: Side) -> tuple[Stride, ...]:
        """Return the valid strides of one side."""
        return tuple(s for s in self.strides if s.side == side and s.valid)


@dataclass(frozen=True, eq=False)
class Analysis:
    """The result of `midstance.analyze`."""

    views: tuple[ViewAnalysis, ...]
    summary: tuple[SummaryRow, ...]
    findings: tuple[Finding, ...]
    settings: Settings
    software: dict[str, str] = field(default_factory=dict)
    """Names and versions of what made it."""
    clips: dict[str, str] = field(default_factory=dict)
    """Path of the clip of each view, for drawing; a view from a landmarks file has none. Not written to files."""
    clip_marks: dict[str, str] = field(default_factory=dict)
    """What tells a clip from itself after a change, by its path. Not written to files."""
    edits: Edits = NO_EDITS
    """What was put right by hand, by view."""

    def view(self, name: str) -> ViewAnalysis:
        """Return a view by name.

        Raises
        ------
        KeyError
            If there is no such view.
        """
        for view in self.views:
            if view.name == name:
                return view
        raise KeyError(f"expected one of {[v.name for v in self.views]}, given {name!r}")

    def to_pandas(self, table: Table = "measures") -> pandas.DataFrame:
        """Return a table as a pandas DataFrame; needs the extra `formats`.

        Parameters
        ----------
        table : {'measures', 'summary', 'strides', 'curves'}
            One row for each value, number over strides, stride, or percent of a stride.

        Raises
        ------
        InputError
            If pandas is not installed or the table is not known.
        """
        from midstance.formats.tables import frame_of

        return frame_of(self, table)

    def to_xarray(self, view: str | None = None, points: Stage = "cleaned") -> xarray.Dataset:
        """Return a view as an xarray Dataset in the layout of `movement`; needs the extra `formats`.

        Parameters
        ----------
        view : str, optional
            Its name; needed when there are several, which have times of their own.
        points : {'cleaned', 'raw', 'centres'}
            Landmarks after cleaning, as estimated, or moved to the joint centres. Angles stand beside the cleaned.

        Raises
        ------
        InputError
            If xarray is not installed, or the view is not there or not named.
        """
        from midstance.formats.netcdf import dataset_of

        names = [v.name for v in self.views]
        if view not in names and not (view is None and len(names) == 1):
            raise InputError(f"view: expected one of {', '.join(names)}, given {view or 'none'}: name one")
        return dataset_of(self.view(view or names[0]), points)
