"""Points seen in a clip, kept outside the checkout: pose models take minutes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.accuracy.cache import cache_folder, landmark_key, write_arrays
from benchmarks.real.variants import AS_FILMED, Variant
from benchmarks.real.who import MODEL, Points, Who
from midstance.api import silent
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
            points = variant.back(who.see(variant.show(reader)), size_px)
            write_arrays(kept, frame=points.frame, **points.xy_px)
    with np.load(kept, allow_pickle=False) as table:
        return Points(table["frame"], {name: table[name] for name in table.files if name != "frame"})


def _key(who: Who, clip: Path, variant: Variant) -> str:
    return landmark_key(clip, MODEL, silent, "midstance", (who.name, who.version, variant.name))
