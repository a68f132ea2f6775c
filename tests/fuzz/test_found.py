"""What fuzzers have found, kept: each of these once ended in a traceback."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from midstance.api.analyse import analyze
from midstance.batch.reading import read_batch
from midstance.models import find_model
from midstance.science.errors import MidstanceError
from tests.fuzz.readers import TARGETS, refuses_politely

HUGE = 10**400
STANCE = {"side": "left", "at_s": HUGE}


def changed(name: str, *path: str | int, value: Any) -> bytes:
    """Return the first file of a reader with one value replaced."""
    content = json.loads(TARGETS[name].seeds()[0])
    inner = content
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("edits", json.dumps({"views": {"side": {"removed": [STANCE]}}}).encode()),
        ("edits", json.dumps([{"kind": "exclude_stride", "view": "side", **STANCE}]).encode()),
        ("edits", b'{"views": {"side": {"moved": [{"side": "left", "ev\\nt": 2.0}]}}}'),
        ("edits", b'{"views": {"si\\nde": {"moved": [{"side": "left"}]}}}'),
        ("edits", b'[{"kind": ["move_event"], "view": "side"}]'),
        (
            "markers",
            changed("markers", "points", "back", value=[1, -HUGE]),
        ),
        ("markers", changed("markers", "points", "front", value=[HUGE, 1])),
        ("analysis", changed("analysis", "summary", 0, "side", value="neither")),
        ("analysis", changed("analysis", "summary", 0, "side", value=[])),
        ("analysis", changed("analysis", "summary", 0, "instant", value=None)),
        ("analysis", changed("analysis", "summary", 0, "quality", value=None)),
        ("manifest", b'runner,side\nanna,"a\x1c.csv"\n'),
        ("models", b"[" * 200_000),
        ("models", b"[]"),
        ("bundle", b"PK\x05\x06" + b"\xff" * 30),
    ],
)
def test_what_was_found_is_refused(name: str, content: bytes) -> None:
    """The input is refused in one line."""
    assert refuses_politely(TARGETS[name].read, content)


@pytest.mark.parametrize("findings", [[{"id": "dorsiflexion_compensation"}], [1]], ids=["incomplete", "no finding"])
def test_odd_findings_of_a_run_do_not_break_the_page_of_all(findings: list[object]) -> None:
    """A saved analysis whose findings are none of ours is told in its row of the summary; the page is made."""
    assert not refuses_politely(TARGETS["analysis"].read, changed("analysis", "findings", value=findings))


def test_numbers_too_large_for_a_summary_are_unknown() -> None:
    """A saved number that no float holds is read as one that is not known."""
    assert not refuses_politely(TARGETS["analysis"].read, changed("analysis", "summary", 0, "median", value=HUGE))


@pytest.mark.parametrize("damage", [b"\xff\xff", b"\x09\x00", b"\x01\x00"])
def test_archives_of_any_kind_are_refused(damage: bytes) -> None:
    """A bundle that says it is encrypted, packed in an unknown way or made by a later program is no model."""
    good = TARGETS["bundle"].seeds()[0]
    start = good.index(b"PK\x01\x02")
    for at in (6, 8, 10):  # version needed, flags, method
        content = good[: start + at] + damage + good[start + at + 2 :]
        refuses_politely(TARGETS["bundle"].read, content)


def test_names_that_no_file_can_have_are_refused(tmp_path: Path) -> None:
    """A name longer than the file system takes is one that is not there, wherever it is given."""
    name = "x" * 3000
    manifest = tmp_path / "runs.csv"
    manifest.write_text(f"runner,side\nanna,{name}\n")
    calls = (
        lambda: read_batch(manifest),
        lambda: read_batch(tmp_path / name),
        lambda: analyze(side=tmp_path / name),
        lambda: find_model(os.fspath(tmp_path / f"{name}.task")),
    )
    for call in calls:
        with pytest.raises(MidstanceError) as raised:
            call()
        assert len(str(raised.value).splitlines()) == 1
