import csv
from pathlib import Path

import numpy as np
import pytest

av = pytest.importorskip("av", reason="PyAV reads the clips")

FOLDER = Path(__file__).resolve().parents[2] / "sample_videos"
CLIPS = ("typical_side", "typical_front", "typical_rear", "restricted_side", "restricted_front")
MEGABYTE = 1_000_000


def medians(name: str, side: str) -> dict[str, float]:
    """Return the median over stances of every truth column of one side."""
    with (FOLDER / f"{name}_truth.csv").open(newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row.pop("side") == side]
    assert len(rows) >= 7
    return {k: float(np.median([float(r[k]) for r in rows if r[k]])) for k in rows[0]}


def pattern(truth: dict[str, float]) -> dict[str, bool]:
    """Return which parts of the compensation pattern the truth shows."""
    expected = 5.4 + 0.42 * truth["knee_flexion_midstance_deg"]
    peak = truth["ankle_dorsiflexion_stance_peak_deg"]
    return {
        "little dorsiflexion": peak < 15,
        "less than the knee predicts": peak - expected <= -3.5,
        "toes out": truth["foot_progression_midstance_deg"] > 15,
        "knee inward": truth["knee_valgus_midstance_deg"] > 6,
        "pelvis drops": truth["pelvic_drop_stance_peak_deg"] > 8,
    }


def test_restricted_runner_shows_the_whole_pattern_on_the_filmed_side() -> None:
    """The right leg, next to the side camera, has every part of the pattern."""
    assert all(pattern(medians("restricted", "right")).values())


@pytest.mark.parametrize(("name", "side"), [("typical", "left"), ("typical", "right"), ("restricted", "left")])
def test_other_legs_show_none_of_it(name: str, side: str) -> None:
    """Neither leg of the typical runner nor the sound leg of the other has any part of the pattern."""
    assert not any(pattern(medians(name, side)).values())


@pytest.mark.parametrize("name", CLIPS)
def test_clip_is_playable_and_long_enough(name: str) -> None:
    """Each clip is 6 to 8 s of 60 fps H.264 in yuv420p, 720 pixels wide."""
    with av.open(str(FOLDER / f"{name}.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert float(stream.average_rate) == pytest.approx(60.0)
        assert 360 <= stream.frames <= 480
        assert (stream.width, stream.height) == (720, 1280)


def test_samples_are_small() -> None:
    """All sample files together stay under 12 MB."""
    assert sum(p.stat().st_size for p in FOLDER.iterdir()) < 12 * MEGABYTE
