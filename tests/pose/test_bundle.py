from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from midstance.pose.bundle import DETECTOR, LANDMARKER, unpacked

CODE = """
import sys
from pathlib import Path
from midstance.pose.bundle import unpacked
with unpacked(Path(sys.argv[1])):
    print("there", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle of two files."""
    path = tmp_path / "tiny.task"
    with zipfile.ZipFile(path, "w") as archive:
        for name in (DETECTOR, LANDMARKER):
            archive.writestr(name, name)
    return path


def test_the_parts_are_gone_after_the_block(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parts are there within the block, and nothing after it."""
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    with unpacked(bundle) as (detector, landmarker):
        assert (detector.read_text(), landmarker.read_text()) == (DETECTOR, LANDMARKER)
    assert list(place.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts that are in use stay; those of a process that was killed are removed."""
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    arguments = [sys.executable, "-c", CODE, str(bundle)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with unpacked(bundle):
            assert len(list(place.iterdir())) == 2
        assert len(list(place.iterdir())) == 1
        other.kill()
        other.wait()
    with unpacked(bundle):
        assert len(list(place.iterdir())) == 1
    assert list(place.iterdir()) == []
