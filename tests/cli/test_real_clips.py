"""The main job on real clips, through real processes."""

from __future__ import annotations

import json
import shutil
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli import Ended, command, midstance, rows

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("real_clips")]

CADENCE_SPM = 168.9
"""Of the treadmill clip, measured from its pixels."""


@pytest.fixture(scope="module")
def treadmill(shared: Path, heavy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, Path]:
    """The treadmill clip analysed once, with all outputs."""
    assert heavy_model.exists()
    out = tmp_path_factory.mktemp("treadmill") / "out"
    clip = shared / "data" / "clips" / "treadmill_side_30fps.mp4"
    return midstance("analyze", "--side", clip, "--out", out), out


@pytest.fixture(scope="module")
def analysis(treadmill: tuple[Ended, Path]) -> dict[str, Any]:
    """Its analysis.json."""
    ended, out = treadmill
    assert ended.code == 0, ended.err
    loaded: dict[str, Any] = json.loads((out / "analysis.json").read_text())
    return loaded


def test_every_file_of_the_contract_is_there(treadmill: tuple[Ended, Path], analysis: dict[str, Any]) -> None:
    """Tables, overlay, plots in both forms, and the report; nothing half-written beside them."""
    _, out = treadmill
    assert analysis["schema"].startswith("midstance.analysis/")
    names = {p.name for p in out.iterdir()}
    assert names == {
        "analysis.json",
        "landmarks",
        "strides.csv",
        "measures.csv",
        "curves.csv",
        "overlay_side.mp4",
        "plots",
        "report.html",
        "report.pdf",
    }
    for measure in ("tibial_inclination", "knee_flexion", "cadence"):
        assert (out / "plots" / f"{measure}.png").stat().st_size > 10_000
        assert (out / "plots" / f"{measure}.svg").stat().st_size > 5_000
    assert [p for p in out.parent.iterdir() if p.name != "out"] == []


def test_capture_is_described(analysis: dict[str, Any]) -> None:
    """The runner faces left on a treadmill, so the left leg is near."""
    side = analysis["capture"]["side"]
    assert side["facing"] == "left"
    assert side["near_side"] == "left"
    assert side["surface"] == "treadmill"
    assert side["frames"] == 360
    assert side["fps"] == pytest.approx(30, abs=0.05)


def test_cadence_agrees_with_the_pixels(analysis: dict[str, Any]) -> None:
    """Cadence of both legs lies within 1 % of what was measured from the pixels."""
    for row in analysis["summary"]:
        if row["measure"] == "cadence":
            assert row["median"] == pytest.approx(CADENCE_SPM, abs=1.7)


def test_strides_are_found_and_steady(treadmill: tuple[Ended, Path]) -> None:
    """14 or more valid left strides; tibial inclination at midstance spreads by less than 3 degrees over them."""
    _, out = treadmill
    left = [s for s in rows(out / "strides.csv") if s["side"] == "left" and s["valid"] == "true"]
    assert len(left) >= 14
    assert all(s["near"] == "true" for s in left)
    values = [
        float(m["value"])
        for m in rows(out / "measures.csv")
        if (m["side"], m["measure"], m["instant"]) == ("left", "tibial_inclination", "midstance")
    ]
    assert len(values) == len(left)
    assert statistics.stdev(values) < 3
    assert 15 < statistics.median(values) < 30


def test_what_cannot_be_measured_is_said(treadmill: tuple[Ended, Path]) -> None:
    """Pelvic tilt has no value and a reason; the far leg is graded low; nothing `ok` is empty."""
    _, out = treadmill
    measures = rows(out / "measures.csv")
    tilt = [m for m in measures if m["measure"] == "pelvic_tilt"]
    assert tilt
    assert all(m["quality"] == "unmeasurable" and not m["value"] and "ASIS" in m["reason"] for m in tilt)
    far_knee = {m["quality"] for m in measures if m["side"] == "right" and m["measure"] == "knee_flexion"}
    assert "ok" not in far_knee
    assert all(m["value"] for m in measures if m["quality"] == "ok")


def test_contacts_are_where_the_eye_sees_them(treadmill: tuple[Ended, Path]) -> None:
    """Left contacts and toe-offs, read from the frames by eye, are met within two frames."""
    _, out = treadmill
    strides = [s for s in rows(out / "strides.csv") if s["side"] == "left"]
    for frame, event in (
        (59, "initial_contact_s"),
        (69, "toe_off_s"),
        (145, "initial_contact_s"),
        (154, "toe_off_s"),
        (251, "initial_contact_s"),
        (261, "toe_off_s"),
    ):
        nearest = min(abs(float(s[event]) - frame / 30) for s in strides)
        assert nearest < 2 / 30 + 0.001


def test_two_people_who_do_not_run_are_refused(shared: Path, heavy_model: Path, tmp_path: Path) -> None:
    """A gymnast and a walker: exit 3, one line that says that nobody runs."""
    clip = shared / "data" / "clips" / "two_people_not_running_30fps.mp4"
    ended = midstance("analyze", "--side", clip, "--out", tmp_path / "out", "--model", heavy_model)
    assert ended.code == 3
    assert _last_line(ended).startswith("midstance: two_people_not_running_30fps.mp4: expected running")
    assert not (tmp_path / "out").exists()


def test_walking_is_called_walking_unless_forced(shared: Path, heavy_model: Path, tmp_path: Path) -> None:
    """Walking exits with 3 and says so; `--force` analyses it all the same."""
    clip = shared / "data" / "clips" / "walking_both_ways_30fps.mp4"
    landmarks = tmp_path / "walking.csv"
    assert midstance("pose", clip, "--out", landmarks, "--model", heavy_model).code == 0
    refused = midstance("analyze", "--side", landmarks, "--out", tmp_path / "out")
    assert refused.code == 3
    assert "walking" in refused.err
    assert not (tmp_path / "out").exists()
    forced = midstance("analyze", "--side", landmarks, "--out", tmp_path / "out", "--force")
    assert forced.code == 0, forced.err


def test_legs_out_of_the_picture_are_refused(shared: Path, heavy_model: Path, tmp_path: Path) -> None:
    """A clip cut above the knees exits with 3 and says that the legs are not in the picture."""
    clip = _cropped(shared / "data" / "clips" / "treadmill_side_30fps.mp4", tmp_path / "cut.mp4", rows_kept=980)
    ended = midstance("analyze", "--side", clip, "--out", tmp_path / "out", "--model", heavy_model)
    assert ended.code == 3
    assert "legs" in ended.err


def test_interrupting_leaves_nothing(shared: Path, heavy_model: Path, tmp_path: Path) -> None:
    """Ctrl-C ends a run within two seconds, with no output, no temporary folder and no traceback."""
    clip = shared / "data" / "clips" / "treadmill_side_30fps.mp4"
    for after_s in (1.0, 4.0, 7.0):
        run = subprocess.Popen(
            command("analyze", "--side", clip, "--out", tmp_path / "out", "--model", heavy_model),
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(after_s)
        run.send_signal(signal.SIGINT)
        sent_s = time.monotonic()
        _, err = run.communicate(timeout=30)
        assert time.monotonic() - sent_s < 2
        assert run.returncode == 130
        assert "Traceback" not in err
        assert list(tmp_path.iterdir()) == []


def test_no_internet_socket_is_opened(shared: Path, heavy_model: Path, tmp_path: Path) -> None:
    """With the model there, `analyze` asks the system for no internet socket: clips are health data."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("needs strace")
    clip = _cropped(shared / "data" / "clips" / "treadmill_side_30fps.mp4", tmp_path / "short.mp4", seconds=4)
    log = tmp_path / "calls.txt"
    traced = [strace, "-f", "-qq", "-e", "trace=socket,connect,sendto,sendmsg", "-o", str(log)]
    arguments = command("analyze", "--side", clip, "--out", tmp_path / "out", "--model", heavy_model)
    done = subprocess.run([*traced, *arguments], capture_output=True, text=True, check=False, timeout=300)
    if "Operation not permitted" in done.stderr:
        pytest.skip("tracing is not permitted here")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "report.html").exists()
    assert _opened_internet_sockets(log) == []


def test_tracing_would_see_an_internet_socket(tmp_path: Path) -> None:
    """The proof above is worth something only if the tracer sees such a socket when there is one."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("needs strace")
    log = tmp_path / "calls.txt"
    code = "import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()"
    done = subprocess.run(
        [strace, "-f", "-qq", "-e", "trace=socket", "-o", str(log), sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"tracing is not permitted here: {done.stderr}")
    assert len(_opened_internet_sockets(log)) == 1


def _opened_internet_sockets(log: Path) -> list[str]:
    """Return the calls that got an internet socket, or used one; MediaPipe asks for some and is refused."""
    return [line for line in log.read_text().splitlines() if "AF_INET" in line and "= -1 EACCES" not in line]


def _last_line(ended: Ended) -> str:
    return ended.err.strip().splitlines()[-1]


def _cropped(source: Path, target: Path, rows_kept: int | None = None, seconds: float = 6.0) -> Path:
    """Write the first seconds of a clip again, only its upper rows if asked."""
    from midstance.video.reader import open_clip
    from midstance.video.writer import open_writer

    with open_clip(source) as clip:
        height = rows_kept or clip.info.height_px
        with open_writer(target, width_px=clip.info.width_px, height_px=height) as video:
            for frame in clip:
                if frame.time_s > seconds:
                    break
                video.write(frame.image_bgr[:height].copy(), frame.time_s)
    return target
