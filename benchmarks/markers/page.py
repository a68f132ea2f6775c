"""MARKERS.md: what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.markdown import number, table
from benchmarks.markers.run import CLICK_SD_M, LONGEST_S, WRONG_M, Trial

HEAD = f"""# Markers on the pelvis

Written by `python -m benchmarks.markers` from the sample clips, and from the rendered clips given by `--data`
(`python -m runners cast`). Discs of 12 to 20 mm with a light rim are painted into their frames where ASIS and PSIS
truly are, with motion blur and noise, hidden where an arm passes. In one frame they are clicked on,
{1000 * CLICK_SD_M:.0f} mm (SD) off in x and y, and followed for at most {LONGEST_S:.0f} s.
From the side the near ASIS and PSIS are marked, from the front both ASIS, from the rear both PSIS. Truth is the
pelvis's own angle in space; for tilt the mean of both sides' spines.

- **off**: RMS distance of the followed marker from its true place. **hidden**: share of frames with an arm in front.
- **lost**: share of the other frames in which a marker was not found. **wrong**: share of the found ones more than
  {1000 * WRONG_M:.0f} mm off. **angle**: share of all frames with an angle, gaps of up to 0.15 s being filled.
- **bias, SD**: of the angle, estimate less truth, in degrees, over all frames, and at midstance (from the side of the
  near leg; from front and rear of both).

What this does not hold: fingers that look for the spines, markers that move on skin or cloth, markers that fall off.
From the side most of the bias is no fault of the following: the line of the near spines tilts back by 0.45 deg for
each degree by which the pelvis hangs to the far side, and a camera that is not level adds its own roll.
"""
SHARED = """
Runner to runner (RMS of the biases of the legs) and within a clip (RMS of the SDs), at midstance; rounded up,
these are the standard errors of `pelvis_markers.STANDARD_ERRORS`.
"""


def render_page(trials: Sequence[Trial]) -> str:
    """Return the page."""
    heads = (
        "clip",
        "off, px",
        "off, mm",
        "hidden",
        "lost",
        "wrong",
        "angle",
        "bias",
        "SD",
        "midstance: bias",
        "SD",
        "n",
    )
    views = sorted({t.view for t in trials})
    summary = [(v, *_summary([t for t in trials if t.view == v])) for v in views]
    return "\n".join(
        (
            HEAD,
            table(("view", "trials", "off, px", "lost", "wrong", "from runner to runner", "within a clip"), summary),
            SHARED,
            "## Every trial\n",
            table(heads, [_row(t) for t in trials]),
            "",
        )
    )


def _row(t: Trial) -> tuple[str, ...]:
    shares = (f"{100 * share:.1f} %" for share in (t.hidden_share, t.lost_share, t.wrong_share, t.angle_share))
    angles = (number(v) for v in (t.bias_deg, t.sd_deg, t.midstance_bias_deg, t.midstance_sd_deg))
    return (t.clip, number(t.error_px), number(t.error_mm, 1), *shares, *angles, str(t.midstances))


def _summary(trials: Sequence[Trial]) -> tuple[str, ...]:
    def mean(pick: Callable[[Trial], float]) -> float:
        return float(np.mean([pick(t) for t in trials]))

    biases = np.array([bias for t in trials for bias in t.leg_biases_deg])
    sds = np.array([sd for t in trials for sd in t.leg_sds_deg])
    return (
        str(len(trials)),
        number(mean(lambda t: t.error_px)),
        f"{100 * mean(lambda t: t.lost_share):.1f} %",
        f"{100 * mean(lambda t: t.wrong_share):.1f} %",
        number(_rms(biases)),
        number(_rms(sds)),
    )


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2))) if len(values) else float("nan")
