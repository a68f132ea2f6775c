"""A few pictures of a clip through the pose model, in a process of its own.

`python -m midstance.web.glance CLIP` writes who is seen as JSON. It is a process because MediaPipe keeps hundreds of
megabytes, can crash on an odd picture, and is no part of answering other pages meanwhile.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from midstance.api.seal import seal_network
from midstance.science.errors import MidstanceError
from midstance.science.landmarks import LANDMARK_NAMES
from midstance.science.people import PeopleSeries

_LOG = logging.getLogger(__name__)

SHARES = (0.08, 0.23, 0.41, 0.55, 0.74, 0.93)
"""Where in the clip. The steps differ, so that no rhythm of running shows the same phase each time."""
MODEL = "heavy"
"""The one that the analysis uses; a lighter one is not looked for."""
WITHIN_S = 20.0
"""A few seconds on a quiet machine. A user need not wait longer: the analysis finds out too."""
_THREADS = 2
"""Each loads the model."""
_NO_MODEL = 4

Glance = Callable[[Path], PeopleSeries | None]
"""From a clip to who is seen in a few of its pictures; None when that could not be found out."""

_one_at_a_time = threading.Lock()


def glance(clip: Path) -> PeopleSeries | None:
    """Look for people in a few pictures of a clip; None where there is no model yet, no time, or no answer."""
    with _one_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603 - our own program; its argument is a path made here
                [sys.executable, "-m", "midstance.web.glance", str(clip)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=WITHIN_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            _LOG.info("a clip was not looked at: %s", type(error).__name__)
            return None
    return _from_json(json.loads(done.stdout)) if done.returncode == 0 else None


def no_glance(clip: Path) -> None:
    """Do not look."""


def main() -> int:
    """Look at the clip that is named; return the exit status."""
    from midstance.models import find_model
    from midstance.pose import estimate_people
    from midstance.video.glimpses import glimpses

    seal_network()
    try:
        model = find_model(MODEL)
        if model is None:
            return _NO_MODEL
        people = estimate_people(glimpses(Path(sys.argv[1]), SHARES), model, jobs=_THREADS)
    except MidstanceError:
        return 1
    if not len(people):
        return 1
    json.dump(_to_json(people), sys.stdout, allow_nan=False)
    return 0


def _to_json(people: PeopleSeries) -> dict[str, Any]:
    """Return plain values; None for NaN."""
    values = np.concatenate([people.xy_px, people.visibility[..., None], people.presence[..., None]], axis=3)
    plain = [None if v != v else round(v, 2) for v in values.ravel().tolist()]
    return {
        "time_s": people.time_s.tolist(),
        "frame": people.frame.tolist(),
        "values": plain,
        "size_px": people.frame_size_px,
    }


def _from_json(told: dict[str, Any]) -> PeopleSeries:
    time_s = np.array(told["time_s"], dtype=np.float64)
    values = np.array(told["values"], dtype=np.float64).reshape(len(time_s), -1, len(LANDMARK_NAMES), 4)
    return PeopleSeries(
        time_s=time_s,
        frame=np.array(told["frame"], dtype=np.int64),
        xy_px=values[..., :2],
        visibility=values[..., 2],
        presence=values[..., 3],
        frame_size_px=tuple(told["size_px"]) if told["size_px"] else None,
    )


if __name__ == "__main__":
    sys.exit(main())
