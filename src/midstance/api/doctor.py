"""Whether this machine has what an analysis needs, and what to do where it has not."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np

from midstance.api.analyse import PACKAGES
from midstance.api.own import collect_own
from midstance.api.sources import DEFAULT_MODEL
from midstance.pose import usable_cores
from midstance.science.errors import MidstanceError
from midstance.science.one_line import one_line

Level = Literal["ok", "caution", "bad"]
LOW_DISK_GB, NO_DISK_GB = 2.0, 0.2
PHONE_CODECS = ("h264", "hevc", "vp9", "av1")
"""What phones and browsers film in."""
EXTRAS = {
    "web": (("fastapi", "uvicorn", "sqlalchemy", "plotly"), "`midstance serve`"),
    "formats": (("ezc3d", "h5netcdf", "pandas", "pyarrow", "xarray"), "`midstance export`"),
    "cluster": (("distributed",), "`midstance batch --scheduler`"),
}
"""Packages of each extra, and what needs them."""
LIBRARIES: dict[str, tuple[str, str, Level]] = {
    "libGL.so.1": ("libgl1", "OpenCV", "bad"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "OpenCV", "bad"),
    "libEGL.so.1": ("libegl1", "`--runtime mediapipe`", "caution"),
    "libGLESv2.so.2": ("libgles2", "`--runtime mediapipe`", "caution"),
}
"""What wheels for Linux link against and do not bring: its package in Debian and Ubuntu, what needs it, how much."""


@dataclass(frozen=True)
class Check:
    """One thing looked at."""

    name: str
    level: Level
    """`bad` = clips cannot be analysed."""
    found: str
    advice: str = ""
    """What to do; empty where there is nothing to do."""


def examine() -> tuple[Check, ...]:
    """Look at everything. Nothing is fetched, and no folder is made."""
    return tuple(check for look in LOOKS for check in look())


def _packages() -> Iterator[Check]:
    found = {name: _version(name) for name in PACKAGES}
    missing = [name for name, number in found.items() if not number]
    told = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; "
    told += ", ".join(f"{name} {number}" for name, number in found.items() if number)
    if missing:
        yield Check(
            "packages", "bad", f"missing: {', '.join(missing)}", "install midstance anew: `pip install midstance`"
        )
    else:
        yield Check("packages", "ok", told)
    for extra, (names, user) in EXTRAS.items():
        lacks = [name for name in names if find_spec(name) is None]
        if lacks:
            yield Check(extra, "caution", f"{user} lacks {', '.join(lacks)}", f"run `pip install 'midstance[{extra}]'`")
        else:
            yield Check(extra, "ok", f"{user} has its packages")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _libraries() -> Iterator[Check]:
    if sys.platform != "linux":
        return
    lacks = [(name, *about) for name, about in LIBRARIES.items() if not _loads(name)]
    if lacks:
        told = ", ".join(f"{name} for {user}" for name, _, user, _ in lacks)
        packages = " ".join(package for _, package, *_ in lacks)
        level: Level = "bad" if any(level == "bad" for *_, level in lacks) else "caution"
        advice = f"on Debian and Ubuntu run `apt-get install {packages}`; elsewhere install what holds them"
        yield Check("system libraries", level, f"missing: {told}", advice)
    else:
        yield Check("system libraries", "ok", ", ".join(LIBRARIES))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _runtime() -> Iterator[Check]:
    try:
        from midstance.pose.runtime import best_precision, load_openvino

        core = load_openvino().Core()
        devices, precision = ", ".join(core.available_devices), best_precision()
    except (ImportError, OSError, RuntimeError) as error:
        advice = "run analyses with `--runtime mediapipe`, or `pip install --force-reinstall openvino`"
        yield Check("runtime", "caution", f"OpenVINO does not start: {_line(error)}", advice)
    else:
        yield Check("runtime", "ok", f"OpenVINO runs on {devices}, in {precision} precision")


def _codecs() -> Iterator[Check]:
    """Write a clip of a few frames and read it again, as overlays are; ask for the decoders of phones."""
    try:
        from av.codec import codecs_available

        frames = _write_and_read()
    except (ImportError, OSError, MidstanceError) as error:
        told = f"H.264 cannot be written and read: {_line(error)}"
        yield Check("codecs", "bad", told, "run `pip install --force-reinstall av`")
        return
    here = [name for name in PHONE_CODECS if name in codecs_available]
    told = f"H.264 written and read back ({frames} frames); {', '.join(here)} can be read"
    lacks = sorted(set(PHONE_CODECS) - set(here))
    if lacks:
        yield Check("codecs", "caution", f"{told}, not {', '.join(lacks)}", "convert such clips to H.264")
    else:
        yield Check("codecs", "ok", told)


def _write_and_read() -> int:
    from midstance.video.reader import open_clip
    from midstance.video.writer import open_writer

    with tempfile.TemporaryDirectory(prefix="midstance-") as folder:
        path = Path(folder) / "doctor.mp4"
        with open_writer(path, width_px=64, height_px=64) as video:
            for i in range(8):
                video.write(np.full((64, 64, 3), 30 * i, dtype=np.uint8), i / 30)
        with open_clip(path) as clip:
            return sum(1 for _ in clip.frames())


def _models() -> Iterator[Check]:
    from midstance.models import list_models, own_networks

    status = next(s for s in list_models() if s.name == DEFAULT_MODEL)
    get = f"run `midstance models get {DEFAULT_MODEL}`"
    if status.damaged:
        yield Check("pose model", "bad", f"{status.path} is damaged", get)
    elif status.path is None:
        yield Check("pose model", "caution", f"{DEFAULT_MODEL} is not here; the first analysis fetches it", get)
    else:
        yield Check("pose model", "ok", f"{DEFAULT_MODEL}: {status.path}")
    try:
        networks = own_networks()
    except MidstanceError as error:
        yield Check("own networks", "bad", _line(error), "install midstance anew")
    else:
        yield Check("own networks", "ok", ", ".join(path.name for path in networks.values()))


def _cores() -> Iterator[Check]:
    count = usable_cores()
    if count > 1:
        yield Check("cores", "ok", f"{count} may be used; fewer with --jobs")
    else:
        yield Check("cores", "caution", "1 may be used", "expect minutes a clip; `--model lite` is quicker")


def _browser() -> Iterator[Check]:
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        advice = "open reports and the address that `midstance serve` tells in a browser, on another machine if need be"
        yield Check("browser", "caution", "none found for this user", advice)
    else:
        yield Check("browser", "ok", getattr(found, "name", "") or type(found).__name__)


def _disk() -> Iterator[Check]:
    import platformdirs

    places = {
        "this folder": Path.cwd(),
        "temporary files": Path(tempfile.gettempdir()),
        "data of the web app": platformdirs.user_data_path("midstance", appauthor=False),
    }
    for name, path in places.items():
        yield _space(f"disk, {name}", next(p for p in (path, *path.parents) if p.exists()))


def _space(name: str, folder: Path) -> Check:
    free_gb = shutil.disk_usage(folder).free / 1e9
    level: Level = "bad" if free_gb < NO_DISK_GB else "caution" if free_gb < LOW_DISK_GB else "ok"
    if not os.access(folder, os.W_OK):
        return Check(name, "caution", f"{folder} cannot be written", "name another folder with --out or --data")
    return Check(name, level, f"{free_gb:.1f} GB free in {folder}", "" if level == "ok" else "free some space")


def _own_code() -> Iterator[Check]:
    own = collect_own()
    yield from (Check("own code", "caution", words, "the analysis goes on without it") for words in own.broken)
    if own.packages:
        told = ", ".join(f"{name} {number}" for name, number in own.packages.items())
        yield Check("own code", "ok", f"measures and rules come from {told}")


def _line(error: Exception) -> str:
    return one_line(str(error))[:200]


LOOKS: tuple[Callable[[], Iterator[Check]], ...] = (
    _packages,
    _libraries,
    _runtime,
    _codecs,
    _models,
    _cores,
    _browser,
    _disk,
    _own_code,
)
"""In the order in which they are told."""
