"""What `midstance analyze` tells on the terminal."""

from __future__ import annotations

from pathlib import Path

import midstance as ms
from midstance.cli.summary import summary_lines


def test_numbers_are_those_of_the_report(project_root: Path) -> None:
    """Beside a median stands its standard error, as in the report, and a line says so; low quality has its mark."""
    run = ms.analyze(side=project_root / "sample_videos" / "landmarks" / "restricted_side.csv")
    rows = {r.side: r for r in run.summary if (r.measure, r.instant) == ("ankle_dorsiflexion", "stance_peak")}
    lines = list(summary_lines(run))
    told = next(line for line in lines if "Ankle dorsiflexion" in line)
    assert (rows["left"].quality, rows["right"].quality) == ("low", "ok")
    for side, mark in (("left", "~"), ("right", " ")):
        row = next(found for name, found in rows.items() if name == side)
        assert f"{side:5}{mark}{row.median:.1f} ± {row.standard_error:.1f} deg" in told
    key = next(line for line in lines if "standard error" in line)
    assert lines.index(told) < lines.index(key)
    assert "~" in key
