"""Body landmarks of everybody in a clip, estimated by MediaPipe."""

from midstance.pose.estimate import FrameLike, estimate_people

__all__ = ["FrameLike", "estimate_people"]
