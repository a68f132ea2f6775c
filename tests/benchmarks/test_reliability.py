from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.reliability.page import render_page
from benchmarks.reliability.sections import RUNNERS, Section, store, stored

from midstance.science.errors import InputError

SECTION = Section("Clips", ("clips", "tried"), [["all", "3"]], ("Each alone.",))


def test_a_section_is_kept_and_shown_with_its_date(tmp_path: Path) -> None:
    """A stored section comes back as it was, and the page shows its table, its notes and when it was run."""
    store(SECTION, "corpus", tmp_path, "2026-01-02")
    page = render_page(stored(tmp_path))
    assert "## Clips" in page
    assert "| all | 3 |" in page
    assert "Each alone." in page
    assert page.rstrip().endswith("Run on 2026-01-02.")


def test_sections_stand_in_the_order_of_the_page(tmp_path: Path) -> None:
    """Whatever was run last, the page keeps its order; a section that was never run is left out."""
    for name in reversed(RUNNERS):
        store(Section(name, ("a",), [["b"]]), name, tmp_path, "2026-01-02")
    assert [section.title for section in stored(tmp_path)] == list(RUNNERS)
    (tmp_path / "kills.json").unlink()
    assert "kills" not in [section.title for section in stored(tmp_path)]


def test_a_damaged_section_is_told(tmp_path: Path) -> None:
    """A file that holds no section is an error that says to run it again."""
    (tmp_path / "corpus.json").write_text("{}")
    with pytest.raises(InputError, match=r"corpus\.json: expected a stored section"):
        stored(tmp_path)
