"""A zip file made while it is sent."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_CHUNK_BYTES = 256 * 1024
_COMPRESSED = frozenset({".mp4", ".png"})


class _Outlet(io.RawIOBase):
    """Holds what was written until it is taken."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return memoryview(data).nbytes

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


def zip_chunks(files: Mapping[str, Path]) -> Iterator[bytes]:
    """Yield a zip file piece by piece; only a piece is ever in memory.

    Parameters
    ----------
    files : mapping of name to Path
        Names as they stand in the archive.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w") as archive:
        for name, path in files.items():
            info = zipfile.ZipInfo.from_file(path, name)
            info.compress_type = zipfile.ZIP_STORED if path.suffix in _COMPRESSED else zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(info, "w") as target:
                while piece := source.read(_CHUNK_BYTES):
                    target.write(piece)
                    yield outlet.take()
    yield outlet.take()
