"""Networks of our own, which come with midstance."""

from __future__ import annotations

from pathlib import Path

from midstance.models.manifest import checkout_folder
from midstance.science.errors import ModelError

OWN_NETWORKS = {"side": "legs_side.onnx", "frontal": "legs_frontal.onnx"}


def own_networks() -> dict[str, Path]:
    """Return the files of the networks that see shank and foot, by the view they are for.

    Raises
    ------
    ModelError
        If one is not there.
    """
    folder = checkout_folder() or Path(__file__).parent
    found = {view: folder / name for view, name in OWN_NETWORKS.items()}
    missing = [str(path) for path in found.values() if not path.is_file()]
    if missing:
        raise ModelError(f"expected the network {missing[0]}, found none: install midstance anew")
    return found
