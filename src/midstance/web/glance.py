"""A few pictures of a clip through the pose model."""

from __future__ import annotations

from pathlib import Path

from midstance.science.errors import MidstanceError
from midstance.science.people import PeopleSeries

SHARES = (0.08, 0.23, 0.41, 0.55, 0.74, 0.93)
"""Where in the clip. The steps differ, so that no rhythm of running shows the same phase each time."""
MODEL = "heavy"
"""The one that the analysis uses; a lighter one is not looked for."""
_THREADS = 2
"""Each loads the model."""


def glance(clip: Path) -> PeopleSeries | None:
    """Look for people in a few pictures of a clip; None where there is no model yet, or no picture."""
    from midstance.models import find_model
    from midstance.pose import estimate_people
    from midstance.video.glimpses import glimpses

    try:
        model = find_model(MODEL)
        people = None if model is None else estimate_people(glimpses(clip, SHARES), model, jobs=_THREADS)
    except MidstanceError:
        return None
    return people if people is not None and len(people) else None
