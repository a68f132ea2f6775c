"""What a review holds, found by its names."""

from __future__ import annotations

from typing import Any


def view_of(review: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a view of a review."""
    found: dict[str, Any] = next(view for view in review["views"] if view["name"] == name)
    return found


def stride_of(review: dict[str, Any], number: int, side: str = "right") -> dict[str, Any]:
    """Return a stride of the side view."""
    strides = view_of(review, "side")["strides"]
    found: dict[str, Any] = next(s for s in strides if (s["side"], s["number"]) == (side, number))
    return found


def value_of(review: dict[str, Any], measure: str, stride: int, instant: str = "stride") -> float:
    """Return a value of the right leg of the side view."""
    for row in view_of(review, "side")["values"]:
        if (row["side"], row["measure"], row["stride"], row["instant"]) == ("right", measure, stride, instant):
            return float(row["value"])
    raise AssertionError(f"no {measure} of stride {stride}")
