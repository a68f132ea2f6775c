"""An analysis for tests that write plots."""

from dataclasses import replace

import pytest

from midstance.science.records import Analysis
from tests.support.example import example_analysis


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """One view with few measures, so that writing is quick."""
    whole = example_analysis()
    front = whole.view("front")
    kept = {"knee_valgus", "pelvic_drop", "step_width_m"}
    return replace(
        whole,
        views=(
            replace(
                front,
                values=tuple(v for v in front.values if v.measure in kept),
                curves=tuple(c for c in front.curves if c.measure in kept),
            ),
        ),
    )
