import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from runners.body import load_body  # noqa: E402  # the tools folder has to be on the path first
from runners.gait import Gait  # noqa: E402  # as above
from runners.pose import Poser  # noqa: E402  # as above
from runners.spec import RESTRICTED, TYPICAL  # noqa: E402  # as above
from runners.truth import Timeline, timeline  # noqa: E402  # as above

DURATION_S = 3.0


@pytest.fixture(scope="session")
def typical() -> Gait:
    """Return three seconds of the typical runner."""
    return Gait(load_body("female_1"), TYPICAL, DURATION_S, seed=11)


@pytest.fixture(scope="session")
def restricted() -> Gait:
    """Return three seconds of the runner with a stiff right ankle."""
    return Gait(load_body("male_1"), RESTRICTED, DURATION_S, seed=23)


@pytest.fixture(scope="session")
def typical_line(typical: Gait) -> Timeline:
    """Return the typical runner's truth on a time grid of 2 ms."""
    return timeline(Poser(typical), DURATION_S, grid_s=0.002)


@pytest.fixture
def fine_time_s() -> np.ndarray:
    """Return a millisecond grid over the run."""
    return np.arange(0, DURATION_S, 0.001)
