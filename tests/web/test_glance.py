"""Real clips through the real model before they are taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from midstance.video.writer import open_writer
from midstance.web.glance import SHARES, glance
from midstance.web.judging import judge
from tests.web.server import Server

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web_glance"), pytest.mark.usefixtures("heavy_model")]


@pytest.fixture
def looking(tmp_path: Path) -> Iterator[Server]:
    """A server that looks at clips, as it does for a user."""
    server = Server(tmp_path / "data", look=True)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("name", ["typical_side", "restricted_side", "typical_front", "typical_rear"])
def test_good_clips_pass(project_root: Path, name: str) -> None:
    """The samples are taken where they belong without a remark."""
    people = glance(project_root / "sample_videos" / f"{name}.mp4")
    assert people is not None
    assert len(people) == len(SHARES)
    judged = judge(people, name.partition("_")[2])
    assert (judged.refusal, judged.remarks) == (None, ())


@pytest.mark.parametrize("name", ["treadmill_side_30fps", "overground_side_30fps", "walking_both_ways_30fps"])
def test_filmed_people_are_not_refused_in_doubt(shared: Path, name: str) -> None:
    """Whether somebody walks or passes by is left to the analysis; a runner on a treadmill is taken."""
    people = glance(shared / "data" / "clips" / f"{name}.mp4")
    assert people is not None
    assert judge(people, "side").refusal is None


def test_people_far_away_are_remarked(shared: Path) -> None:
    """Two who stand far off are hardly seen: that is said, and nothing is refused for it."""
    people = glance(shared / "data" / "clips" / "two_people_not_running_30fps.mp4")
    assert people is not None
    judged = judge(people, "side")
    assert judged.refusal is None
    assert any("Hardly anybody" in remark for remark in judged.remarks)


def test_a_clip_in_the_wrong_place_is_refused_and_can_be_moved(looking: Server, project_root: Path) -> None:
    """A front clip given as side is refused before any job, and taken once it is moved to the front."""
    content = (project_root / "sample_videos" / "typical_front.mp4").read_bytes()
    session = looking.new_session()
    clip = looking.upload(session, "side", content)
    assert (clip["state"], clip["refusal"]["code"]) == ("refused", "other_view")
    assert looking.send("POST", f"{session}/start").status == 409
    moved = looking.send("PATCH", f"/api/clips/{clip['id']}", {"slot": "front"}).json
    assert (moved["state"], moved["slot"], moved["refusal"]) == ("ready", "front", None)


def test_a_clip_without_anybody_is_refused_unless_its_owner_insists(looking: Server, tmp_path: Path) -> None:
    """A landscape is refused with what to film; its owner's word is enough; too short stays refused."""
    session = looking.new_session()
    clip = looking.upload(session, "side", landscape(tmp_path / "landscape.mp4", 3.0))
    assert clip["refusal"]["code"] == "nobody"
    assert (clip["refusal"]["drawing"], len(clip["refusal"]["do"])) == ("side", 2)
    taken = accepted(looking, clip)
    assert (taken["state"], taken["refusal"]) == ("ready", None)
    assert taken["remarks"][-1] == "Taken all the same: Nobody is seen in this clip."
    short = looking.upload(session, "front", landscape(tmp_path / "short.mp4", 0.5))
    assert accepted(looking, short)["error"]["code"] == "wrong_state"


def accepted(server: Server, clip: dict[str, Any]) -> dict[str, Any]:
    """Ask to use a clip all the same; return the answer."""
    answer: dict[str, Any] = server.send("PATCH", f"/api/clips/{clip['id']}", {"accepted": True}).json
    return answer


def landscape(path: Path, duration_s: float) -> bytes:
    """Write a clip of hills under a sky that brightens."""
    rows, columns = np.mgrid[0:480, 0:640]
    hills = rows > 300 + 40 * np.sin(columns / 90) + 15 * np.sin(columns / 23)
    with open_writer(path, width_px=640, height_px=480, preset="ultrafast") as writer:
        for i in range(round(30 * duration_s)):
            sky = np.stack([200 - rows // 6 + i // 3, 150 - rows // 8, 110 + 0 * rows], axis=2)
            image = np.where(hills[..., None], np.array([40, 110, 60]), sky)
            writer.write(image.astype(np.uint8), i / 30)
    return path.read_bytes()
