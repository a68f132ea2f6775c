"""Bring an entry to the command line as a user would, and say how that went."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.process import tree_bytes

from midstance.api.sources import DEFAULT_MODEL
from tests.corpus.entries import MB, Entry
from tests.support.cli import command

FIRST_SIGN_WITHIN_S = 30.0
"""An analysis either ends within this time, or says how far it is."""
ENDS_WITHIN_S = 300.0
LOOK_EVERY_S = 0.1
MODEL = "lite"
"""Looks at what can be read. What is refused before needs none, but it must be there: the one that always is."""
OUTPUTS = frozenset(
    {"analysis.json", "strides.csv", "measures.csv", "curves.csv", "landmarks", "plots", "report.html", "report.pdf"}
)
_PROGRESS = re.compile(r": \d+ of \d+ frames, ")
KEPT = "mine.txt"
"""A file of the user's in the output folder."""


def model_of(entry: Entry) -> str:
    """Return which pose model an entry is tried with."""
    return MODEL if entry.pose and not entry.careful else DEFAULT_MODEL


@dataclass(frozen=True)
class Trial:
    """How a command ended on an entry.

    Attributes
    ----------
    code : int
        Exit status; -9 when it had to be killed.
    said : tuple of str
        Lines of stderr.
    first_sign_s : float
        When it ended or first said something, whichever came first.
    wall_s : float
    peak_mb : float
        Of the whole tree of processes.
    outputs : frozenset of str
        Names in the output folder.
    beside : frozenset of str
        Names beside it that were not there before.
    notes : tuple of str
        Messages of `quality`.
    """

    code: int
    said: tuple[str, ...]
    first_sign_s: float
    wall_s: float
    peak_mb: float
    outputs: frozenset[str]
    beside: frozenset[str]
    notes: tuple[str, ...]


def try_entry(entry: Entry, folder: Path) -> Trial:
    """Make the entry's clip in an empty folder and analyse it."""
    clip = entry.make(folder)
    before = {path.name for path in folder.iterdir()} | {"out"}
    out = folder / "out"
    out.mkdir()
    (out / KEPT).write_text("keep me")
    options = entry.options if entry.overlay else (*entry.options, "--no-overlay")
    arguments = command("analyze", entry.view, clip, "--out", out, "--model", model_of(entry), *options)
    watched = _Watched(arguments, entry.stop_after_s)
    code = watched.end()
    assert (out / KEPT).read_text() == "keep me"
    outputs = frozenset(path.name for path in out.iterdir()) - {KEPT}
    beside = frozenset(path.name for path in folder.iterdir()) - before
    return Trial(
        code, tuple(watched.said), watched.first_sign_s, watched.wall_s, watched.peak_mb, outputs, beside, _notes(out)
    )


def complaints(entry: Entry, trial: Trial) -> list[str]:
    """Return what is wrong with how an entry went, a few words each; nothing when all is well."""
    expected = [
        (trial.code == entry.code, f"exit status {trial.code} instead of {entry.code}"),
        (not any("Traceback" in line for line in trial.said), "a traceback"),
        (trial.first_sign_s <= FIRST_SIGN_WITHIN_S, f"nothing said for {trial.first_sign_s:.0f} s"),
        (trial.peak_mb <= entry.most_mb, f"{trial.peak_mb:.0f} MB of memory"),
        (not trial.beside, f"left behind: {sorted(trial.beside)}"),
    ]
    found = [words for fine, words in expected if not fine]
    return found + (_of_results(entry, trial) if entry.code == 0 else _of_refusal(entry, trial))


def _of_results(entry: Entry, trial: Trial) -> list[str]:
    found = []
    overlays = {name for name in trial.outputs if name.startswith("overlay_")}
    if trial.outputs - overlays != OUTPUTS or len(overlays) != entry.overlay:
        found.append(f"outputs {sorted(trial.outputs)}")
    if entry.says and not any(entry.says in note for note in trial.notes):
        found.append(f"quality does not say {entry.says!r}")
    return found


def _of_refusal(entry: Entry, trial: Trial) -> list[str]:
    found = []
    lines = [line for line in trial.said if line and not _PROGRESS.search(line)]
    if len(lines) != 1:
        found.append(f"{len(lines)} lines instead of one: {lines}")
    elif not lines[0].startswith("midstance: ") or entry.says not in lines[0]:
        found.append(f"{lines[0]!r} does not say {entry.says!r}")
    if trial.outputs:
        found.append(f"outputs {sorted(trial.outputs)}")
    return found


def _notes(out: Path) -> tuple[str, ...]:
    path = out / "analysis.json"
    if not path.is_file():
        return ()
    quality = json.loads(path.read_text(encoding="utf-8"))["quality"]
    return tuple(note["message"] for view in quality.values() for note in view)


def _hear_interrupts() -> None:
    """Take Ctrl-C, which a shell has processes in the background pass over."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class _Watched:
    """A process whose words and memory are watched."""

    def __init__(self, arguments: list[str], stop_after_s: float | None) -> None:
        self.said: list[str] = []
        self.peak_mb = 0.0
        self.first_sign_s = float("inf")
        self.wall_s = float("nan")
        self._stop_after_s = stop_after_s
        self._began_s = time.monotonic()
        self._process = subprocess.Popen(
            arguments,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            preexec_fn=_hear_interrupts,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def end(self) -> int:
        """Wait for its end; return its exit status."""
        stopped = False
        while self._process.poll() is None:
            passed_s = time.monotonic() - self._began_s
            if self._stop_after_s and passed_s > self._stop_after_s and not stopped:
                stopped = True
                self._process.send_signal(signal.SIGINT)
            if passed_s > ENDS_WITHIN_S:
                self._process.kill()
            self.peak_mb = max(self.peak_mb, tree_bytes(self._process.pid) / MB)
            time.sleep(LOOK_EVERY_S)
        self.wall_s = time.monotonic() - self._began_s
        self._reader.join()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self.first_sign_s = min(self.first_sign_s, self.wall_s)
        return self._process.returncode

    def _read(self) -> None:
        for line in self._process.stderr or ():
            self.first_sign_s = min(self.first_sign_s, time.monotonic() - self._began_s)
            self.said.append(line.rstrip("\n"))
