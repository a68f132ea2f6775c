"""A runner's body in clothes and shoes, ready to be drawn close up."""

from __future__ import annotations

import numpy as np

from runners.body import SIDES
from runners.closeup import Closeup, Dressed
from runners.gait import Gait
from runners.wardrobe import Outfit, dress_in


def load_dressed(closeup: Closeup, gait: Gait, outfit: Outfit) -> Dressed:
    """Return the body that runs, in the shoes that it runs in."""
    body = gait.body
    shoes = {side: gait.limbs.feet[side].shoe for side in SIDES}
    hip_z = float(np.mean([body.pelvis[f"{side}_hip"][2] for side in SIDES]))
    return closeup.load(dress_in(body, outfit, shoes), hip_z)
