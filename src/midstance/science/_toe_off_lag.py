"""How long after a foot's toe-offs the trunk is highest, from what tells it (see `toe_offs`): weights of a sum.

Written by `python -m benchmarks.landmarks`; do not edit. Least squares over 32 legs of rendered runners
(`tools/runners`, group `learn`) in side views: a constant in seconds, then a weight for each sign.
"""

from __future__ import annotations

BY_FLIGHT_AND_FOOT = (-0.0053, 0.3104, 0.3037)
BY_FLIGHT = (0.0122, 0.4559)
