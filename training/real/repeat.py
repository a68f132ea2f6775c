"""How well points repeat that were placed twice."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from training.real.labels import KINDS, ClipLabels


def repeats(labels: ClipLabels) -> dict[str, tuple[int, float, float]]:
    """Return how often each kind of point was placed twice, and by how far, in pixels: median and 90th centile."""
    first = {(k.frame, k.person, k.point): k for k in labels.of_round(1)}
    apart = defaultdict(list)
    for again in labels.of_round(2):
        before = first.get((again.frame, again.person, again.point))
        if before is not None:
            apart[again.kind].append(float(np.hypot(again.x_px - before.x_px, again.y_px - before.y_px)))
    return {
        kind: (len(apart[kind]), float(np.median(apart[kind])), float(np.percentile(apart[kind], 90)))
        for kind in KINDS
        if apart[kind]
    }
