"""SCALE.md: what two workers gain, what a long clip costs, and the arithmetic."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.scale.page import Findings, Memory, Throughput, render_page
from benchmarks.scale.run import Options, run

from midstance.api import silent

ROOT = Path(__file__).resolve().parents[2]
BATCHES = (
    Throughput("processes", 1, 8, 400.0),
    Throughput("processes", 2, 8, 210.0),
    Throughput("Dask", 1, 8, 420.0),
    Throughput("Dask", 2, 8, 240.0),
)
MEMORY = (Memory(10, "lite", 4e8, 10.0), Memory(60, "lite", 4.3e8, 60.0), Memory(600, "lite", 4.8e8, 600.0))
FOUND = Findings(BATCHES, MEMORY, 480, 3e6, 15e6, (("processor", "some"),), "2026-01-01")


def test_two_workers_are_held_against_one_of_their_kind() -> None:
    """400 s over 210 s is 1.9; Dask's own 420 s over 240 s is 1.75, which is under the bar."""
    page = render_page(FOUND)
    assert "| processes | 1 | 8 | 400 | 72 | 9.6 | 1 |  |" in page
    assert "| processes | 2 | 8 | 210 | 137 | 18.3 | 1.90 | met |" in page
    assert "| Dask | 2 | 8 | 240 | 120 | 16 | 1.75 | **missed** |" in page


def test_memory_is_held_against_the_shortest_clip() -> None:
    """A tenth more for a longer clip is allowed, not a fifth."""
    page = render_page(FOUND)
    assert "| 60 s | lite | 60 | 430 | 1.07 | met |" in page
    assert "| 600 s | lite | 600 | 480 | 1.20 | **missed** |" in page


def test_many_workers_are_one_many_times() -> None:
    """72 clips an hour by one worker are 7200 by a hundred; 18 MB each are 130 GB an hour, 36 MB a second."""
    page = render_page(FOUND)
    for row in ("| clips an hour, 100 workers of one core | 7200 |", "an hour, GB | 130 |", "MB a second | 36 |"):
        assert row in page


@pytest.mark.slow
@pytest.mark.long
def test_a_run_tells_all_of_it(tmp_path: Path) -> None:
    """Real batches, a real cluster and two real clips, small ones."""
    found = run(Options(ROOT, tmp_path, clips=2, model="lite", cluster=True, memory_s=20.0), silent)
    assert [(b.how, b.workers) for b in found.batches] == [("processes", 1), ("processes", 2), ("Dask", 1), ("Dask", 2)]
    assert all(b.wall_s > 0 for b in found.batches)
    assert [m.length_s for m in found.memory] == [10.0, 20.0]
    assert found.results_bytes > found.clip_bytes
