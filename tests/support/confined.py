"""Runs Python code in a process that may use little, and clips that ask for much."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.video.clips import steady_times, write_clip

MB = 1024**2
LARGE_PX = (8192, 8192)


def run_confined(arguments: Sequence[str], memory_bytes: int) -> subprocess.CompletedProcess[str]:
    """Run Python with arguments in a process that may ask for so much memory."""
    import resource

    def confine() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))

    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, preexec_fn=confine)


def large_clip(path: Path, count: int = 2) -> Path:
    """Write a small file of large pictures."""
    width, height = LARGE_PX
    images = [np.full((height, width, 3), 90, np.uint8)] * count
    return write_clip(path, images, steady_times(count, 15.0), options={"crf": "40"})
