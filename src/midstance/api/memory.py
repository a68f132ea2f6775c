"""Memory that was freed, given back to the system."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress


def give_back() -> None:
    """Have the C library give back what is free; where it cannot be told to, nothing is done.

    glibc keeps large arrays that were freed for those to come. After a step that took much, as the pose model does,
    the next one would need its own memory on top of that.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # musl has no such function
            ctypes.CDLL(None).malloc_trim(0)
