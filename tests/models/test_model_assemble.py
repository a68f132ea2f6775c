from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from midstance.models import find_model
from midstance.models.assemble import add_metadata, assemble_bundle
from midstance.models.manifest import Build, load_manifest
from midstance.science.errors import ModelError

from .tiny import contents, entries, read_metadata, read_model, tiny_model

OPEN_BUNDLE = """
import sys
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

options = vision.PoseLandmarkerOptions(base_options=BaseOptions(model_asset_path=sys.argv[1]))
with vision.PoseLandmarker.create_from_options(options) as landmarker:
    picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.zeros((256, 256, 3), np.uint8))
    print(len(landmarker.detect(picture).pose_landmarks), "people")
"""


@given(
    buffers=st.lists(st.binary(max_size=70), min_size=1, max_size=5),
    metadata=st.lists(st.tuples(st.text(min_size=1, max_size=9), st.integers(0, 4)), max_size=3),
    outputs=st.lists(st.text(min_size=1, max_size=9), max_size=5),
    mean=st.floats(0, 255, width=32),
    std=st.floats(1, 255, width=32),
)
def test_the_metadata_are_added_and_nothing_else_changes(
    buffers: list[bytes], metadata: list[tuple[str, int]], outputs: list[str], mean: float, std: float
) -> None:
    """TensorFlow's own schema reads the normalisation and the names, and every old buffer and entry as before."""
    model = read_model(add_metadata(tiny_model(buffers, metadata), mean, std, outputs))
    assert contents(model)[:-1] == buffers
    assert entries(model) == [*metadata, ("TFLITE_METADATA", len(buffers))]
    assert (model.version, model.description, model.subgraphs[0].tensors[0].name) == (3, b"tiny", b"picture")
    graph = read_metadata(contents(model)[-1]).subgraphMetadata[0]
    unit = graph.inputTensorMetadata[0].processUnits[0]
    assert (list(unit.options.mean), list(unit.options.std)) == ([mean], [std])
    assert [one.name.decode() for one in graph.outputTensorMetadata or []] == outputs


@given(buffers=st.lists(st.binary(max_size=70), min_size=1, max_size=5))
def test_the_old_file_stands_unchanged_at_a_multiple_of_64(buffers: list[bytes]) -> None:
    """The weights keep the alignment that they had in the original file."""
    old = tiny_model(buffers)
    new = add_metadata(old, 0, 255, ["out"])
    assert new.endswith(old)
    assert (len(new) - len(old)) % 64 == 0


def test_a_model_that_has_metadata_is_left_alone() -> None:
    """The maker's own metadata are trusted."""
    model = tiny_model([b"", b"theirs"], [("TFLITE_METADATA", 1)])
    assert add_metadata(model, 0, 255, ["out"]) == model


def test_a_bundle_is_the_same_on_every_build_and_its_models_are_aligned() -> None:
    """Both models are stored under the names that MediaPipe expects, at multiples of 64 bytes."""
    detector, landmarks = tiny_model([b"", b"\1" * 33]), tiny_model([b"", b"\2" * 34])
    bundle = assemble_bundle(detector, landmarks)
    assert bundle == assemble_bundle(detector, landmarks)
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        assert archive.namelist() == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
        for name, part in zip(archive.namelist(), (detector, landmarks), strict=True):
            content = archive.read(name)
            assert content.endswith(part)
            assert bundle.index(content) % 64 == 0


@pytest.mark.parametrize("name", list(load_manifest()))
def test_the_parts_in_an_installed_model_are_the_published_ones_and_assemble_to_it(name: str) -> None:
    """Parts cut out of the bundle have the hashes of the manifest, and assembling them gives its bundle's hash."""
    path = _installed(name)
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    (build,) = (one for one in load_manifest()[name].builds if one.sha256 == found)
    assert build.size_bytes == len(content)
    detector, landmarks = _published_parts(path, build)
    assert hashlib.sha256(detector).hexdigest() == build.detector.sha256
    assert hashlib.sha256(landmarks).hexdigest() == build.landmarks.sha256
    assert assemble_bundle(detector, landmarks) == content


@pytest.mark.slow
@pytest.mark.parametrize("name", list(load_manifest()))
def test_mediapipe_opens_an_installed_model_without_copying_its_weights(name: str) -> None:
    """The landmarker runs, sees nobody in a black picture, and does not complain of unaligned buffers."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN_BUNDLE, str(_installed(name))], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "0 people", done.stderr
    assert "unaligned" not in done.stderr


def _installed(name: str) -> Path:
    try:
        path = find_model(name)
    except ModelError as error:
        pytest.fail(str(error))
    if path is None:
        pytest.skip(f"the pose model {name} is not installed: run `midstance models get {name}`")
    return path


def _published_parts(path: Path, build: Build) -> tuple[bytes, bytes]:
    """Cut the published models out of a bundle, where they stand behind the added metadata."""
    with zipfile.ZipFile(path) as archive:
        detector, landmarks = (archive.read(name) for name in archive.namelist())
    return detector[-build.detector.size_bytes :], landmarks[-build.landmarks.size_bytes :]
