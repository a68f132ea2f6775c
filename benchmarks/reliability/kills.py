"""Processes killed at random moments: what they leave behind, and whether the next start works.

Four kinds in turn: `midstance analyze`, a worker of a batch, the batch itself, the web server. All get SIGKILL, as from
a full memory or a power cut, at a moment drawn evenly from the time that the work takes. Then is looked at what is
there: an output folder holds a whole analysis or none, an upload every byte that the server has acknowledged. Every
few kills, and at the end, the same command runs to its end: it has to work, and no temporary file may be left. A job
that the server's end hit again and again is given up, as it may be what ends the server; it is then started once more,
as its page offers.
"""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from tests.corpus.coded import coded
from tests.support.batches import is_alive, kill, workers_of, write_run, write_runs
from tests.support.cli import command
from tests.web.server import Server

from benchmarks.reliability.sections import Options, Section
from midstance.api import Progress
from midstance.storage.output import OUR_FILES, holds_analysis

NOTE = " ".join((__doc__ or "").split("\n\n")[1].split())
SEED = 1
FINISH_EVERY = 12
OF_A_CLIP_EVERY = 5
"""Analyses of a clip, with the pose model, take longer than those of landmarks."""
WITHIN_S = 300.0
NEEDED = (*(name for name in OUR_FILES if not {"*", "/"} & set(name)), "landmarks/side.csv")
"""What every analysis of a side clip leaves."""
HEADS = ("killed", "times", "half outputs", "lost uploads", "next start failed", "files left over")
NAMES = ("anna", "ben")


@dataclass(frozen=True)
class Tally:
    """Counts of one kind."""

    tried: int = 0
    half_outputs: int = 0
    lost_uploads: int = 0
    failed_starts: int = 0
    leftovers: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Scene:
    """Where a kind of process is killed."""

    folder: Path
    """Empty at first."""
    temporary: Path
    """The processes' own place for temporary files."""
    chance: random.Random
    progress: Progress


Killer = Callable[[int, Scene], Tally]


def run(options: Options, progress: Progress) -> Section:
    """Kill processes of every kind, `options.kills` in all; after Ctrl-C the kinds that were done are told."""
    tallies: dict[str, Tally] = {}
    notes = [NOTE]
    try:
        for number, (name, killer) in enumerate(KILLERS.items()):
            count = options.kills // len(KILLERS) + (number < options.kills % len(KILLERS))
            with _scene(progress, SEED + number) as scene:
                tallies[name] = killer(count, scene)
            progress.say(f"{name}: {tallies[name]}")
    except KeyboardInterrupt:
        notes.append(f"Interrupted after {len(tallies)} of {len(KILLERS)} kinds.")
    total = sum(tallies.values(), Tally())
    rows = [_row(name, tally) for name, tally in (*tallies.items(), ("all", total))]
    return Section("Processes killed", HEADS, rows, notes)


@contextmanager
def _scene(progress: Progress, seed: int) -> Iterator[Scene]:
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        folder, temporary = Path(name) / "work", Path(name) / "tmp"
        folder.mkdir()
        temporary.mkdir()
        before = os.environ.get("TMPDIR")
        os.environ["TMPDIR"] = str(temporary)
        try:
            yield Scene(folder, temporary, random.Random(seed), progress)
        finally:
            os.environ.pop("TMPDIR") if before is None else os.environ.update(TMPDIR=before)


def _row(name: str, tally: Tally) -> list[str]:
    return [name, *(str(getattr(tally, f.name)) for f in fields(tally))]


# A command that writes into a folder


def _kill_analyses(count: int, scene: Scene) -> Tally:
    """Kill analyses of landmarks, and now and then of a clip, into a folder that has an analysis from the first on."""
    clip, landmarks = coded(".mp4")(scene.folder), write_run(scene.folder / "run.csv")
    out = scene.folder / "results" / "out"
    whole_s, tally = 0.0, Tally()
    for number in range(count):
        given = landmarks if number % OF_A_CLIP_EVERY else clip
        arguments = command("analyze", "--side", given, "--out", out, "--model", "lite", "--no-overlay")
        if not number % FINISH_EVERY:
            began_s = time.monotonic()
            tally += _finished(arguments, scene, out)
            whole_s = max(whole_s, time.monotonic() - began_s)
        _kill_after(arguments, scene.chance.uniform(0.2, 0.8 * whole_s))
        tally += Tally(tried=1, half_outputs=int(not _whole_or_none(out)))
    return tally + _finished(arguments, scene, out) if count else tally


def _kill_after(arguments: list[str], seconds: float) -> None:
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _finished(arguments: list[str], scene: Scene, out: Path) -> Tally:
    """Run a command to its end; it must work and leave nothing but its results."""
    done = subprocess.run(arguments, capture_output=True, check=False, timeout=WITHIN_S, text=True)  # noqa: S603 - as above
    left = [*scene.temporary.iterdir(), *(p for p in out.parent.rglob("*midstance-*"))]
    if left or done.returncode:
        scene.progress.say(f"left {[p.name for p in left]}, exit status {done.returncode}: {done.stderr[-300:]}")
    return Tally(failed_starts=int(done.returncode != 0), leftovers=len(left))


def _whole_or_none(out: Path) -> bool:
    """Whether a folder is absent, holds all files of an analysis, or lacks the one that makes it one."""
    return not holds_analysis(out) or all((out / name).is_file() for name in NEEDED)


# Batches


def _kill_workers(count: int, scene: Scene) -> Tally:
    return _kill_batches(count, scene, lambda pid: workers_of(pid)[:1])


def _kill_parents(count: int, scene: Scene) -> Tally:
    return _kill_batches(count, scene, lambda pid: [pid])


def _kill_batches(count: int, scene: Scene, victims: Callable[[int], list[int]]) -> Tally:
    clips = write_runs(scene.folder / "clips", NAMES)
    out, tally = scene.folder / "out", Tally()
    arguments = command("batch", clips, "--out", out, "--jobs", "2")
    began_s = time.monotonic()
    tally += _finished(arguments, scene, out)
    whole_s = time.monotonic() - began_s
    for number in range(count):
        write_run(clips / f"{NAMES[number % len(NAMES)]}_side.csv", seed=10 + number)  # so that there is work
        tally += _kill_in_batch(arguments, scene.chance.uniform(0.5, 0.7 * whole_s), victims, out)
        if number % FINISH_EVERY == FINISH_EVERY - 1:
            tally += _finished(arguments, scene, out)
    return tally + _finished(arguments, scene, out)


def _kill_in_batch(arguments: list[str], seconds: float, victims: Callable[[int], list[int]], out: Path) -> Tally:
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as batch:  # noqa: S603 - as above
        time.sleep(seconds)
        workers = workers_of(batch.pid)
        for pid in victims(batch.pid):
            kill(pid)
        batch.wait(WITHIN_S)
    _wait_for(lambda: not any(map(is_alive, workers)))
    halves = sum(not _whole_or_none(folder) for folder in (out / "runs").iterdir() if not folder.name.startswith("."))
    stuck = sum(map(is_alive, workers))
    return Tally(tried=1, half_outputs=halves, failed_starts=stuck)


def _wait_for(condition: Callable[[], bool], within_s: float = 30.0) -> None:
    end_s = time.monotonic() + within_s
    while not condition() and time.monotonic() < end_s:
        time.sleep(0.05)


# The server


def _kill_servers(count: int, scene: Scene) -> Tally:
    """Kill the server while clips come in and jobs are at work; then every byte it had taken must be there."""
    content = write_run(scene.folder / "run.csv").read_bytes()
    server, tally = Server(scene.folder / "data"), Tally()
    server.start()
    taken: dict[str, tuple[str, int]] = {}
    for number in range(count):
        session = server.new_session(runner=f"R-{number}")
        clip = server.new_clip(session, "side", len(content), "run.csv")["id"]
        size = scene.chance.choice([len(content) // 3, len(content)])
        answer = server.put_piece(clip, 0, content[:size])
        taken[clip] = (session, int(answer.json["offset"]))
        if size == len(content):
            server.send("POST", f"{session}/start")
        time.sleep(scene.chance.uniform(0.0, 3.0))
        server.kill()
        server.start()
        tally += Tally(tried=1, lost_uploads=sum(_lost(server, clip, taken[clip][1]) for clip in taken))
    tally += _settled(server, taken, content, scene)
    server.stop()
    return tally


def _lost(server: Server, clip: str, acknowledged: int) -> bool:
    answer = server.ask(f"/api/clips/{clip}")
    return answer.status != 200 or int(answer.json["offset"]) < acknowledged


def _settled(server: Server, taken: dict[str, tuple[str, int]], content: bytes, scene: Scene) -> Tally:
    """Bring every upload and every job to its end; look for what is left of them."""
    failed = 0
    for clip, (session, offset) in taken.items():
        if offset < len(content):
            server.put_piece(clip, offset, content[offset:])
            server.send("POST", f"{session}/start")
        state = server.wait_for(session, "done", "failed")
        if state["state"] == "failed" and state["failure"]["code"] == "crashed":
            server.send("POST", f"{session}/start")
            state = server.wait_for(session, "done", "failed")
        if state["state"] != "done":
            failed += 1
            scene.progress.say(f"a session ended as {state['state']}: {state['failure']}")
    same = [path.read_bytes() == content for path in server.data.glob("sessions/*/clips/*/original")]
    left = [*server.data.glob("sessions/*/jobs/*"), *server.data.glob("deleted/*"), *scene.temporary.iterdir()]
    if left:
        scene.progress.say(f"left {left}")
    return Tally(lost_uploads=len(taken) - sum(same), failed_starts=failed, leftovers=len(left))


KILLERS: dict[str, Killer] = {
    "`midstance analyze`": _kill_analyses,
    "a worker of a batch": _kill_workers,
    "a batch": _kill_parents,
    "the web server": _kill_servers,
}
