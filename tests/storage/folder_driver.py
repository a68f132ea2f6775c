"""A program that writes results into a folder and meets faults on the way; `test_output_faults.py` runs it.

``folder_driver.py run OUT LABEL [wait|fill|overtake]`` writes once: ``wait`` says ``ready`` in mid-write and goes on
when a line comes in; ``fill`` writes until the disk is full; ``overtake`` has another run make the folder first.
``folder_driver.py loop OUT LABEL SECONDS`` writes again and again.
``folder_driver.py faults FOLDER START FAULT`` meets the fault at the first, second, .. system call of a run, has a
check and a second run follow each, and prints what was there after each as lines of JSON.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from midstance.science.errors import MidstanceError
from midstance.storage._swap import SWAP
from midstance.storage.analysis_json import SCHEMA
from midstance.storage.output import check_usable, output_folder

FOREIGN = {"notes.txt": "mine", "plots/mine.png": "mine"}
FILES = {
    "old": ("analysis.json", "strides.csv", "overlay_side.mp4", "plots/knee_flexion.png", "plots/hip_flexion.svg"),
    "new": ("analysis.json", "strides.csv", "overlay_front.mp4", "plots/knee_flexion.png", "plots/knee_valgus.png"),
}  # fmt: skip


def content(name: str, label: str) -> str:
    """Return what a file of a run holds."""
    return json.dumps({"schema": SCHEMA, "software": label}) if name == "analysis.json" else label


def expected(label: str, files: str, *, foreign: bool) -> dict[str, str]:
    """Return the folder after a run."""
    return {name: content(name, label) for name in FILES[files]} | (FOREIGN if foreign else {})


def put(folder: Path, files: dict[str, str]) -> None:
    """Write files, with the folders they need."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def state(folder: Path) -> dict[str, str]:
    """Return all files below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}


def start(folder: Path, kind: str) -> Path:
    """Make `out` as a user may have left it.

    It is absent, empty, has foreign files, these and an earlier analysis, or these torn by a run that was killed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    out = folder / "out"
    if kind != "absent":
        out.mkdir()
    if kind in {"foreign", "earlier", "torn"}:
        put(out, FOREIGN)
    if kind in {"earlier", "torn"}:
        put(out, expected("old", "old", foreign=False))
    if kind == "torn":
        tear(out)
    return out


def tear(out: Path) -> None:
    """Leave what a run leaves that is killed when all old files are gone and some new ones have come."""
    for name in FILES["old"]:
        put(out / SWAP, {f"old/{name}": (out / name).read_text()})
        (out / name).unlink()
    put(out, {"strides.csv": "new"})
    put(out / SWAP, {"new/plots/knee_valgus.png": "new", "new/analysis.json": "new"})
    moves = [(name, f"{SWAP}/old/{name}") for name in FILES["old"]]
    moves += [(f"{SWAP}/new/{name}", name) for name in ("strides.csv", "plots/knee_valgus.png", "analysis.json")]
    put(out / SWAP, {"plan.json": json.dumps(moves)})


def run(out: Path, label: str, pause: Callable[[Path], None] = lambda _: None) -> None:
    """Write one set of results."""
    with output_folder(out) as staging:
        put(staging, {"analysis.json": content("analysis.json", label)})
        pause(staging)
        put(staging, expected(label, "old" if label == "old" else "new", foreign=False))


def arm(fault: str, at: int) -> Callable[[], bool]:
    """Meet a fault at one of the next system calls that touch files; return what tells whether it was met."""
    met = 0

    def hook(event: str, _: object) -> None:
        nonlocal met
        met += event.startswith(("os.", "open"))
        if met != at:
            return
        met += 1
        if fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise KeyboardInterrupt if fault == "interrupt" else OSError(errno.ENOSPC, "No space left on device")

    sys.addaudithook(hook)
    return lambda: met > at


def run_with_fault(out: Path, fault: str, at: int) -> str:
    """Run in a child process; return how it ended."""
    child = os.fork()
    if not child:
        try:
            was_met = arm(fault, at)
            run(out, "new")
        except KeyboardInterrupt:
            os._exit(2)
        except MidstanceError:
            os._exit(3)
        except BaseException:  # noqa: BLE001 - the parent has to hear of anything else
            traceback.print_exc()
            os._exit(4)
        os._exit(0 if was_met() else 1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {0: "done", 1: "no fault", 2: "interrupted", 3: "refused", -signal.SIGKILL: "killed"}.get(
        status, f"status {status}"
    )


def faults(folder: Path, kind: str, fault: str) -> None:
    """Print what is there after a fault at each system call in turn, and after the run that follows."""
    for at in range(1, 1000):
        out = start(folder, kind)
        ended = run_with_fault(out, fault, at)
        if ended == "no fault":
            return
        after, beside = state(out), sorted(p.name for p in folder.iterdir())
        check_usable(out)
        settled = state(out)
        run(out, "next")
        found = {"at": at, "ended": ended, "after": after, "settled": settled, "beside": beside}
        found |= {"final": state(out), "left": sorted(p.name for p in folder.iterdir())}
        sys.stdout.write(json.dumps(found) + "\n")


def wait_for_line(_: Path) -> None:
    """Say that the staging folder is there, and wait to be told to go on."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()


def fill(staging: Path) -> None:
    """Write until there is no room."""
    with (staging / "overlay_side.mp4").open("wb") as file:
        while True:
            file.write(bytes(65536))


def overtake(out: Path) -> None:
    """Let another run make the folder in the moment in which this one moves to its place."""
    overtaken = False

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal overtaken
        if event == "os.rename" and str(arguments[1]) == str(out) and not overtaken:
            overtaken = True
            run(out, "old")

    sys.addaudithook(hook)


def main(action: str, folder: str, label: str, option: str = "") -> None:
    """Do what the command line says; an error of ours becomes its exit code and one line."""
    try:
        if action == "faults":
            faults(Path(folder), label, option)
        elif action == "loop":
            end = time.monotonic() + float(option)
            while time.monotonic() < end:
                run(Path(folder), label)
        else:
            out = Path(folder)
            pauses = {"wait": wait_for_line, "fill": fill, "overtake": lambda _: overtake(out), "": lambda _: None}
            run(out, label, pauses[option])
    except MidstanceError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main(*sys.argv[1:])
