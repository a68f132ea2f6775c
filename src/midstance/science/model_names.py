"""Names of models: which pose model, and the weight that networks of our own had beside it.

Where they had a say in knees and feet, the pose model's name goes on with `+own` and their mean weight in percent, as
in `heavy+own97`. So the weight outlives a landmarks file.
"""

from __future__ import annotations

OWN_NETWORKS = "+own"


def model_name(pose_model: str, own_trust: float) -> str:
    """Return the name of a pose model and networks of our own together."""
    return f"{pose_model}{OWN_NETWORKS}{round(100 * own_trust)}"


def split_name(model: str) -> tuple[str, int | None]:
    """Return the pose model's name and the networks' weight in percent; None without them."""
    pose_model, found, percent = model.rpartition(OWN_NETWORKS)
    return (pose_model, int(percent)) if found and percent.isdecimal() else (model, None)


def has_own_networks(model: str | None) -> bool:
    """Return whether networks of our own had a say; no model means a file of somebody else's."""
    return model is not None and split_name(model)[1] is not None


def own_trust(model: str | None) -> float:
    """Return the weight that our own networks had in knees and feet, 0 to 1; 0 for other makers' landmarks."""
    return (split_name(model or "")[1] or 0) / 100


def model_words(model: str) -> str:
    """Return the name of a model as people read it."""
    pose_model, percent = split_name(model)
    return model if percent is None else f"{pose_model}, knees and feet {percent} % by our own networks"
