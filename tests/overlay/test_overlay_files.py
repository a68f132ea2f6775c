from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from midstance.api import Progress, silent
from midstance.api.overlays import overlays_under_way
from midstance.science.errors import ClipError
from midstance.science.records import Analysis
from midstance.video.writer import open_writer
from tests.overlay.conftest import plain
from tests.support.example import example_analysis

FRAMES = 24


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    """The example with a short plain clip for either view."""
    example, folder = example_analysis(), tmp_path_factory.mktemp("clips")
    clips = {}
    for view in example.views:
        picture = plain(view)
        path = folder / f"{view.name}.mp4"
        with open_writer(path, width_px=picture.shape[1], height_px=picture.shape[0]) as video:
            for number in range(FRAMES):
                video.write(picture, 2 + number / 60)
        clips[view.name] = str(path)
    return replace(example, clips=clips)


def write_overlays(analysis: Analysis, folder: Path, jobs: int, progress: Progress) -> dict[str, Path]:
    """Write the overlays and wait for them."""
    with overlays_under_way(analysis, folder, jobs, progress) as paths:
        return paths


class _Told:
    """Progress that keeps what it is told and may end the work."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.steps: list[tuple[str, int, int]] = []
        self._stop_at = stop_at

    def step(self, label: str, done: int, total: int) -> None:
        self.steps.append((label, done, total))
        if done == self._stop_at:
            raise KeyboardInterrupt

    def say(self, line: str) -> None:
        """Nothing is said here."""


def test_files_do_not_depend_on_how_many_are_drawn_at_once(analysis: Analysis, tmp_path: Path) -> None:
    """One after the other or side by side, every byte of every clip is the same."""
    written = []
    for jobs in (1, 2):
        folder = tmp_path / str(jobs)
        folder.mkdir()
        paths = write_overlays(analysis, folder, jobs, silent)
        written.append({name: path.read_bytes() for name, path in paths.items()})
    assert set(written[0]) == {"side", "front"}
    assert written[0] == written[1]


def test_progress_counts_all_clips_as_one(analysis: Analysis, tmp_path: Path) -> None:
    """The user sees one count that rises by one to the frames of all clips."""
    told = _Told()
    write_overlays(analysis, tmp_path, 2, told)
    assert told.steps == [("overlays", done, 2 * FRAMES) for done in range(1, 2 * FRAMES + 1)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_interruption_ends_every_clip(analysis: Analysis, tmp_path: Path, jobs: int) -> None:
    """When progress raises, the other clips end as well, nothing is left, and what it raised comes out."""
    told = _Told(stop_at=10)
    with pytest.raises(KeyboardInterrupt):
        write_overlays(analysis, tmp_path, jobs, told)
    assert told.steps[-1][1] == 10
    assert list(tmp_path.iterdir()) == []


def test_clip_that_is_gone_is_named(analysis: Analysis, tmp_path: Path) -> None:
    """A clip that was moved away since the analysis ends the work before anything is drawn."""
    gone = replace(analysis, clips={**analysis.clips, "front": str(tmp_path / "gone.mp4")})
    with pytest.raises(ClipError, match=r"gone\.mp4"):
        write_overlays(gone, tmp_path, 2, silent)
    assert list(tmp_path.iterdir()) == []
