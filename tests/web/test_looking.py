"""Uploads are decoded where they can do no harm."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from midstance.web import looking
from tests.support.confined import MB, large_clip, run_confined
from tests.web.planted import Seen

CODE = """
import json, sys
from pathlib import Path
from midstance.web.looking import look
found = [look(Path(path), "side", with_glance=False) for path in sys.argv[1:]]
print(json.dumps([f.refusal.message if f.refusal else f.facts["frames"] for f in found]))
"""


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_an_upload_that_does_not_fit_into_memory_harms_nobody(tmp_path: Path, seen: dict[str, Seen]) -> None:
    """Large pictures in a small file are refused where memory is short; the server lives and takes the next clip."""
    large = large_clip(tmp_path / "large.mp4")
    done = run_confined(["-c", CODE, str(large), str(seen["side"].clip)], 600 * MB)
    assert done.returncode == 0, done.stderr
    refused, frames = json.loads(done.stdout)
    assert isinstance(refused, str)
    assert frames == 181


def test_an_upload_that_takes_too_long_is_not_taken(
    tmp_path: Path, seen: dict[str, Seen], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that does not answer in time is ended, and the clip is refused with what to do."""
    slow = tmp_path / "slow.sh"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(slow))
    monkeypatch.setattr(looking, "WITHIN_S", 0.5)
    monkeypatch.setattr(looking, "GLANCE_WITHIN_S", 0.0)
    found = looking.look(seen["side"].clip, "side", with_glance=False)
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.final) == ("not_a_clip", True)


def test_what_a_glance_cannot_tell_does_not_count(seen: dict[str, Seen], monkeypatch: pytest.MonkeyPatch) -> None:
    """When the process ends while it looks for people, what was found before stands."""
    first = looking.look(seen["side"].clip, "side", with_glance=False)
    assert (first.refusal, (first.facts or {})["frames"], first.thumbnail[:2]) == (None, 181, b"\xff\xd8")
    monkeypatch.setattr(
        looking,
        "_told_by",
        lambda _: (
            b'{"kind": "video", "facts": {}, "remarks": [], "proposal": null'
            b', "refusal": null, "thumbnail": ""}\n{"kind": "vid'
        ),
    )
    assert looking.look(seen["side"].clip, "side", with_glance=True).kind == "video"
