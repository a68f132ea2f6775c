"""Tiny TensorFlow Lite files, written and read with MediaPipe's own schemas, so that they judge ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flatbuffers
import numpy as np
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as schema


def tiny_model(buffers: Sequence[bytes], metadata: Sequence[tuple[str, int]] = ()) -> bytes:
    """Return a model of one tensor, with these buffers and these entries of metadata."""
    model = schema.ModelT()
    model.version, model.description = 3, "tiny"
    model.buffers = [_buffer(content) for content in buffers]
    model.metadata = [_entry(name, buffer) for name, buffer in metadata] or None
    tensor, graph = schema.TensorT(), schema.SubGraphT()
    tensor.name, tensor.shape, tensor.buffer = "picture", np.array([1, 2], np.int32), 0
    graph.tensors, graph.inputs, graph.outputs = [tensor], np.zeros(1, np.int32), np.zeros(1, np.int32)
    model.subgraphs, model.operatorCodes = [graph], []
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def read_model(content: bytes) -> Any:
    """Read a model into objects."""
    return schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))


def read_metadata(content: bytes) -> Any:
    """Read the metadata of a model into objects."""
    return metadata_schema.ModelMetadataT.InitFromObj(metadata_schema.ModelMetadata.GetRootAs(content, 0))


def contents(model: Any) -> list[bytes]:
    """Return what the buffers of a model hold."""
    return [b"" if one.data is None else bytes(np.asarray(one.data, np.uint8)) for one in model.buffers]


def entries(model: Any) -> list[tuple[str, int]]:
    """Return the names and buffers of a model's metadata."""
    return [(one.name.decode(), one.buffer) for one in model.metadata or []]


def _buffer(content: bytes) -> Any:
    buffer = schema.BufferT()
    buffer.data = np.frombuffer(content, np.uint8) if content else None
    return buffer


def _entry(name: str, buffer: int) -> Any:
    entry = schema.MetadataT()
    entry.name, entry.buffer = name, buffer
    return entry
