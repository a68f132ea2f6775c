from __future__ import annotations

import http.client
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

from midstance.video.writer import open_writer
from tests.video.clips import write_clip
from tests.web.planted import Seen
from tests.web.server import Server

pytestmark = pytest.mark.xdist_group("web_serving")


def test_a_clip_arrives_whole_in_pieces(served: Server, seen: dict[str, Seen]) -> None:
    """A clip is taken in piece by piece, looked at with the last one, and has facts and a thumbnail at once."""
    content, session = seen["side"].clip.read_bytes(), served.new_session()
    clip = served.upload(session, "side", content, "../../IMG 1.MOV")
    assert (clip["state"], clip["kind"], clip["name"]) == ("ready", "video", "IMG 1.MOV")
    facts = clip["facts"]
    assert (facts["frames"], facts["width_px"], facts["height_px"], facts["codec"]) == (181, 270, 480, "h264")
    thumbnail = served.ask(clip["thumbnail"])
    assert (thumbnail.headers["content-type"], thumbnail.body[:2]) == ("image/jpeg", b"\xff\xd8")
    assert served.ask(f"/api/clips/{clip['id']}/video").body == content


def test_a_broken_off_upload_goes_on_where_it_was(served: Server, landmarks: bytes) -> None:
    """A piece at a wrong place is refused with the right one; announcing the same file again tells it too."""
    session = served.new_session()
    clip = served.new_clip(session, "side", len(landmarks))
    served.put_piece(clip["id"], 0, landmarks[:1000])
    refused = served.put_piece(clip["id"], 500, landmarks[500:])
    assert (refused.status, refused.json["error"]["offset"]) == (409, 1000)
    again = served.send("POST", f"{session}/clips", {"slot": "side", "name": "run.mov", "size_bytes": len(landmarks)})
    assert (again.status, again.json["id"], again.json["offset"]) == (200, clip["id"], 1000)
    _break_off(served, clip["id"], landmarks[1000:3000])
    offset = served.get(f"/api/clips/{clip['id']}")["offset"]
    assert 1000 <= offset <= 3000
    assert served.put_piece(clip["id"], offset, landmarks[offset:]).json["clip"]["state"] == "ready"


def _break_off(server: Server, clip: str, piece: bytes) -> None:
    """Announce a piece, send half of it and hang up; wait until the server has noticed."""
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=10)
    connection.putrequest("PUT", f"/api/clips/{clip}/content?offset=1000")
    connection.putheader("content-length", str(len(piece)))
    connection.endheaders(piece[: len(piece) // 2])
    connection.close()
    for _ in range(100):
        if server.send("POST", f"/api/clips/{clip}/complete").json["error"]["code"] == "wrong_offset":
            return


def test_the_same_place_takes_another_clip(served: Server, landmarks: bytes) -> None:
    """A second clip for a view replaces the first with its files; a removed one leaves none."""
    session = served.new_session()
    first = served.upload(session, "side", landmarks)
    second = served.upload(session, "side", landmarks, "other.csv")
    assert [clip["id"] for clip in served.get(session)["clips"]] == [second["id"]]
    assert served.ask(f"/api/clips/{first['id']}").status == 404
    assert served.send("DELETE", f"/api/clips/{second['id']}").status == 204
    assert not [p for p in (served.data / "sessions" / session.rpartition("/")[2]).rglob("*") if p.is_file()]


def test_two_calls_for_one_clip_do_not_mix(served: Server, landmarks: bytes) -> None:
    """The same piece sent by many at once is written once."""
    session = served.new_session()
    clip = served.new_clip(session, "side", len(landmarks))
    statuses: list[int] = []

    def send() -> None:
        statuses.append(served.put_piece(clip["id"], 0, landmarks[:50_000]).status)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, *[409] * 5]
    assert served.get(f"/api/clips/{clip['id']}")["offset"] == 50_000


def test_more_than_announced_or_allowed_is_refused(served: Server) -> None:
    """Neither a clip over the limit, nor a piece over the limit, nor bytes beyond the announced end are taken."""
    session = served.new_session()
    body = {"slot": "side", "name": "a", "size_bytes": 10**12}
    answer = served.send("POST", f"{session}/clips", body)
    assert (answer.status, answer.json["error"]["code"]) == (413, "too_large")
    clip = served.new_clip(session, "side", 100)
    assert served.put_piece(clip["id"], 0, b"x" * 101).status == 413
    assert served.get(f"/api/clips/{clip['id']}")["offset"] == 0
    big = served.new_clip(session, "front", 40 * 1024**2)
    assert served.put_piece(big["id"], 0, bytes(17 * 1024**2)).status == 413
    assert served.send("PATCH", session, {"details": {"note": "x" * 300_000}}).status == 413


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not a video" * 100, "not_a_clip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "not_a_clip"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "not_a_clip"),
        (b"frame,time_s,landmark,x_px,y_px,visibility\n0,0,nose,a,1,1\n", "landmarks_file"),
    ],
)
def test_content_decides_and_not_the_name(served: Server, content: bytes, code: str) -> None:
    """What is no clip is refused whatever it is called, with what to do, and the server shows no path."""
    session = served.new_session()
    clip = served.upload(session, "side", content, "run.mp4")
    assert (clip["state"], clip["refusal"]["code"]) == ("refused", code)
    assert clip["refusal"]["do"]
    assert str(served.data) not in str(clip)
    answer = served.send("POST", f"{session}/start")
    assert (answer.status, answer.json["error"]["code"]) == (409, "wrong_state")


@pytest.mark.parametrize(
    ("frames", "fps", "size", "shade", "code"),
    [
        (30, 30.0, (320, 240), 90, "too_short"),
        (40, 10.0, (320, 240), 90, "too_few_frames"),
        (90, 30.0, (160, 120), 90, "too_small"),
        (90, 30.0, (320, 240), 2, "too_dark"),
        (70, 0.11, (320, 240), 90, "too_long"),
    ],
)
def test_clips_that_cannot_serve_say_what_to_film(
    served: Server, tmp_path: Path, frames: int, fps: float, size: tuple[int, int], shade: int, code: str
) -> None:
    """Too short, too long, too few frames, too small and too dark clips are told before any work is spent."""
    path = tmp_path / "clip.mp4"
    with open_writer(path, width_px=size[0], height_px=size[1], preset="ultrafast") as writer:
        for i in range(frames):
            writer.write(np.full((size[1], size[0], 3), shade, dtype=np.uint8), i / fps)
    clip = served.upload(served.new_session(), "front", path.read_bytes())
    assert clip["refusal"]["code"] == code
    assert clip["refusal"]["drawing"] == "front"
    assert clip["refusal"]["message"].startswith("expected")


def test_what_a_user_says_is_checked_and_kept(served: Server) -> None:
    """Numbers come back in the units they were given in; wrong ones are named; null clears."""
    session = served.new_session(runner="  Zoë   M ", details={"height_cm": "176,5", "speed_kmh": 9})
    lunge = {"lunge_left": {"value": 38, "unit": "deg"}, "lunge_right": {"value": 9.5, "unit": "cm"}}
    patched = served.send("PATCH", session, {"name": "before", "details": lunge | {"shoes": "old"}}).json
    assert (patched["title"], patched["runner"]) == ("Zoë M, before", "Zoë M")
    assert patched["details"]["height_cm"] == 176.5
    assert patched["details"]["speed_kmh"] == 9.0
    assert patched["details"]["lunge_right"] == {"value": 9.5, "unit": "cm"}
    assert served.send("PATCH", session, {"details": {"height_cm": None}}).json["details"]["height_cm"] is None
    for details, field in (
        ({"height_cm": 1.76}, "height_cm"),
        ({"speed_kmh": "fast"}, "speed_kmh"),
        ({"lunge_left": {"value": 38}}, "lunge_left"),
        ({"weight": 70}, "weight"),
        ({"lunge_left": {"value": 38, "unit": {}}}, "lunge_left"),
        ({"lunge_left": {"value": 38, "unit": [1]}}, "lunge_left"),
    ):
        answer = served.send("PATCH", session, {"details": details})
        assert (answer.status, answer.json["error"]["field"]) == (422, field)


def test_a_refusal_is_one_printable_line(served: Server) -> None:
    """What was sent is shown in the message; it neither breaks the line nor commands a terminal that shows it."""
    answer = served.send("POST", "/api/sessions", {"a\r\nb\x1b[2J": 1})
    assert answer.status == 422
    assert answer.json["error"]["message"] == "body: expected only runner, name, details, given a b?[2J: leave it out"


def test_a_view_that_is_no_word_is_refused(served: Server, landmarks: bytes) -> None:
    """JSON may hold anything where the name of a view belongs; it is told so, and nothing changes."""
    session = served.new_session()
    clip = served.upload(session, "side", landmarks)
    slots: list[Any] = [{}, [], None, 3]
    for slot in slots:
        body = {"slot": slot, "name": "a", "size_bytes": 9}
        for answer in (
            served.send("POST", f"{session}/clips", body),
            served.send("PATCH", f"/api/clips/{clip['id']}", {"slot": slot}),
        ):
            assert (answer.status, answer.json["error"]["field"]) == (422, "slot")
    assert [c["slot"] for c in served.get(session)["clips"]] == ["side"]


def test_a_slow_motion_tag_is_proposed(served: Server, tmp_path: Path) -> None:
    """The rate that a phone wrote into the file is offered, not applied."""
    import av

    path, tagged = tmp_path / "clip.mp4", tmp_path / "tagged.mp4"
    with open_writer(path, width_px=320, height_px=240, preset="ultrafast") as writer:
        for i in range(90):
            writer.write(np.full((240, 320, 3), 90 + i % 9, dtype=np.uint8), i / 30)
    with av.open(str(path)) as source, av.open(str(tagged), "w", options={"movflags": "use_metadata_tags"}) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        target.metadata["com.android.capture.fps"] = "240.0"
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    clip = served.upload(served.new_session(), "side", tagged.read_bytes())
    assert (clip["capture_fps"], clip["proposal"]["capture_fps"]) == (None, 240.0)


def test_an_odd_clip_is_readable_and_needs_a_copy_for_browsers(tmp_path: Path) -> None:
    """HEVC, a rotated or a variable-rate clip gets an H.264 copy with every frame at its own time; H.264 needs none."""
    from midstance.video.reader import open_clip
    from midstance.web.proxy import make_proxy, needs_proxy
    from tests.video.clips import numbered_images, read_number, varying_times

    times = varying_times(60)
    odd = write_clip(tmp_path / "odd.mp4", numbered_images(60), times, codec="libx265")
    assert needs_proxy(odd)
    done: list[int] = []
    make_proxy(odd, tmp_path / "proxy.mp4", lambda n, _: done.append(n))
    with open_clip(odd) as before, open_clip(tmp_path / "proxy.mp4") as after:
        assert after.info.codec == "h264"
        for a, b in zip(before, after, strict=True):
            assert b.time_s == pytest.approx(a.time_s, abs=1e-4)
            assert read_number(b.image_bgr) == a.index
    assert done[-1] == 60
    steady = tmp_path / "steady.mp4"
    with open_writer(steady, width_px=320, height_px=240) as writer:
        for i in range(20):
            writer.write(np.full((240, 320, 3), 90, dtype=np.uint8), i / 30)
    assert not needs_proxy(steady)
