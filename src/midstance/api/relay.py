"""Steps of one clip that overlap: a thread that reads ahead of the work, and one that writes behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from midstance.overlay.compose import Writer

_Item = TypeVar("_Item")
_END: Final = object()


@contextmanager
def ahead(items: Iterable[_Item]) -> Iterator[Iterator[_Item]]:
    """Yield items, of which the next is made by a thread of its own while one is used.

    Parameters
    ----------
    items : iterable
        Iterated in that thread alone; what it raises is raised here, in its place.
    """
    source = iter(items)
    with ThreadPoolExecutor(1, "reader") as thread:

        def made() -> Iterator[_Item]:
            coming = thread.submit(next, source, _END)
            while (item := coming.result()) is not _END:
                coming = thread.submit(next, source, _END)
                yield item  # type: ignore[misc]  # the end alone is no item

        yield made()


class Behind:
    """Has pictures written by a thread of its own, one behind what is drawn; what fails there is raised here."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._thread = ThreadPoolExecutor(1, "writer")
        self._last: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._thread.shutdown(wait=True)
        if kind is None:
            self._wait()

    def write(self, image_bgr: NDArray[np.uint8], time_s: float) -> None:
        """Hand on a copy of a picture, as the next is drawn over it."""
        picture = image_bgr.copy()
        self._wait()
        self._last = self._thread.submit(self._writer.write, picture, time_s)

    def _wait(self) -> None:
        if self._last is not None:
            self._last.result()
