"""`midstance compare-truth`: an analysis against a laboratory's recording of the same run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from midstance.api.truth import Line, TruthComparison

PATH = click.Path(path_type=Path)
SHOWN = ("midstance", "stance_peak", "stride")
"""Instants that are printed; the file has all."""
DECIMALS = {"deg": 1, "s": 3, "m": 3, "steps/min": 1, "%": 1}


@click.command("compare-truth", short_help="Compare an analysis with a laboratory's markers.")
@click.argument("analysis", type=PATH, metavar="ANALYSIS")
@click.argument("truth", type=PATH, metavar="TRUTH.(trc|c3d|csv)")
@click.option("--markers", type=PATH, help="Table of the markers of each landmark: CSV with landmark,markers (A+B).")
@click.option("--shift-s", type=float, help="Seconds to add to the clip's times; found from the curves unless given.")
@click.option("--out", type=PATH, help="Folder for the tables; by default `compare-truth` in ANALYSIS.")
def compare_truth(analysis: Path, truth: Path, markers: Path | None, shift_s: float | None, out: Path | None) -> None:
    """Compare the analysis in the folder ANALYSIS with motion capture of the same run, stride by stride.

    TRUTH holds markers, seen by a distant camera from the views of the analysis, or a row a stance. Bias is video less
    laboratory; limits of agreement are bias less and plus 1.96 SD. Writes agreement.csv and strides.csv.
    """
    from midstance.api.export import from_analysis
    from midstance.api.truth import compare_truth as compare
    from midstance.api.truth import write_truth_comparison

    comparison = compare(from_analysis(analysis), truth, markers=markers, shift_s=shift_s)
    for line in _words(comparison):
        click.echo(line)
    for path in write_truth_comparison(comparison, out or analysis / "compare-truth"):
        click.echo(f"table: {path}")


def _words(comparison: TruthComparison) -> Iterator[str]:
    for name, shift in comparison.shifts.items():
        fit = f" (r {shift.correlation:.3f})" if math.isfinite(shift.correlation) else ""
        yield f"{name}: the laboratory's clock shows {shift.shift_s:+.3f} s against the clip's{fit}"
    yield from (f"  caution: {remark}" for remark in comparison.remarks)
    yield f"{'':52}{'n':>4}{'video':>9}{'lab':>9}{'bias':>8}{'SD':>7}   limits of agreement"
    yield from (_row(line) for line in comparison.lines if line.instant in SHOWN)
    if any(line.quality == "low" for line in comparison.lines):
        yield "~ the video's own grade is low, such as for the leg away from the camera"


def _row(line: Line) -> str:
    digits = DECIMALS.get(line.unit, 2)
    where = "" if line.instant == "stride" else f" at {line.instant.replace('_', ' ')}"
    mark = " ~" if line.quality == "low" else ""
    name = f"{line.view} {line.side} {line.measure.replace('_', ' ')}{where}, {line.unit}"
    return (
        f"{name:52}{line.n:4}{line.video_mean:9.{digits}f}{line.truth_mean:9.{digits}f}{line.bias:+8.{digits}f}"
        f"{line.sd:7.{digits}f}   {line.low:+.{digits}f} to {line.high:+.{digits}f}{mark}"
    )
