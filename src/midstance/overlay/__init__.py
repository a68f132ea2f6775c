"""The annotated clip: skeleton, angle arcs, events and running curves drawn around and into each frame.

`write_overlay` annotates a clip, `still` a single picture. OpenCV is loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from midstance.overlay.compose import overlay_size_px, still, write_overlay

__all__ = ["overlay_size_px", "still", "write_overlay"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'midstance.overlay' has no attribute {name!r}")
    from midstance.overlay import compose

    return getattr(compose, name)
