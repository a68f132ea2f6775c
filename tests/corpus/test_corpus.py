"""Every clip of the corpus as a real process; those without the pose model in every run of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from midstance.models import find_model
from tests.corpus import coded, refused, scenes
from tests.corpus.entries import Entry
from tests.corpus.trial import complaints, model_of, try_entry

QUICK = (
    *("cut to 50 %", "empty", "header only", "text named", "image named"),
    *("clip named", "sound", "GIF named", "all frames"),
)
"""Beginnings of the names of the entries that every run of the tests tries."""
EVERY = (*refused.ENTRIES, *coded.ENTRIES, *scenes.ENTRIES)


def _marked(entry: Entry) -> object:
    quick = not entry.pose and entry.name.startswith(QUICK)
    return pytest.param(entry, marks=() if quick else (pytest.mark.slow, pytest.mark.long), id=entry.name)


@pytest.mark.parametrize("entry", [_marked(entry) for entry in EVERY])
def test_a_clip_of_the_corpus_ends_as_it_should(tmp_path: Path, entry: Entry) -> None:
    """The right exit code, one clear line or the note of quality, in time, in memory, nothing half-written."""
    if find_model(model_of(entry)) is None:
        pytest.skip(f"the pose model {model_of(entry)} is not installed")
    assert complaints(entry, try_entry(entry, tmp_path)) == []


def test_names_of_entries_tell_them_apart() -> None:
    """No two entries have one name."""
    names = [entry.name for entry in EVERY]
    assert len(set(names)) == len(names)
