"""Body landmarks of everybody in a clip, estimated by MediaPipe."""

from midstance.pose.estimate import estimate_people
from midstance.pose.threads import FrameLike, usable_cores

__all__ = ["FrameLike", "estimate_people", "usable_cores"]
