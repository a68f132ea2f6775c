"""The course of a foot through the stride that is usual: the median of the runners that are for learning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.landmarks.views import side_views
from benchmarks.landmarks.write import axis_lines
from midstance.api import Progress
from midstance.science.foot_timing import FootCourse, foot_courses
from midstance.science.legs import FOOT_POINTS
from midstance.science.phase import PERCENT
from midstance.science.signals import Array

HEAD = '''\
"""Where a foot usually is through the stride: of ankle, heel and toe ahead of the hips and height, in leg lengths.

Written by `python -m benchmarks.landmarks`; do not edit. The median of the near legs of {runners} rendered runners
(`tools/runners`, group `learn`) in side views, at 0, 5 .. 100 % of the stride; heights count from their mean.
"""

from __future__ import annotations

'''


def usual_course(folder: Path, model: str, progress: Progress) -> FootCourse:
    """Return the median course over the runners of a cast."""
    each = list(_courses(folder, model, progress))
    ahead = np.median([c.ahead_legs for c in each], axis=0)
    up = np.median([c.up_legs - c.up_legs.mean(axis=1, keepdims=True) for c in each], axis=0)
    return FootCourse(ahead, up)


def write_course(course: FootCourse, path: Path, runners: int) -> None:
    """Write a course as a module of the science, rounded to a thousandth of the leg."""
    lines = [HEAD.format(runners=runners)]
    for name, table in (("AHEAD_LEGS", course.ahead_legs), ("UP_LEGS", course.up_legs)):
        lines.append(f"{name}: dict[str, tuple[float, ...]] = {{\n")
        for point, curve in zip(FOOT_POINTS, table, strict=True):
            lines += [f'    "{point}": ', *axis_lines(_thinned(curve), "    ")]
        lines.append("}  # fmt: skip\n")
    path.write_text("".join(lines), encoding="utf-8")


def _courses(folder: Path, model: str, progress: Progress) -> Iterator[FootCourse]:
    for _, view in side_views(folder, model, progress):
        near = view.scene.near_side
        courses = foot_courses(view.centres, tuple(s for s in view.strides if s.valid), view.scene.forward)
        if near is not None and near in courses:
            yield courses[near]


def _thinned(curve: Array) -> Array:
    return np.interp(PERCENT, np.arange(len(curve)), curve)
