import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from midstance.models import own_networks
from midstance.pose import estimate_people
from midstance.pose.eyes import Runtime
from midstance.pose.keyframes import MOST_HELD
from midstance.pose.quiet import metrics_off
from midstance.science.errors import ModelError
from midstance.science.landmarks import LANDMARK_INDEX
from midstance.science.people import follow_runner

RUNNING = "data/clips/treadmill_side_30fps.mp4"
PASSING = "data/clips/overground_side_30fps.mp4"
PEOPLE = "data/clips/two_people_not_running_30fps.mp4"
SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos"
RUNTIMES: tuple[Runtime, ...] = ("openvino", "mediapipe")
SAME: tuple[Runtime, ...] = ("openvino-single", "mediapipe")

SCRIPT = """
import sys, threading
from dataclasses import dataclass
from pathlib import Path
import cv2, numpy as np
from midstance.models import own_networks
from midstance.pose import estimate_people

@dataclass
class Frame:
    index: int
    time_s: float
    image_bgr: object

def frames(clip, count):
    capture = cv2.VideoCapture(clip) if clip else None
    for i in range(count):
        image = capture.read()[1] if capture else np.zeros((720, 1280, 3), np.uint8)
        yield Frame(i, i / 30, image)

model, clip, count, runtime = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
try:
    print(0, flush=True)
    told = lambda done: print(done, flush=True)
    people = estimate_people(frames(clip, count), model, jobs=2, runtime=runtime, progress=told)
    print("people", int(np.isfinite(people.xy_px[..., 0, 0]).sum()))
except KeyboardInterrupt:
    print("interrupted", threading.active_count())
"""


@dataclass(frozen=True)
class Frame:
    """What `midstance.video` yields."""

    index: int
    time_s: float
    image_bgr: NDArray[np.uint8]


def clip_frames(clip: Path, count: int) -> Iterator[Frame]:
    """Yield the first frames of a clip."""
    capture = cv2.VideoCapture(str(clip))
    for i in range(count):
        ok, image = capture.read()
        if not ok:
            return
        yield Frame(i, i / 30, np.asarray(image, dtype=np.uint8))


def far_apart(frames: Iterable[Frame]) -> list[Frame]:
    """Return frames a second apart: people are looked for in each."""
    return [replace(frame, time_s=float(i)) for i, frame in enumerate(frames)]


def blank_frames(count: int) -> Iterator[Frame]:
    """Yield black pictures."""
    for i in range(count):
        yield Frame(i, i / 30, np.zeros((96, 128, 3), dtype=np.uint8))


def run_script(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Estimate in a program of its own."""
    command = [sys.executable, "-c", SCRIPT, *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=True, env=os.environ | environment
    )


def pose_threads() -> list[str]:
    """Return the names of threads that still estimate."""
    return [t.name for t in threading.enumerate() if t.name.startswith("midstance-pose")]


@pytest.mark.slow
def test_landmarks_do_not_depend_on_jobs(shared: Path, heavy_model: Path) -> None:
    """One thread and two give the same numbers, bit for bit."""
    one, two = (estimate_people(clip_frames(shared / RUNNING, 20), heavy_model, jobs=jobs) for jobs in (1, 2))
    assert np.isfinite(one.xy_px[:, 0]).all()
    for name in ("time_s", "frame", "xy_px", "visibility", "presence"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


@pytest.mark.slow
@pytest.mark.parametrize("clip", ["typical_side", "restricted_front"])
def test_both_runtimes_give_the_same_landmarks(heavy_model: Path, clip: str) -> None:
    """OpenVINO with our reading of MediaPipe's pipeline gives MediaPipe's landmarks, a hundredth of a pixel apart."""
    frames = far_apart(clip_frames(SAMPLES / f"{clip}.mp4", 24))
    ours, theirs = (estimate_people(frames, heavy_model, jobs=2, runtime=runtime) for runtime in SAME)
    apart_px = np.hypot(*np.moveaxis(ours.xy_px - theirs.xy_px, -1, 0))[:, 0]
    assert np.isfinite(apart_px).all()
    assert np.median(apart_px) < 0.02
    assert np.percentile(apart_px, 99) < 0.2
    np.testing.assert_allclose(ours.visibility[:, 0], theirs.visibility[:, 0], atol=0.02)
    np.testing.assert_allclose(ours.presence[:, 0], theirs.presence[:, 0], atol=0.02)


@pytest.mark.slow
def test_half_precision_moves_landmarks_less_than_coding_anew(heavy_model: Path) -> None:
    """What a processor with short numbers saves in time costs less than a clip saved once more by a good camera app."""
    frames = list(clip_frames(SAMPLES / "typical_side.mp4", 24))
    coded = [replace(f, image_bgr=_coded(f.image_bgr)) for f in frames]
    trials: tuple[tuple[list[Frame], Runtime], ...] = (
        (frames, "openvino"),
        (frames, "openvino-single"),
        (coded, "openvino-single"),
    )
    half, single, anew = (
        estimate_people(given, heavy_model, networks=own_networks(), jobs=2, runtime=runtime)
        for given, runtime in trials
    )
    by_half, by_coding = (np.hypot(*np.moveaxis(other.xy_px - single.xy_px, -1, 0))[:, 0] for other in (half, anew))
    assert np.median(by_half) < np.median(by_coding)
    assert np.percentile(by_half, 95) < np.percentile(by_coding, 95)


def _coded(image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture as it comes out of a JPEG file of high quality."""
    _, coded = cv2.imencode(".jpg", image_bgr, [cv2.IMWRITE_JPEG_QUALITY, 95])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), dtype=np.uint8)


@pytest.mark.slow
@pytest.mark.parametrize("clip", ["typical_side", pytest.param("restricted_front", marks=pytest.mark.long)])
def test_looking_for_people_now_and_then_moves_landmarks_little(heavy_model: Path, clip: str) -> None:
    """Knees and feet lie where they do with people looked for in every frame, within half a hundredth of a leg."""
    frames = [replace(f, time_s=f.index / 60) for f in clip_frames(SAMPLES / f"{clip}.mp4", 24)]
    now, always = (
        estimate_people(given, heavy_model, networks=own_networks(), jobs=2) for given in (frames, far_apart(frames))
    )
    apart_px = np.hypot(*np.moveaxis(now.xy_px - always.xy_px, -1, 0))[:, 0]
    hip, ankle = (always.xy_px[:, 0, LANDMARK_INDEX[f"left_{joint}"]] for joint in ("hip", "ankle"))
    leg_px = np.median(np.hypot(*(hip - ankle).T))
    assert 0 < np.median(apart_px[:, LANDMARK_INDEX["left_knee"] :]) < 0.005 * leg_px


@pytest.mark.slow
def test_runner_is_found_where_the_picture_jumps(heavy_model: Path) -> None:
    """After a cut to another place the landmarks are there at once, though people are looked for now and then."""
    (frame,) = clip_frames(SAMPLES / "typical_side.mp4", 1)
    there = np.roll(frame.image_bgr, -200, axis=0)
    images = [frame.image_bgr] * 3 + [there] * 5
    people = estimate_people([Frame(i, i / 60, image) for i, image in enumerate(images)], heavy_model, jobs=2)
    hips_px = people.xy_px[:, 0, LANDMARK_INDEX["left_hip"], 1]
    np.testing.assert_allclose(hips_px[:3] - hips_px[3:6], 200, atol=12)


@pytest.mark.slow
def test_both_runtimes_see_the_same_people(shared: Path, heavy_model: Path) -> None:
    """With one person, two or nobody in the picture, both find as many."""
    frames = far_apart(clip_frames(shared / PEOPLE, 60))[::6]
    ours, theirs = (estimate_people(frames, heavy_model, jobs=2, runtime=runtime) for runtime in RUNTIMES)
    seen = np.isfinite(ours.xy_px[..., 0, 0])
    np.testing.assert_array_equal(seen, np.isfinite(theirs.xy_px[..., 0, 0]))
    assert seen.any()


@pytest.mark.slow
def test_landmarks_are_those_of_mediapipe_in_pixels(shared: Path, heavy_model: Path) -> None:
    """A frame gives what MediaPipe gives for it: colours in the right order, shares times width and height."""
    from mediapipe import Image, ImageFormat
    from mediapipe.tasks.python import BaseOptions, vision

    (frame,) = clip_frames(shared / RUNNING, 1)
    people = estimate_people([frame], heavy_model, jobs=1, runtime="mediapipe")
    options = vision.PoseLandmarkerOptions(BaseOptions(model_asset_path=str(heavy_model)))
    with metrics_off(), vision.PoseLandmarker.create_from_options(options) as landmarker:
        rgb = np.ascontiguousarray(frame.image_bgr[..., ::-1])
        expected = landmarker.detect(Image(image_format=ImageFormat.SRGB, data=rgb)).pose_landmarks[0]
    assert people.frame_size_px == (720, 1280)
    np.testing.assert_array_equal(people.xy_px[0, 0], [(m.x * 720, m.y * 1280) for m in expected])
    np.testing.assert_array_equal(people.visibility[0, 0], [m.visibility for m in expected])
    np.testing.assert_array_equal(people.presence[0, 0], [m.presence for m in expected])


@pytest.mark.slow
def test_landmarks_lie_on_the_runner(shared: Path, heavy_model: Path) -> None:
    """On the treadmill clip the man's parts are where one sees them in its first frame."""
    people = estimate_people(clip_frames(shared / RUNNING, 1), heavy_model)
    seen_at = {"nose": (235, 665), "left_hip": (315, 860), "left_foot_index": (305, 1225)}
    for name, place in seen_at.items():
        assert np.hypot(*(people.xy_px[0, 0, LANDMARK_INDEX[name]] - place)) < 45, name


@pytest.mark.slow
def test_passing_runner_is_followed(shared: Path, heavy_model: Path) -> None:
    """The woman who runs through the picture is followed until she leaves it, without a jump."""
    people = estimate_people(clip_frames(shared / PASSING, 47), heavy_model)
    runner, report = follow_runner(people)
    step_px = np.diff(runner.midpoint("hip")[3:30, 0])  # all of her is in the picture from frame 3 on
    assert report.people_seen == 1
    assert 0.6 < report.runner_share < 0.75
    assert np.all((step_px > 10) & (step_px < 22))
    assert np.isnan(runner.xy_px[35:]).all()


@pytest.mark.slow
def test_frames_keep_their_number_and_time(heavy_model: Path) -> None:
    """Numbers and uneven times come through; frames without anybody are NaN, in one place."""
    times_s = [0.5, 0.533, 0.6, 0.61]
    frames = [Frame(10 + i, t, np.zeros((96, 128, 3), np.uint8)) for i, t in enumerate(times_s)]
    people = estimate_people(frames, heavy_model, jobs=2, max_people=2)
    assert people.frame.tolist() == [10, 11, 12, 13]
    assert people.time_s.tolist() == times_s
    assert people.xy_px.shape == (4, 1, 33, 2)
    assert np.isnan(people.xy_px).all()
    assert people.frame_size_px == (128, 96)


@pytest.mark.slow
def test_no_frames_give_an_empty_series(heavy_model: Path) -> None:
    """An empty source is no error here: who follows the runner says that nobody is there."""
    people = estimate_people([], heavy_model)
    assert len(people) == 0
    assert people.frame_size_px is None


@pytest.mark.slow
def test_only_a_few_frames_are_held(heavy_model: Path) -> None:
    """The source is read only a few frames ahead of the results, so memory does not grow with the clip."""
    read, done, ahead = 0, 0, []

    def frames() -> Iterator[Frame]:
        nonlocal read
        for frame in blank_frames(40):
            read += 1
            ahead.append(read - done)
            yield frame

    def progress(count: int) -> None:
        nonlocal done
        assert count == done + 1
        done = count

    estimate_people(frames(), heavy_model, jobs=2, progress=progress)
    assert done == 40
    assert max(ahead) <= 5 + MOST_HELD


@pytest.mark.slow
def test_error_of_the_source_reaches_the_caller(heavy_model: Path) -> None:
    """A clip that breaks off ends the estimate with the source's own error, and no thread is left."""

    def frames() -> Iterator[Frame]:
        yield from blank_frames(5)
        raise EOFError("the file ends here")

    with pytest.raises(EOFError, match="the file ends here"):
        estimate_people(frames(), heavy_model, jobs=2)
    assert pose_threads() == []


@pytest.mark.slow
def test_error_of_the_progress_bar_ends_the_estimate(heavy_model: Path) -> None:
    """A caller can stop from its progress function; the source is not read to its end."""
    read = 0

    def frames() -> Iterator[Frame]:
        nonlocal read
        for frame in blank_frames(500):
            read += 1
            yield frame

    def progress(count: int) -> None:
        if count == 3:
            raise InterruptedError("stopped by the caller")

    with pytest.raises(InterruptedError, match="stopped by the caller"):
        estimate_people(frames(), heavy_model, jobs=2, progress=progress)
    assert pose_threads() == []
    assert read < 20


@pytest.mark.slow
def test_error_in_a_worker_reaches_the_caller(heavy_model: Path) -> None:
    """A picture that cannot be converted is reported, not skipped."""
    bad = Frame(1, 0.1, np.zeros((96, 128, 2), dtype=np.uint8))
    with pytest.raises(cv2.error):
        estimate_people([*blank_frames(1), bad], heavy_model, jobs=2)
    assert pose_threads() == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send Ctrl-C to one process")
@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize(("after", "wait_s"), [("0\n", 0.6), ("5\n", 0)], ids=["loading models", "at work"])
def test_ctrl_c_ends_at_once_and_quietly(heavy_model: Path, runtime: Runtime, after: str, wait_s: float) -> None:
    """An interrupted estimate ends at once, without a thread or a line on stderr left behind."""
    command = [sys.executable, "-c", SCRIPT, str(heavy_model), "", "1000000", runtime]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert after in (process.stdout.readline() for _ in range(6))
            time.sleep(wait_s)
            process.send_signal(signal.SIGINT)
            start = time.monotonic()
            assert "interrupted 1\n" in (process.stdout.readline() for _ in range(1000))
            assert time.monotonic() - start < 2
            assert process.communicate(timeout=30) == ("", "")
        finally:
            process.kill()


@pytest.mark.slow
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_nothing_is_printed(shared: Path, heavy_model: Path, runtime: Runtime) -> None:
    """Native warnings do not reach the user's terminal, nor do any at exit."""
    result = run_script(heavy_model, shared / RUNNING, 4, runtime)
    assert result.stderr == ""
    assert result.stdout == "0\n1\n2\n3\n4\npeople 4\n"


class ProxyTrap(threading.Thread):
    """A proxy on this machine that notes who calls and hangs up."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.calls: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self.start()

    def run(self) -> None:
        """Take calls until it is closed."""
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                self.calls.append(connection.recv(1000))

    def close(self) -> None:
        """Take no more calls."""
        self._server.close()


@pytest.fixture
def proxy_trap() -> Iterator[ProxyTrap]:
    """Return a proxy that takes calls during the test."""
    trap = ProxyTrap()
    yield trap
    trap.close()


BARE_SCRIPT = """
import sys
from mediapipe.tasks.python import BaseOptions, vision
options = vision.PoseLandmarkerOptions(BaseOptions(model_asset_path=sys.argv[1]))
vision.PoseLandmarker.create_from_options(options).close()
"""


@pytest.mark.slow
def test_no_usage_metrics_are_sent(heavy_model: Path, proxy_trap: ProxyTrap) -> None:
    """MediaPipe by itself calls out when it is closed; inside an estimate it does not."""
    route: dict[str, Any] = dict.fromkeys(("https_proxy", "HTTPS_PROXY"), proxy_trap.url)
    for runtime in RUNTIMES:
        run_script(heavy_model, "", 3, runtime, **route)
    assert proxy_trap.calls == []
    bare = [sys.executable, "-c", BARE_SCRIPT, str(heavy_model)]
    subprocess.run(bare, capture_output=True, timeout=60, check=True, env=os.environ | route)
    assert [call.split()[0] for call in proxy_trap.calls] == [b"CONNECT"], "MediaPipe no longer calls out: good"


def write_zip(path: Path, **members: bytes) -> Path:
    """Write a stored zip of `.tflite` members, as `.task` bundles are."""
    with zipfile.ZipFile(path, "w") as bundle:
        for name, content in members.items():
            bundle.writestr(f"{name}.tflite", content)
    return path


def bad_model(kind: str, folder: Path) -> Path:
    """Return the path of a file that is no model."""
    path = folder / f"{kind}.task"
    if kind == "text":
        path.write_text("not a model")
    elif kind == "empty":
        path.touch()
    elif kind == "other":
        write_zip(path, something=b"else")
    elif kind == "junk":
        write_zip(path, pose_detector=b"x" * 100, pose_landmarks_detector=b"y" * 100)
    return path


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("kind", ["missing", "empty", "text", "other", "junk"])
def test_bad_model_is_one_line(tmp_path: Path, kind: str, runtime: Runtime, capfd: pytest.CaptureFixture[str]) -> None:
    """A model that is none is reported before a frame is read, in one line that names the file and the way out."""
    model = bad_model(kind, tmp_path)

    def frames() -> Iterator[Frame]:
        raise AssertionError("no frame is read")
        yield from blank_frames(1)

    with pytest.raises(ModelError) as caught:
        estimate_people(frames(), model, runtime=runtime)
    message = str(caught.value)
    assert message.startswith(f"{model}: expected a pose landmarker model")
    assert "midstance models get" in message
    assert "\n" not in message
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_model_that_only_fails_at_work_is_found_before_the_first_frame(
    tmp_path: Path, heavy_model: Path, runtime: Runtime
) -> None:
    """Both stages are tried out: a bundle with its two models exchanged loads, but is refused."""
    with zipfile.ZipFile(heavy_model) as bundle:
        detector, landmarks = (bundle.read(f"{n}.tflite") for n in ("pose_detector", "pose_landmarks_detector"))
    model = write_zip(tmp_path / "swapped.task", pose_detector=landmarks, pose_landmarks_detector=detector)
    with pytest.raises(ModelError) as caught:
        estimate_people([], model, runtime=runtime)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["jobs", "max_people"])
def test_counts_start_at_one(tmp_path: Path, name: str) -> None:
    """Zero threads or people is refused, with the name of the argument."""
    arguments: dict[str, Any] = {name: 0}
    with pytest.raises(ValueError, match=f"{name}: expected 1 or more, given 0"):
        estimate_people([], tmp_path / "any.task", **arguments)
