"""What a benchmark ran on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from midstance.pose import usable_cores
from midstance.pose.runtime import best_precision

PACKAGES = ("midstance", "mediapipe", "openvino", "opencv-contrib-python", "numpy", "scipy", "matplotlib", "av")


def machine() -> Iterator[tuple[str, str]]:
    """Yield facts of the machine, and the versions that matter."""
    yield "processor", f"{_processor()}, {usable_cores()} cores for this process"
    yield "system", f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    yield "networks", f"in {best_precision()} precision"
    yield "load average when done", ", ".join(f"{n:.1f}" for n in os.getloadavg())
    yield from ((package, version(package)) for package in PACKAGES)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
