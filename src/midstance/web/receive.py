"""A multipart form from the network to disk, part by part, within limits.

Files go straight to their place, under names chosen here, and are never held in memory.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool

from midstance.science.errors import InputError

MAX_FIELD_BYTES = 1000
MAX_PARTS = 20


class TooLargeError(InputError):
    """More was sent than is taken."""


@dataclass
class ReceivedForm:
    """A form as it came in."""

    fields: dict[str, str] = field(default_factory=dict)
    """The text fields."""
    files: dict[str, str] = field(default_factory=dict)
    """Form field to the name that the user's file has; the file lies in the folder under the field's name."""


async def receive_form(
    chunks: AsyncIterator[bytes], content_type: str, folder: Path, *, file_fields: Collection[str], max_bytes: int
) -> ReceivedForm:
    """Read a multipart form.

    Parameters
    ----------
    chunks : async iterator of bytes
        The body of the request.
    content_type : str
        Its header.
    folder : Path
        Where the files go.
    file_fields : collection of str
        Fields that may bring a file; files in others are refused.
    max_bytes : int
        Most that the body may have.

    Raises
    ------
    TooLargeError
        If the body is larger.
    InputError
        If it is not a form, or has parts that are not expected.
    """
    receiver = _Receiver(content_type, folder, file_fields)
    received = 0
    try:
        async for chunk in chunks:
            received += len(chunk)
            if received > max_bytes:
                raise TooLargeError(too_large(max_bytes))
            await run_in_threadpool(receiver.write, chunk)
        receiver.end()
    except FormParserError as error:
        raise InputError(f"expected an upload form, given one that cannot be read ({error}): try again") from error
    finally:
        receiver.close()
    return receiver.form


def too_large(max_bytes: int) -> str:
    """Return what to tell a user who sends more than `max_bytes`."""
    return (
        f"expected clips of at most {max_bytes / 1e6:,.0f} MB together, given more: shorten them, 30 seconds are enough"
    )


class _Receiver:
    """Takes what the parser finds to memory (fields) or to disk (files)."""

    def __init__(self, content_type: str, folder: Path, file_fields: Collection[str]) -> None:
        self.form = ReceivedForm()
        self._folder = folder
        self._file_fields = frozenset(file_fields)
        self._parts = 0
        self._header = self._value = b""
        self._disposition = b""
        self._name = ""
        self._text = b""
        self._file: BinaryIO | None = None
        self._complete = False
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not boundary:
            raise InputError("expected an upload form, given something else: use the page to upload clips")
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )

    def write(self, chunk: bytes) -> None:
        self._parser.write(chunk)

    def end(self) -> None:
        self._parser.finalize()
        if not self._complete:
            raise InputError("expected a whole upload, given one that was cut off: try again")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise InputError(f"expected at most {MAX_PARTS} form fields, given more: use the page to upload clips")
        self._disposition = self._text = b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        given = options.get(b"filename")
        if given is None:
            return
        if self._name not in self._file_fields or self._name in self.form.files:
            raise InputError("expected one file for each view, given another: use the page to upload clips")
        if given:  # a field that was left empty has a file without a name
            self.form.files[self._name] = _shown(given)
        self._file = (self._folder / self._name).open("wb")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
        elif len(self._text) + end - start > MAX_FIELD_BYTES:
            raise InputError(f"{self._name[:40]}: expected at most {MAX_FIELD_BYTES} bytes, given more: shorten it")
        else:
            self._text += data[start:end]

    def _part_end(self) -> None:
        if self._file is None:
            self.form.fields[self._name] = self._text.decode("utf-8", "replace")
        self.close()

    def _end(self) -> None:
        self._complete = True


def _shown(given: bytes) -> str:
    """Return the name of a user's file as it may be shown: its last part, printable, not too long."""
    name = PurePosixPath(given.decode("utf-8", "replace").replace("\\", "/")).name
    return "".join(c for c in name if c.isprintable())[:100] or "clip"
