from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.web.planted import Seen, plant_session
from tests.web.reviews import stride_of, value_of, view_of
from tests.web.server import Server, until

pytestmark = pytest.mark.xdist_group("web_review")


def test_landmarks_lie_on_the_frames_of_the_clip(served: Server, session: str, seen: dict[str, Seen]) -> None:
    """The overlay gets a place for every landmark in every frame, at the time that the player shows."""
    view = view_of(served.get(f"{session}/review"), "side")
    facts = view["landmarks"]
    assert (facts["frames"], view["width_px"], view["height_px"]) == (181, 270, 480)
    assert view["media_time_s"] == pytest.approx([i / 30 for i in range(181)], abs=1e-4)
    points = np.frombuffer(served.ask(facts["url"]).body, dtype="<f4").reshape(181, 33, 3)
    true = seen["side"].found.landmarks.xy_px
    off = np.linalg.norm(points[:, facts["names"].index("right_ankle"), :2] - true[:, 28], axis=1)
    assert np.nanmedian(off) < 1.0
    assert np.isnan(points[:, facts["names"].index("left_eye_inner")]).all()
    assert all(0 <= a < 33 and 0 <= b < 33 for a, b in facts["edges"])


def test_curves_and_series_belong_to_the_review(served: Server, session: str) -> None:
    """Angles over the clip agree with the values at the events, and strides have a mean with its SD."""
    review = served.get(f"{session}/review")
    view, stride = view_of(review, "side"), stride_of(review, 3)
    series = served.get(view["series_url"])
    knee = next(c for c in series["curves"] if (c["measure"], c["side"]) == ("knee_flexion", "right"))
    at_s = np.interp(stride["midstance_s"], series["time_s"], np.array(knee["values"], dtype=float))
    assert at_s == pytest.approx(value_of(review, "knee_flexion", 3, "midstance"), abs=0.5)
    curves = served.get(view["curves_url"])
    mean = next(c for c in curves["mean"] if (c["measure"], c["side"]) == ("knee_flexion", "right"))
    assert len(mean["mean"]) == len(mean["sd"]) == len(curves["percent"]) == 101
    assert {band["measure"] for band in curves["bands"]} <= set(review["measures"])


def test_evidence_leads_to_the_frames_that_show_it(served: Server, session: str) -> None:
    """Every number of findings and chain comes with times inside the clip, in strides that the view has."""
    review = served.get(f"{session}/review")
    rows = [*(e for f in review["findings"] for e in f["evidence"]), *review["chain"]]
    shown = [row for row in rows if row["value"] is not None and row["measure"] in review["measures"]]
    assert shown
    for evidence in shown:
        strides = {(s["side"], s["number"]): s for s in view_of(review, evidence["view"])["strides"]}
        for moment in evidence["moments"]:
            stride = strides[moment["side"], moment["stride"]]
            assert stride["initial_contact_s"] <= moment["time_s"] <= stride["next_contact_s"]
        assert evidence["moments"]


def test_a_moved_contact_changes_the_numbers_and_comes_back(served: Server, session: str) -> None:
    """Moving a contact changes its stride's contact time by as much; undo, redo and a taken-back list follow."""
    before = served.get(f"{session}/review")
    stride = stride_of(before, 4)
    edit = {
        "kind": "move_event",
        "view": "side",
        "side": "right",
        "event": "initial_contact",
        "at_s": stride["midstance_s"],
        "to_s": stride["initial_contact_s"] - 0.03,
    }
    after = served.send("POST", f"{session}/edits", {"edit": edit}).json
    longer_s = value_of(after, "contact_time", 4) - value_of(before, "contact_time", 4)
    assert longer_s == pytest.approx(0.03, abs=2e-3)
    assert stride_of(after, 4)["edited"]
    assert (after["edits"]["can_undo"], after["edits"]["can_redo"], after["session"]["edited"]) == (True, False, True)
    undone = served.send("POST", f"{session}/edits/undo").json
    assert value_of(undone, "contact_time", 4) == value_of(before, "contact_time", 4)
    assert (undone["edits"]["can_redo"], undone["session"]["edited"]) == (True, False)
    redone = served.send("POST", f"{session}/edits/redo").json
    assert redone["summary"] == after["summary"]
    again = served.send("PUT", f"{session}/edits", {"edits": redone["edits"]["list"]}).json
    assert again["summary"] == after["summary"]
    assert served.send("PUT", f"{session}/edits", {"edits": []}).json["summary"] == before["summary"]
    assert served.send("POST", f"{session}/edits/redo").status == 409


def test_an_excluded_stride_leaves_the_summary(served: Server, session: str) -> None:
    """A stride that is left out by hand says so and counts no more; taken in again it does."""
    before = served.get(f"{session}/review")
    edit = {"kind": "exclude_stride", "view": "side", "side": "right", "at_s": stride_of(before, 3)["midstance_s"]}
    after = served.send("POST", f"{session}/edits", {"edit": edit}).json
    assert stride_of(after, 3)["excluded_by_hand"]
    assert not stride_of(after, 3)["valid"]
    back = served.send("POST", f"{session}/edits", {"edit": edit | {"kind": "include_stride"}}).json
    assert back["summary"] == before["summary"]


def test_edits_that_make_no_sense_change_nothing(served: Server, session: str) -> None:
    """A contact after its toe-off, every stride excluded, an unknown kind or view: refused, and all stays."""
    before = served.get(f"{session}/review")
    stride = stride_of(before, 3)
    move = {"kind": "move_event", "view": "side", "side": "right", "event": "initial_contact"}
    wrong: list[dict[str, Any]] = [
        move | {"at_s": stride["midstance_s"], "to_s": stride["toe_off_s"] + 0.05},
        move | {"at_s": stride["midstance_s"], "to_s": None},
        {"kind": "tilt_line", "view": "side", "points_px": [[1, 1]]},
        {"kind": "exclude_stride", "view": "rear", "side": "right", "at_s": 1.0},
        {"kind": "shell", "view": "side"},
        {},
    ]
    for edit in wrong:
        answer = served.send("POST", f"{session}/edits", {"edit": edit})
        assert answer.status == 422, edit
        assert len(answer.json["error"]["message"].splitlines()) == 1
    every = [
        {"kind": "exclude_stride", "view": "side", "side": s["side"], "at_s": s["midstance_s"]}
        for s in view_of(before, "side")["strides"]
    ]
    answer = served.send("PUT", f"{session}/edits", {"edits": every})
    assert (answer.status, answer.json["error"]["code"]) == (422, "cannot_analyse")
    assert served.send("PUT", f"{session}/edits", {"edits": "all"}).status == 422
    assert served.get(f"{session}/review")["edits"]["list"] == []


def test_edits_outlive_a_restart(server: Server, seen: dict[str, Seen]) -> None:
    """What was edited and what was undone is there when the server was killed and starts again."""
    session = f"/api/sessions/{plant_session(server.data, {'side': seen['side']})}"
    for _ in range(2):
        server.send("POST", f"{session}/edits", {"edit": {"kind": "swap_sides", "view": "side"}})
    server.send("POST", f"{session}/edits/undo")
    before = server.get(f"{session}/review")
    server.kill()
    server.start()
    after = server.get(f"{session}/review")
    assert after["edits"] == before["edits"]
    assert after["edits"]["can_redo"]
    assert after["summary"] == before["summary"]


def test_a_height_makes_metres(served: Server, session: str) -> None:
    """What is said later about the runner counts at once, without a new analysis."""
    assert view_of(served.get(f"{session}/review"), "side")["metres_per_px"] is None
    served.send("PATCH", session, {"details": {"height_cm": 176}})
    assert view_of(served.get(f"{session}/review"), "side")["metres_per_px"] > 0


def test_two_sessions_compare(served: Server, session: str, seen: dict[str, Seen]) -> None:
    """Both sides of a comparison and the change between them are told, with reports to keep."""
    other = plant_session(served.data, {"side": seen["side"]}, runner="Zoë", name="after")
    ids = f"before={session.rpartition('/')[2]}&after={other}"
    told = served.get(f"/api/compare?{ids}")
    rows = {(r["view"], r["side"], r["measure"], r["instant"]): r for r in told["rows"]}
    same = rows["side", "right", "knee_flexion", "midstance"]
    assert same["before"]["median"] == same["after"]["median"]
    assert same["change"] == 0
    assert rows["front", "right", "knee_valgus", "midstance"]["after"] is None
    assert served.ask(told["report_html"]).body.startswith(b"<!DOCTYPE html>")
    assert served.ask(told["report_pdf"]).body.startswith(b"%PDF")


def test_a_comparison_says_what_else_was_changed(served: Server, session: str, seen: dict[str, Seen]) -> None:
    """Shoes and incline that differ are told beside the numbers, in the report too; the same on both sides is not."""
    other = f"/api/sessions/{plant_session(served.data, {'side': seen['side']}, name='after')}"
    served.send("PATCH", session, {"details": {"incline_percent": 0, "shoes": "flat"}})
    served.send("PATCH", other, {"details": {"incline_percent": -2.5, "shoes": "flat"}})
    ids = "&".join(f"{key}={a.rpartition('/')[2]}" for key, a in (("before", session), ("after", other)))
    told = served.get(f"/api/compare?{ids}")
    assert "Incline: 0 % before, −2.5 % after." in told["notes"]
    assert not any(note.startswith("Shoes") for note in told["notes"])
    assert "Incline: 0 % before, −2.5 % after." in served.ask(told["report_html"]).body.decode()


@pytest.mark.slow
def test_markers_are_followed_and_taken_away(served: Server, session: str) -> None:
    """Two markers placed in a frame are followed by a job; pelvic tilt is measured then, and not without them."""
    review = served.get(f"{session}/review")
    view = view_of(review, "side")
    points = np.frombuffer(served.ask(view["landmarks"]["url"]).body, dtype="<f4").reshape(-1, 33, 3)
    hip, shoulder = (
        points[60, view["landmarks"]["names"].index(f"right_{p}"), :2].tolist() for p in ("hip", "shoulder")
    )
    placed = {"kind": "spines", "frame": 60, "points": {"front": hip, "back": shoulder}}
    assert served.send("PUT", f"{session}/views/front/markers", placed | {"kind": "nose"}).status == 422
    assert served.send("PUT", f"{session}/views/side/markers", placed).status == 202
    assert served.wait_for_job(session, "track")["state"] == "done"
    after = served.get(f"{session}/review")
    markers = view_of(after, "side")["markers"]
    assert (markers["state"], markers["kind"], markers["frame"]) == ("tracked", "spines", 60)
    assert len(markers["tracks"]) == len(markers["frames"])
    assert after["session"]["edited"]
    taken = served.send("DELETE", f"{session}/views/side/markers").json
    assert view_of(taken, "side")["markers"] is None
    assert taken["summary"] == review["summary"]


def test_a_face_cannot_be_known(seen: dict[str, Seen], tmp_path: Path) -> None:
    """The copy has every frame at its time, a coarse mosaic on the head, and all else nearly as it was."""
    from midstance.science.legs import leg_length_px
    from midstance.video.reader import open_clip
    from midstance.web.faces import blurred, blurred_copy, face_places

    noise = np.random.default_rng(1).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    out = blurred(noise, 100, 80, 30)
    inside = out[70:90, 90:110].astype(float)
    assert (
        np.abs(np.diff(inside, axis=1)).mean()
        < 0.1 * np.abs(np.diff(noise[70:90, 90:110].astype(float), axis=1)).mean()
    )
    assert (out[120:] == noise[120:]).all()
    found = seen["side"].found.landmarks
    blurred_copy(seen["side"].clip, found, leg_length_px(found), tmp_path / "out.mp4", lambda *_: None)
    assert np.isfinite(face_places(found, leg_length_px(found))).all()
    with open_clip(seen["side"].clip) as before, open_clip(tmp_path / "out.mp4") as after:
        assert [f.time_s for f in after] == pytest.approx([f.time_s for f in before], abs=1e-4)


@pytest.mark.slow
@pytest.mark.usefixtures("heavy_model")
@pytest.mark.parametrize("view", ["side", "front"])
def test_the_head_is_covered_and_the_legs_are_not(view: str, project_root: Path, tmp_path: Path) -> None:
    """On a sample, found by the pose model, all of the face changes and no part of a leg does."""
    from midstance.api import estimate_landmarks
    from midstance.science.landmarks import LANDMARK_INDEX
    from midstance.science.legs import leg_length_px
    from midstance.video.reader import open_clip
    from midstance.video.writer import open_writer
    from midstance.web.faces import FACE, blurred, face_places

    with open_clip(project_root / "sample_videos" / f"typical_{view}.mp4") as clip:
        frames = [frame for frame in clip.frames(0, 60) if frame.index % 4 == 0]
    with open_writer(tmp_path / "short.mp4", width_px=720, height_px=1280, crf=14.0) as writer:
        for frame in frames:
            writer.write(frame.image_bgr, frame.time_s)
    found = estimate_landmarks(tmp_path / "short.mp4").landmarks
    legs = [LANDMARK_INDEX[f"{side}_{joint}"] for side in ("left", "right") for joint in ("hip", "knee", "ankle")]
    places = face_places(found, leg_length_px(found))
    for frame, points, (x, y, radius) in zip(frames, found.xy_px, places, strict=True):
        changed = np.abs(blurred(frame.image_bgr, x, y, radius).astype(int) - frame.image_bgr).max(axis=2) > 0
        face = np.rint(points[list(FACE)]).astype(int)
        (left, top), (right, bottom) = face.min(axis=0), face.max(axis=0)
        assert changed[top : bottom + 1, left : right + 1].mean() > 0.9
        assert np.hypot(*(points[list(FACE)] - (x, y)).T).max() < 0.8 * radius  # chin and forehead have room
        assert not changed[round(float(points[legs, 1].min())) - 10 :].any()


def test_events_come_and_go_on(served: Server, seen: dict[str, Seen]) -> None:
    """A stream tells where a session stands, then every change; who comes back gets what is newer, and no more."""
    session_id = plant_session(served.data, {"side": seen["side"]})
    other = plant_session(served.data, {"side": seen["side"]})
    path = f"/api/events?session={session_id}"
    stream = served.events(path)
    first = next(stream)
    assert (first.name, first.data["id"]) == ("session", session_id)
    for target, name in ((other, "of another"), (session_id, "renamed")):
        served.send("PATCH", f"/api/sessions/{target}", {"name": name})
    second = next(stream)
    assert (second.name, second.data["name"]) == ("session", "renamed")
    assert second.number > first.number
    stream.close()  # type: ignore[attr-defined]  # a generator has it
    served.send("DELETE", f"/api/sessions/{session_id}")
    gone = next(served.events(path, last=second.number))
    assert (gone.name, gone.data) == ("gone", {"session": session_id})
    assert {next(served.events(last=1)).name for _ in range(2)} == {"session"}


@pytest.mark.slow
def test_progress_is_streamed(served: Server, landmarks: bytes) -> None:
    """A job tells its steps through the stream until the session is done."""
    session = served.new_session()
    served.upload(session, "side", landmarks)
    stream = served.events(f"/api/events?session={session.rpartition('/')[2]}")
    next(stream)
    served.send("POST", f"{session}/start")
    states, steps = [], []
    for event in stream:
        if event.name == "progress":
            steps.append(event.data["job"]["progress"]["step"])
        else:
            states.append(event.data["state"])
        if states and states[-1] == "done":
            break
    assert states[0] in ("queued", "running")
    assert "Measuring" in steps
    until(lambda: served.get(session)["job"]["state"] == "done")
    assert re.fullmatch(r"\d{1,2} \w{3} \d{4}, \d\d:\d\d", served.get(session)["when"])


def test_both_sides_of_a_runner(served: Server, tmp_path: Path) -> None:
    """Two side clips become views named by the side that they show, and edits find them."""
    from midstance.api import ClipLandmarks
    from midstance.science.records import ClipFacts
    from tests.support.runner import Camera, film
    from tests.web.conftest import GAIT, SIZE_PX, write_stick_figure

    clips = {}
    for slot, facing in (("side", "left"), ("other_side", "right")):
        camera = Camera(facing=facing, fps=30.0, px_per_m=180.0, size_px=SIZE_PX)  # type: ignore[arg-type]
        series, path = film(GAIT, camera).landmarks, tmp_path / f"{slot}.mp4"
        write_stick_figure(path, series)
        facts = ClipFacts(path.name, len(series), 30.0, len(series) / 30, *SIZE_PX, model="heavy")
        clips[slot] = Seen(path, ClipLandmarks(series, facts, path))
    session = f"/api/sessions/{plant_session(served.data, clips)}"
    assert [view["name"] for view in served.get(f"{session}/review")["views"]] == ["side_left", "side_right"]
    edit = {"kind": "tilt_line", "view": "side_right", "points_px": [[0, 100], [200, 104]]}
    review = served.send("POST", f"{session}/edits", {"edit": edit}).json
    assert view_of(review, "side_right")["level_deg"] == pytest.approx(1.15, abs=0.01)
    assert view_of(review, "side_left")["level_deg"] == 0
    slots = {clip["id"]: clip["slot"] for clip in review["session"]["clips"]}
    assert slots[view_of(review, "side_right")["clip"]] == "other_side"
