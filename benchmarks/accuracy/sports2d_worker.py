"""Run Sports2D on stored landmarks. Started by `peer.py` with an interpreter that has Sports2D; knows no midstance.

Usage: `python sports2d_worker.py LANDMARKS.npz FOLDER`. The file holds `fps` and `xy_px` of shape (13, n, 2), in the
order of `NAMES`. Writes the landmarks as Sports2D reads them and an empty clip of the same length (it wants one),
and leaves its angles in FOLDER.
"""

from __future__ import annotations

import copy
import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEM = "landmarks"
SIZE_PX = (64, 64)
NAMES = {
    "nose": "Nose",
    **{
        f"{side}_{ours}": f"{side[0].upper()}{theirs}"
        for side in ("left", "right")
        for ours, theirs in (
            ("shoulder", "Shoulder"),
            ("hip", "Hip"),
            ("knee", "Knee"),
            ("ankle", "Ankle"),
            ("heel", "Heel"),
            ("foot_index", "BigToe"),
        )
    },
}
"""Landmark names to those of Sports2D."""


def main() -> None:
    """Run Sports2D with its own settings, without pictures, graphs and metres."""
    stored, folder = Path(sys.argv[1]), Path(sys.argv[2])
    with np.load(stored) as table:
        paths = dict(zip(NAMES.values(), table["xy_px"], strict=True))
        fps = round(float(table["fps"]))
    clip, trc = folder / f"{STEM}.mp4", folder / f"{STEM}_px.trc"
    trc.write_text(trc_text(paths, fps, trc.name), encoding="utf-8")
    write_empty_clip(clip, fps, len(paths["Nose"]))
    sports2d = importlib.import_module("Sports2D.Sports2D")
    sports2d.process(settings(sports2d.DEFAULT_CONFIG, clip, trc, folder))


def settings(defaults: dict[str, Any], clip: Path, trc: Path, folder: Path) -> dict[str, Any]:
    """Return Sports2D's default settings, changed only in what is read and written."""
    out = copy.deepcopy(defaults)
    out["base"] |= {
        "video_input": [str(clip)],
        "load_trc_px": str(trc),
        "result_dir": str(folder),
        "nb_persons_to_detect": 1,
        "person_ordering_method": "greatest_displacement",
        "visible_side": ["auto"],
        "show_realtime_results": False,
        "save_vid": False,
        "save_img": False,
    }
    out["px_to_meters_conversion"] |= {"to_meters": False, "make_c3d": False, "save_calib": False}
    out["post-processing"] |= {"show_graphs": False, "save_graphs": False}
    out["pose"] |= {"device": "cpu", "backend": "onnxruntime"}
    return out


def trc_text(paths: dict[str, NDArray[np.float64]], fps: int, name: str) -> str:
    """Return landmarks as a TRC file, in pixels."""
    count, points = len(next(iter(paths.values()))), len(paths)
    numbered = "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, points + 1))
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{fps}\t{fps}\t{count}\t{points}\tpx\t{fps}\t0\t{count}",
        "Frame#\tTime\t" + "".join(f"{p}\t\t\t" for p in paths).rstrip("\t") + "\t\t",
        f"\t\t{numbered}",
    ]
    for i in range(count):
        cells = [_cell(v) for path in paths.values() for v in (*path[i], 0.0)]
        lines.append("\t".join([str(i), f"{i / fps:.6f}", *cells]))
    return "\n".join(lines) + "\n"


def write_empty_clip(path: Path, fps: int, frames: int) -> None:
    """Write a black clip."""
    cv2 = importlib.import_module("cv2")
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), fps, SIZE_PX)
    for _ in range(frames):
        writer.write(np.zeros((*SIZE_PX, 3), np.uint8))
    writer.release()


def _cell(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.3f}"


if __name__ == "__main__":
    main()
