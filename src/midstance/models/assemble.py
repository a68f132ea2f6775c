"""Build a MediaPipe `.task` bundle from the two TensorFlow Lite models of the pose solution.

A bundle is a zip of two models that are stored, not compressed. MediaPipe Tasks refuses a model that does
not say in its metadata how pictures are normalised, and most of the published parts do not. The metadata are
put in front of the model, and the model itself stays as it is, byte for byte (see
`midstance.models.flatbuffer`). Models start at a multiple of 64 bytes in the bundle, so that TensorFlow Lite
can use the weights where they lie instead of copying them.

The result depends on the parts alone: every machine builds the same bytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

from midstance.models.flatbuffer import (
    ALIGNMENT,
    Blob,
    Existing,
    Field,
    Floats,
    Table,
    Text,
    UByte,
    UInt,
    Vector,
    follow,
    read_root,
    read_text,
    read_uint,
    read_vector,
    serialise,
)

DETECTOR_ENTRY = "pose_detector.tflite"
LANDMARKS_ENTRY = "pose_landmarks_detector.tflite"
"""Names of the two models in a bundle, as MediaPipe Tasks looks for them."""

_METADATA_NAME = "TFLITE_METADATA"
# Slots of table Model in the TensorFlow Lite schema.
_VERSION, _BUFFERS, _METADATA, _MODEL_SLOTS = 0, 4, 6, 8
# Values of enumerations and unions in the metadata schema.
_IMAGE_PROPERTIES, _RGB, _NORMALIZATION = 2, 1, 1

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
_ALIGNMENT_FIELD = 0xD935  # the extra field that Android's zipalign registered for this purpose
_LOCAL_HEADER_BYTES = 30


def assemble_bundle(detector: bytes, landmarks: bytes) -> bytes:
    """Return the `.task` bundle of a person detector and a landmark model.

    Parameters
    ----------
    detector
        The pose detection model; it takes pixels in -1..1.
    landmarks
        The pose landmark model; it takes pixels in 0..1.

    Returns
    -------
    bytes
        The bundle, the same for the same parts everywhere.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        _store(bundle, out.tell(), DETECTOR_ENTRY, add_metadata(detector, 127.5, 127.5, ("boxes", "scores")))
        names = ("landmarks", "presence", "segmentation", "heatmap", "world_landmarks")
        _store(bundle, out.tell(), LANDMARKS_ENTRY, add_metadata(landmarks, 0.0, 255.0, names))
    return out.getvalue()


def add_metadata(model: bytes, mean: float, std: float, outputs: Sequence[str]) -> bytes:
    """Return a TensorFlow Lite model that says how its picture is normalised.

    Parameters
    ----------
    model
        The model file. One that has metadata already is returned as it is.
    mean, std
        The model takes ``(pixel - mean) / std`` of pixels in 0..255.
    outputs
        A name for each output tensor, in order.

    Returns
    -------
    bytes
        The new tables, then the old file unchanged.
    """
    root = read_root(model)
    metadata = read_vector(model, root[_METADATA]) if _METADATA in root else ()
    if any(read_text(model, entry, 0) == _METADATA_NAME.encode() for entry in metadata):
        return model
    buffers = read_vector(model, root[_BUFFERS])
    entry = Table({0: Text(_METADATA_NAME), 1: UInt(len(buffers))})
    content = Table({0: Blob(_describe(mean, std, outputs))})
    fields: dict[int, Field] = {
        slot: Existing(follow(model, at)) for slot, at in root.items() if _VERSION < slot < _MODEL_SLOTS
    }
    fields[_VERSION] = UInt(read_uint(model, root[_VERSION]))
    fields[_METADATA] = Vector([*map(Existing, metadata), entry])
    fields[_BUFFERS] = Vector([*map(Existing, buffers), content])
    return serialise(Table(fields), model[4:8], model)


def _describe(mean: float, std: float, outputs: Sequence[str]) -> bytes:
    """Return the metadata of a model that takes one RGB picture."""
    normalisation = Table({0: UByte(_NORMALIZATION), 1: Table({0: Floats([mean]), 1: Floats([std])})})
    content = Table({0: UByte(_IMAGE_PROPERTIES), 1: Table({0: UByte(_RGB)})})
    picture = Table({0: Text("image"), 3: content, 4: Vector([normalisation])})
    graph = Table({2: Vector([picture]), 3: Vector([Table({0: Text(name)}) for name in outputs])})
    return serialise(Table({0: Text("MediaPipe Pose"), 3: Vector([graph])}), b"M001")


def _store(bundle: zipfile.ZipFile, position: int, name: str, content: bytes) -> None:
    """Add an aligned entry that carries no trace of the machine or the time."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    entry.extra = _alignment_field(position + _LOCAL_HEADER_BYTES + len(name))
    bundle.writestr(entry, content)


def _alignment_field(position: int) -> bytes:
    """Return an extra field after which `position` is a multiple of the alignment."""
    length = -position % ALIGNMENT
    if length < 6:  # no room for the field's own header and the alignment that it states
        length += ALIGNMENT
    return struct.pack("<HHH", _ALIGNMENT_FIELD, length - 4, ALIGNMENT).ljust(length, b"\0")
