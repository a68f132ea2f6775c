"""Points seen in a clip, kept outside the checkout: pose models take minutes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np

import midstance.pose
from benchmarks.accuracy.cache import cache_folder, file_hash
from benchmarks.real.variants import AS_FILMED, Variant
from benchmarks.real.who import MODEL, Points, Who
from midstance.api import silent
from midstance.models import ensure_model, own_networks
from midstance.video.reader import open_clip


def see(who: Who, clip: Path, variant: Variant = AS_FILMED, folder: Path | None = None) -> Points:
    """Return what somebody sees in a clip that is shown in some way, as places in the clip.

    Parameters
    ----------
    who : Who
    clip : Path
    variant : Variant
    folder : Path, optional
        Where points are kept. Their file is named by the clip, the models and the code that sees, so that others are
        found when one of them changes.
    """
    kept = (folder or cache_folder() / "real") / f"{clip.stem}-{_key(who, clip, variant)}.npz"
    if not kept.is_file():
        with open_clip(clip) as reader:
            size_px = (reader.info.width_px, reader.info.height_px)
            _write(variant.back(who.see(variant.show(reader)), size_px), kept)
    with np.load(kept, allow_pickle=False) as table:
        return Points(table["frame"], {name: table[name] for name in table.files if name != "frame"})


def _key(who: Who, clip: Path, variant: Variant) -> str:
    files = [
        clip,
        ensure_model(MODEL, say=silent.say),
        *own_networks().values(),
        *sorted(Path(midstance.pose.__path__[0]).glob("*.py")),
    ]
    parts = [who.name, who.version, variant.name, *(file_hash(path) for path in files)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def _write(points: Points, kept: Path) -> None:
    """Write to a name of its own and move it: two runs may share the folder."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    half = kept.with_name(f"{os.getpid()}-{kept.name}")
    np.savez_compressed(half, allow_pickle=False, frame=points.frame, **dict(points.xy_px))
    half.replace(kept)
