"""How far the pose model's points lie from the true ones, in pixels of a leg's crop: across, along, and the spread.

Written by `python -m benchmarks.landmarks`; do not edit. Learnt with the model `heavy` on 16 rendered runners
(`tools/runners`, group `learn`): medians, and the scale of a Laplace distribution around them. By view, kind (+1: near
leg or front, -1: far leg or rear) and point.
"""

from __future__ import annotations

POSE_MODEL_PX: dict[tuple[str, int, str], tuple[float, float, float]] = {
    ("frontal", -1, "ankle"): (2.47, -4.43, 2.43),
    ("frontal", -1, "foot_index"): (1.22, -9.70, 6.02),
    ("frontal", -1, "heel"): (1.34, -5.94, 4.38),
    ("frontal", -1, "knee"): (0.29, -4.43, 2.41),
    ("frontal", 1, "ankle"): (-2.20, -1.21, 2.36),
    ("frontal", 1, "foot_index"): (2.77, -6.19, 2.66),
    ("frontal", 1, "heel"): (-0.68, 2.16, 4.62),
    ("frontal", 1, "knee"): (0.41, -2.97, 2.19),
    ("side", -1, "ankle"): (0.61, -2.80, 1.86),
    ("side", -1, "foot_index"): (-5.56, 0.14, 3.40),
    ("side", -1, "heel"): (4.05, -2.40, 3.05),
    ("side", -1, "knee"): (-1.76, -0.27, 2.66),
    ("side", 1, "ankle"): (0.16, -1.17, 1.81),
    ("side", 1, "foot_index"): (-5.12, -0.05, 4.34),
    ("side", 1, "heel"): (3.36, -1.06, 3.02),
    ("side", 1, "knee"): (-1.07, -0.08, 2.51),
}
