"""A small FlatBuffers writer that puts new tables in front of an existing buffer.

A FlatBuffers offset can only point forward. So a new root table that stands *before* an old file may refer
to every table in that file, and the old bytes stay as they are. This gives two things that re-packing with a
generated schema does not: the same bytes from every version of every library, and tensor data that keep the
alignment their maker gave them.

The format is that of the FlatBuffers documentation (page "Internals"); only what these models need is here.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ALIGNMENT = 64
"""Bytes to which an existing buffer is aligned behind the new tables; enough for any vector register."""

_BLOB_ALIGNMENT = 16  # what the TensorFlow Lite schema demands of Buffer.data


@dataclass(frozen=True)
class UByte:
    """An unsigned 8-bit field."""

    value: int


@dataclass(frozen=True)
class UInt:
    """An unsigned 32-bit field."""

    value: int


@dataclass(frozen=True)
class Existing:
    """A reference to what already stands in the old buffer."""

    position: int


@dataclass(frozen=True)
class Text:
    """A string."""

    value: str


@dataclass(frozen=True)
class Blob:
    """A vector of bytes, aligned to 16."""

    value: bytes


@dataclass(frozen=True)
class Floats:
    """A vector of 32-bit floats."""

    values: Sequence[float]


@dataclass(frozen=True)
class Vector:
    """A vector of references."""

    items: Sequence[Node]


@dataclass(frozen=True)
class Table:
    """A table: its fields by their slot in the schema."""

    fields: Mapping[int, Field]


Node = Existing | Text | Blob | Floats | Vector | Table
Field = UByte | UInt | Node
_Pending = list[tuple[int, Node]]


def serialise(root: Table, identifier: bytes, old: bytes = b"") -> bytes:
    """Write a table and all it refers to, followed by an existing buffer, unchanged.

    Parameters
    ----------
    root
        The root table.
    identifier
        The four bytes that name the schema, such as ``b"TFL3"``.
    old
        What `Existing` nodes refer to. It starts at a multiple of `ALIGNMENT`.

    Returns
    -------
    bytes
        A complete FlatBuffers file.
    """
    out = bytearray(4) + identifier
    pending: _Pending = [(0, root)]
    outside: list[tuple[int, int]] = []
    for at, node in pending:  # grows while it is walked: parents stand before their children
        if isinstance(node, Existing):
            outside.append((at, node.position))
            continue
        start, children = _write(out, node)
        struct.pack_into("<I", out, at, start - at)
        pending += children
    _pad(out, ALIGNMENT if old else 4)
    for at, position in outside:
        struct.pack_into("<I", out, at, len(out) + position - at)
    return bytes(out) + old


def read_root(buffer: bytes) -> dict[int, int]:
    """Return the positions of the root table's fields by slot; absent fields are left out."""
    return _read_table(buffer, follow(buffer, 0))


def read_uint(buffer: bytes, position: int) -> int:
    """Return the unsigned 32-bit number at a position."""
    return int(struct.unpack_from("<I", buffer, position)[0])


def read_vector(buffer: bytes, field: int) -> tuple[int, ...]:
    """Return the positions of what the vector of references in a field refers to."""
    start = follow(buffer, field)
    return tuple(follow(buffer, start + 4 + 4 * i) for i in range(read_uint(buffer, start)))


def read_text(buffer: bytes, table: int, slot: int) -> bytes:
    """Return the string in a slot of the table at a position, empty when absent."""
    field = _read_table(buffer, table).get(slot)
    if field is None:
        return b""
    start = follow(buffer, field)
    return buffer[start + 4 : start + 4 + read_uint(buffer, start)]


def follow(buffer: bytes, field: int) -> int:
    """Return the position that the reference at `field` points to."""
    return field + read_uint(buffer, field)


def _read_table(buffer: bytes, table: int) -> dict[int, int]:
    vtable = table - struct.unpack_from("<i", buffer, table)[0]
    (size,) = struct.unpack_from("<H", buffer, vtable)
    offsets = struct.unpack_from(f"<{(size - 4) // 2}H", buffer, vtable + 4)
    return {slot: table + offset for slot, offset in enumerate(offsets) if offset}


def _write(out: bytearray, node: Text | Blob | Floats | Vector | Table) -> tuple[int, _Pending]:
    """Append one node and return where it starts and which references wait to be filled in."""
    if isinstance(node, Table):
        return _write_table(out, node)
    if isinstance(node, Text):
        encoded = node.value.encode()
        return _write_vector(out, len(encoded), encoded + b"\0"), []
    if isinstance(node, Blob):
        return _write_vector(out, len(node.value), node.value, align=_BLOB_ALIGNMENT), []
    if isinstance(node, Floats):
        return _write_vector(out, len(node.values), struct.pack(f"<{len(node.values)}f", *node.values)), []
    start = _write_vector(out, len(node.items), bytes(4 * len(node.items)))
    return start, [(start + 4 + 4 * i, item) for i, item in enumerate(node.items)]


def _write_vector(out: bytearray, length: int, content: bytes, *, align: int = 4) -> int:
    _pad(out, align, ahead=4)  # the content, not its length, has to be aligned
    start = len(out)
    out += struct.pack("<I", length) + content
    return start


def _write_table(out: bytearray, table: Table) -> tuple[int, _Pending]:
    """Append the table of offsets, then the table: 4-byte fields first, then single bytes."""
    fields = sorted(table.fields.items(), key=lambda item: (isinstance(item[1], UByte), item[0]))
    offsets, size = {}, 4
    for slot, value in fields:
        offsets[slot] = size
        size += 1 if isinstance(value, UByte) else 4
    slots = [offsets.get(slot, 0) for slot in range(max(offsets, default=-1) + 1)]
    vtable = struct.pack(f"<{2 + len(slots)}H", 4 + 2 * len(slots), size, *slots)
    _pad(out, 4, ahead=len(vtable))
    start = len(out) + len(vtable)
    out += vtable + struct.pack("<i", len(vtable)) + bytes(size - 4)
    return start, _fill_table(out, [(start + offsets[slot], value) for slot, value in fields])


def _fill_table(out: bytearray, fields: Sequence[tuple[int, Field]]) -> _Pending:
    """Write the plain numbers and return the references that are still to be filled in."""
    references: _Pending = []
    for at, value in fields:
        if isinstance(value, UByte):
            struct.pack_into("<B", out, at, value.value)
        elif isinstance(value, UInt):
            struct.pack_into("<I", out, at, value.value)
        else:
            references.append((at, value))
    return references


def _pad(out: bytearray, align: int, *, ahead: int = 0) -> None:
    """Append zeros until `ahead` more bytes would end at a multiple of `align`."""
    out += bytes(-(len(out) + ahead) % align)
