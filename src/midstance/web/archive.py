"""A zip file made while it is sent."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from collections.abc import Buffer

_CHUNK_BYTES = 256 * 1024


class _Outlet(io.RawIOBase):
    """Holds what was written until it is taken."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
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
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, path in files.items():
            with path.open("rb") as source, archive.open(zipfile.ZipInfo.from_file(path, name), "w") as target:
                while piece := source.read(_CHUNK_BYTES):
                    target.write(piece)
                    yield outlet.take()
    yield outlet.take()
