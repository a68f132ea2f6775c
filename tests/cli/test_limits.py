"""What a clip may make this machine do: limits that hold, told in one line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from midstance.models import find_model
from tests.support.confined import MB, large_clip, run_confined

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")

START = "from midstance.api.limits import *\nfrom midstance.science.errors import *\n"


def said(code: str, memory_bytes: int = 4096 * MB) -> list[str]:
    """Run code after the imports in a process of its own; return the lines that it printed."""
    done = run_confined(["-c", START + code], memory_bytes)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_memory_is_limited_and_told() -> None:
    """What asks for more memory than it may have is an error of one line, and the process goes on."""
    code = """
confine(800 * 1024**2)
try:
    with memory_limit_told():
        bytearray(900 * 1024**2)
except LimitError as error:
    print("fits into the memory" in str(error), "\\n" not in str(error))
print(len(bytearray(10_000_000)))
"""
    assert said(code) == ["True True", "10000000"]


def test_files_are_limited_and_no_image_of_memory_is_left(tmp_path: Path) -> None:
    """A file does not grow beyond the limit, which is an error like a full disk."""
    code = f"""
import resource
confine(file_bytes=1000)
try:
    with open({str(tmp_path / "file")!r}, "wb", buffering=0) as file:
        print(file.write(bytes(1500)))
        file.write(bytes(500))
except OSError as error:
    print(error.strerror)
print(resource.getrlimit(resource.RLIMIT_CORE))
"""
    assert said(code) == ["1000", "File too large", "(0, 0)"]


def test_lower_limits_stay() -> None:
    """Who has set a lower limit before keeps it."""
    code = "import resource\nconfine(2000 * 1024**2)\nprint(resource.getrlimit(resource.RLIMIT_DATA)[0])"
    assert said(code, 1000 * MB) == [str(1000 * MB)]


def test_work_without_progress_ends() -> None:
    """CPU time without a sign of progress is limited; each sign brings it anew."""
    code = """
import threading, time
budget = CpuBudget(1.0)
thread = threading.Thread(target=budget.alive)
thread.start(); thread.join()
began_s = time.process_time()
while time.process_time() - began_s < 1.6:
    budget.alive()
try:
    while True:
        pass
except LimitError as error:
    print(1.6 < time.process_time() - began_s < 8, "does not go on" in str(error))
"""
    assert said(code) == ["True True"]


@pytest.mark.slow
@pytest.mark.long
def test_a_clip_that_does_not_fit_into_memory_is_refused(tmp_path: Path) -> None:
    """A small file of large pictures ends with exit code 2 and a line of ours, and leaves nothing."""
    if find_model("lite") is None:
        pytest.skip("the lite pose model is not installed")
    clip = large_clip(tmp_path / "clip.mp4")
    arguments = ["-m", "midstance", "analyze", "--side", str(clip), "--out", str(tmp_path / "out"), "--model", "lite"]
    done = run_confined(arguments, 750 * MB)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("midstance: ")
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]
