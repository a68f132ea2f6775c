from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from midstance.models import ensure_model, find_model, list_models
from midstance.models.assemble import assemble_bundle
from midstance.models.lookup import write_atomically
from midstance.models.manifest import load_manifest, read_manifest
from midstance.science.errors import ModelError

from .conftest import Checkout
from .tiny import tiny_model

FIND = "print(find_model('tiny'))"


def test_the_folders_are_searched_in_order(checkout: Checkout, tmp_path: Path) -> None:
    """The folder of the environment variable comes before the source tree, and that before the user's cache."""
    named = tmp_path / "named"
    paths = [checkout.install(folder) for folder in (named, checkout.models, checkout.cache)]
    for path in paths:
        assert checkout.run(FIND, MIDSTANCE_MODEL_DIR=str(named)) == str(path)
        path.unlink()
    assert checkout.run(FIND, MIDSTANCE_MODEL_DIR=str(named)) == "None"


def test_an_empty_variable_counts_as_none(checkout: Checkout) -> None:
    """The working folder, which an empty path would mean, is never searched."""
    checkout.install(checkout.root)
    assert checkout.run(FIND, MIDSTANCE_MODEL_DIR="") == "None"


def test_a_damaged_model_is_reported_and_replaced_by_get(checkout: Checkout) -> None:
    """One changed byte makes the model unusable until `midstance models get` has put the right one in its place."""
    content = bytearray(checkout.registry.bundle)
    content[len(content) // 2] ^= 1
    path = checkout.install(checkout.cache, bytes(content))
    for call in (FIND, "ensure_model('tiny', say=print)"):
        message = checkout.run(call)
        assert message.startswith("midstance.science.errors.ModelError")
        assert "midstance models get tiny" in message
    assert "damaged=True" in checkout.run("print(list_models()[0])")
    assert checkout.run("print(get_model('tiny', say=str))") == str(path)
    assert path.read_bytes() == checkout.registry.bundle


def test_a_missing_model_is_fetched_once_into_the_source_tree(checkout: Checkout) -> None:
    """The first call says what it does and installs into `models/`; the second finds the file and says nothing."""
    call = "print(ensure_model('tiny', say=lambda line: print('said:', line)))"
    path = checkout.models / "pose_tiny.task"
    first = checkout.run(call).splitlines()
    assert [line.split(":")[0] for line in first] == ["said", "said", str(path)]
    assert checkout.run(call) == str(path)


def test_the_variable_names_where_a_model_goes(checkout: Checkout, tmp_path: Path) -> None:
    """A folder that does not exist yet is made."""
    folder = tmp_path / "mine" / "deep"
    found = checkout.run("print(ensure_model('tiny', say=str))", MIDSTANCE_MODEL_DIR=str(folder))
    assert found == str(folder / "pose_tiny.task")


def test_an_installed_package_puts_models_into_the_users_cache(checkout: Checkout) -> None:
    """Outside a source tree, where the manifest lies beside the code, there is no `models/` to write to."""
    site = checkout.root / "site-packages"
    (checkout.root / "src").rename(site)
    (checkout.models / "manifest.json").rename(site / "midstance" / "models" / "manifest.json")
    found = checkout.run("print(ensure_model('tiny', say=str))", PYTHONPATH=str(site))
    assert found == str(checkout.cache / "pose_tiny.task")


def test_a_folder_that_cannot_be_written_is_reported(checkout: Checkout, tmp_path: Path) -> None:
    """The message names the file and the variable that leads elsewhere."""
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    message = checkout.run("ensure_model('tiny', say=str)", MIDSTANCE_MODEL_DIR=str(blocked))
    assert message.startswith("midstance.science.errors.ModelError")
    assert str(blocked) in message
    assert "MIDSTANCE_MODEL_DIR" in message


def test_a_failed_write_keeps_the_old_file_and_leaves_no_part(tmp_path: Path) -> None:
    """What cannot be replaced stays as it was."""
    target = tmp_path / "pose.task"
    target.mkdir()
    (target / "inside").touch()
    with pytest.raises(OSError, match=r"pose\.task"):
        write_atomically(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["pose.task"]
    assert (target / "inside").exists()


def test_any_pose_bundle_can_be_given_by_its_path(tmp_path: Path) -> None:
    """A bundle as Google builds it, with other bytes and a file more, is accepted as it is, with no network."""
    path = tmp_path / "pose_landmarker_heavy.task"
    path.write_bytes(assemble_bundle(tiny_model([b""]), tiny_model([b"", b"other"])))
    with zipfile.ZipFile(path, "a") as bundle:
        bundle.writestr("NOTICE.txt", "theirs")
    assert find_model(str(path)) == path
    assert ensure_model(str(path), say=pytest.fail) == path


def test_a_path_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    """A name with .task or a folder in it is a path, and is never fetched."""
    for given in (str(tmp_path / "heavy"), "heavy.task"):
        with pytest.raises(ModelError, match="found none at"):
            ensure_model(given, say=pytest.fail)


def test_a_file_that_is_no_pose_bundle_is_refused(tmp_path: Path) -> None:
    """A text file, a zip of something else and a compressed bundle are told apart from a model."""
    path = tmp_path / "model.task"
    path.write_text("hello")
    with pytest.raises(ModelError, match=r"expected a MediaPipe \.task bundle"):
        find_model(str(path))
    for entries, compression in (
        (["pose_detector.tflite", "hand_landmarks_detector.tflite"], zipfile.ZIP_STORED),
        (["pose_detector.tflite", "pose_landmarks_detector.tflite"], zipfile.ZIP_DEFLATED),
    ):
        with zipfile.ZipFile(path, "w", compression) as bundle:
            for entry in entries:
                bundle.writestr(entry, b"x" * 100)
        with pytest.raises(ModelError, match="lacks an uncompressed"):
            find_model(str(path))


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    """A slip of the pen does not start a download."""
    with pytest.raises(ModelError, match=r"lite, full, heavy or a \.task file, got 'havy'"):
        ensure_model("havy", say=pytest.fail)


def test_every_model_is_listed_with_its_licence_and_origin(tmp_path: Path) -> None:
    """The list knows size, licence and packages even when nothing is installed."""
    statuses = list_models(environ={"MIDSTANCE_MODEL_DIR": str(tmp_path)})
    assert [one.name for one in statuses] == ["lite", "full", "heavy"]
    assert {one.licence for one in statuses} == {"Apache-2.0"}
    assert all(one.size_bytes > 5e6 and "@mediapipe/pose" in one.origin for one in statuses)
    assert "PyPI mediapipe 0.10.21" in statuses[1].origin


def test_one_file_has_one_hash_in_the_manifest() -> None:
    """The landmark model of `full` is the same file in both packages, and every hash is a sha256."""
    builds = [build for model in load_manifest().values() for build in model.builds]
    hashes = {one for build in builds for one in (build.sha256, build.detector.sha256, build.landmarks.sha256)}
    assert all(len(one) == 64 and int(one, 16) for one in hashes)
    assert len({build.landmarks.sha256 for build in load_manifest()["full"].builds}) == 1


def test_a_broken_manifest_is_reported(tmp_path: Path) -> None:
    """An installation that lost its manifest says so instead of raising a KeyError."""
    path = tmp_path / "manifest.json"
    for content in (None, "{", "[]", json.dumps({"models": {}})):
        if content is not None:
            path.write_text(content)
        with pytest.raises(ModelError, match="reinstall midstance"):
            read_manifest(path)


def test_importing_loads_no_heavy_package() -> None:
    """`midstance --help` does not pay for MediaPipe."""
    code = "import sys, midstance.models; print([n for n in ('mediapipe', 'cv2', 'numpy') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
