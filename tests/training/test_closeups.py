"""Legs drawn close up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from training.closeup_files import joined, make_one, read_closeups
from training.examples import Examples
from training.task import MARGIN_PX, TASKS

from midstance.pose.leg_crop import LEG_POINTS


@pytest.mark.long
def test_a_runner_is_drawn_alike_each_time_and_legs_lie_in_their_crops(tmp_path: Path) -> None:
    """Two draws give the same pictures; ankles are where the crop hangs; both views are read apart."""
    pytest.importorskip("moderngl", reason="runners are drawn with it")
    for name in ("one", "two"):
        (tmp_path / name / "learn").mkdir(parents=True)
        make_one(tmp_path / name, "learn", 7, shots=4, moments=2)
    width, height = TASKS["legs"].size_px
    for view in ("side", "frontal"):
        one, two = (read_closeups(tmp_path / name, "learn", view) for name in ("one", "two"))
        np.testing.assert_array_equal(one.pictures, two.pictures)
        assert one.pictures.shape[1:] == (height + 2 * MARGIN_PX, width + 2 * MARGIN_PX, 3)
        anchor = np.array(TASKS["legs"].anchor_px[view]) + MARGIN_PX
        np.testing.assert_allclose(one.points[:, LEG_POINTS.index("ankle")], np.tile(anchor, (len(one), 1)), atol=0.01)


def test_no_close_ups_are_told(tmp_path: Path) -> None:
    """A folder without any names the command that draws them."""
    with pytest.raises(FileNotFoundError, match="closeup_files"):
        read_closeups(tmp_path, "learn", "side")


def test_examples_are_put_together_in_order() -> None:
    """Nothing is lost between files."""
    parts = [Examples(np.full((n, 2, 2, 3), n, np.uint8), np.full((n, 4, 2), n), np.full(n, n)) for n in (1, 3)]
    whole = joined(parts)
    assert len(whole) == 4
    assert whole.kind.tolist() == [1, 3, 3, 3]
