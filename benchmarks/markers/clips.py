"""Rendered clips with the true place of every point in every frame."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from midstance.science.errors import InputError
from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES, SIDES, LandmarkSeries, Side
from midstance.science.marker_tracks import Kind
from midstance.science.records import Scene, View
from midstance.video.reader import open_clip

Array = NDArray[np.float64]

WANDER_LEGS = 0.02
"""How far the hip landmarks of a pose model wander about the hips, in leg lengths, at twice the stride's rate."""


@dataclass(frozen=True, eq=False)
class RenderedClip:
    """A clip and what is true in it. Arrays have one row a frame."""

    path: Path
    view: View
    time_s: Array
    points_m: Mapping[str, Array]
    """(n, 3): forward, left, up."""
    points_px: Mapping[str, Array]
    """(n, 2)."""
    midstances_s: Mapping[Side, Array]

    @property
    def near(self) -> Side:
        """Side nearer to the camera, from the direction in which the runner looks; for a side view."""
        ahead = self.points_px["left_foot_axis"] - self.points_px["left_heel"]
        return "right" if float(np.median(ahead[:, 0])) > 0 else "left"

    @property
    def kind(self) -> Kind:
        """The kind of markers that the view uses."""
        return "spines" if self.view == "side" else "hips"

    @property
    def marked(self) -> tuple[str, str]:
        """The two points that carry markers, in the order of their names in a placement."""
        if self.view == "side":
            return f"{self.near}_asis", f"{self.near}_psis"
        return ("left_asis", "right_asis") if self.view == "front" else ("left_psis", "right_psis")

    @property
    def px_per_m(self) -> float:
        """Scale at the runner."""
        hip, knee = "left_hip", "left_knee"
        px = np.linalg.norm(self.points_px[hip] - self.points_px[knee], axis=1)
        m = np.linalg.norm(self.points_m[hip] - self.points_m[knee], axis=1)
        return float(np.percentile(px, 95) / np.median(m))

    def pictures(self, start: int, stop: int) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """Yield numbers and pictures of a span of frames."""
        with open_clip(self.path) as reader:
            for frame in reader.frames(start, stop):
                yield frame.index, frame.image_bgr

    def true_angle_deg(self) -> Array:
        """Return the pelvis's true tilt (side) or drop in left stance (front, rear) in every frame, in degrees."""
        p = self.points_m
        if self.view == "side":
            ahead = p["left_asis"] + p["right_asis"] - p["left_psis"] - p["right_psis"]
            return np.asarray(np.degrees(np.arctan2(-ahead[:, 2], ahead[:, 0])), dtype=np.float64)
        across = p["left_asis"] - p["right_asis"]
        return np.asarray(np.degrees(np.arctan2(across[:, 2], np.abs(across[:, 1]))), dtype=np.float64)

    def landmarks(self, rng: np.random.Generator) -> LandmarkSeries:
        """Return landmarks like a pose model's: the truth, but for hips that wander."""
        xy = np.full((len(self.time_s), len(LANDMARK_NAMES), 2), np.nan)
        for name in set(LANDMARK_NAMES) & set(self.points_px):
            xy[:, LANDMARK_INDEX[name]] = self.points_px[name]
        leg_px = 0.85 * self.px_per_m
        for side in SIDES:
            angles = 2 * np.pi * (2.8 * self.time_s[:, None] + rng.uniform(0, 1, 2))
            xy[:, LANDMARK_INDEX[f"{side}_hip"]] += WANDER_LEGS * leg_px * np.sin(angles) + rng.normal(0, 2, 2)
        visibility = np.where(np.isnan(xy[..., 0]), np.nan, 1.0)
        return LandmarkSeries(self.time_s, xy, visibility, np.arange(len(self.time_s)))

    def scene(self) -> Scene:
        """Return how the runner stands to the camera."""
        frontal: dict[View, str] = {"front": "camera", "rear": "away"}
        facing = frontal.get(self.view, self.near)
        leg_px, nan = 0.85 * self.px_per_m, float("nan")
        near = self.near if self.view == "side" else None
        return Scene(self.view, facing, near, "treadmill", 0.0, "truth", leg_px, nan, "none", nan)  # type: ignore[arg-type]  # a Facing by construction


def read_folder(folder: Path) -> list[RenderedClip]:
    """Return the clips of a folder that have their frames' truth, as `python -m runners cast` writes them.

    Raises
    ------
    InputError
        If there are none.
    """
    found = []
    for truth in sorted([*folder.glob("*_frames.csv.gz"), *folder.glob("frames/*_frames.csv.gz")]):
        clip = folder / truth.name.replace("_frames.csv.gz", ".mp4")
        if clip.is_file():
            found.append(read_clip(clip, truth))
    if not found:
        raise InputError(f"{folder}: expected clips with their *_frames.csv.gz, given none: render some with runners")
    return found


def read_clip(clip: Path, truth: Path) -> RenderedClip:
    """Return a clip with the points that `runners.truth.write_frames` wrote."""
    rows: dict[str, list[list[float]]] = defaultdict(list)
    with gzip.open(truth, "rt", newline="") as handle:
        for row in csv.DictReader(handle):
            rows[row["point"]].append([float(row[k]) for k in ("time_s", "x_m", "y_m", "z_m", "x_px", "y_px")])
    tables = {name: np.array(values) for name, values in rows.items()}
    time_s = next(iter(tables.values()))[:, 0]
    points_m = {name: table[:, 1:4] for name, table in tables.items()}
    points_px = {name: table[:, 4:6] for name, table in tables.items()}
    midstances_s = read_midstances(clip.with_name(f"{clip.stem.rsplit('_', 1)[0]}_truth.csv"))
    return RenderedClip(clip, _view_of(clip), time_s, points_m, points_px, midstances_s)


def read_midstances(truth: Path) -> dict[Side, Array]:
    """Return the times of midstance of each side."""
    with truth.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return {side: np.array([float(r["midstance_s"]) for r in rows if r["side"] == side]) for side in SIDES}


def _view_of(clip: Path) -> View:
    name = clip.stem.rsplit("_", 1)[-1]
    return "front" if name == "front" else "rear" if name == "rear" else "side"
