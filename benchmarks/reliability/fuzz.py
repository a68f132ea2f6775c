"""What fuzzers found: atheris on the readers, hypothesis on them and on the science, schemathesis on the web app.

Each gets the whole of `Options.minutes`. They run in processes of their own, side by side.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.readers import TARGETS

from benchmarks.reliability.sections import Options, Section
from midstance.api import Progress

EXAMPLES = 400
"""Of each hypothesis test in a round; rounds differ by their seed."""
APP = "tests/fuzz/test_app.py"
BUT_THE_APP = (f"--ignore={APP}",)
APP_EXAMPLES = 60
"""The same for each address of the web app."""
_A_FINDING = (
    "A finding is a traceback, an error of several lines, a number that is infinite, a status of 500, or an answer "
    "without its guarding headers."
)
_FOUND_BEFORE = (
    "Found and mended before: a zip archive of an unknown version; numbers that no float holds in edits, markers and "
    "saved analyses; names of steps, views and units that are lists or objects; saved analyses with words that are "
    "none of theirs; brackets nested without end; names longer than the file system takes; characters that command a "
    "terminal; line breaks in names of fields; a measure without a name; landmarks that lie on one point but for "
    "1e-198 of a pixel; landmarks with a hole of days."
)
_RUN = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_PASSED = re.compile(r"(\d+) passed")
_FAILED = re.compile(r"(\d+) failed")


@dataclass(frozen=True)
class Tally:
    """What one fuzzer did."""

    fuzzer: str
    what: str
    inputs: int
    minutes: float
    findings: int
    """Inputs, or tests of many inputs, that ended in anything but a result or an error of ours."""


def run(options: Options, progress: Progress) -> Section:
    """Run every fuzzer for as long as asked."""
    seconds = options.minutes * 60
    folder = Path(tempfile.mkdtemp(prefix="midstance-fuzz-"))
    with ThreadPoolExecutor(3) as fuzzers:
        running = (
            fuzzers.submit(_atheris, options.root, folder, seconds, progress),
            fuzzers.submit(_rounds, options.root, "hypothesis", "tests/fuzz", BUT_THE_APP, seconds, progress),
            fuzzers.submit(_rounds, options.root, "schemathesis", APP, (), seconds, progress),
        )
        tallies = [tally for fuzzer in running for tally in fuzzer.result()]
    rows = [(t.fuzzer, t.what, f"{t.inputs:,}", f"{t.minutes:.1f}", str(t.findings)) for t in tallies]
    notes = [_A_FINDING, _FOUND_BEFORE]
    if any(t.findings for t in tallies):
        notes.append(f"What was found lies in `{folder.name}` of the folder for temporary files.")
    return Section("Fuzzing", ("fuzzer", "what", "inputs", "minutes", "findings"), rows, notes)


def _atheris(root: Path, folder: Path, seconds: float, progress: Progress) -> list[Tally]:
    """Share the time among the readers."""
    each = max(5, round(seconds / len(TARGETS)))
    return [_atheris_reader(root, folder / name, name, each, progress) for name in TARGETS]


def _atheris_reader(root: Path, folder: Path, name: str, seconds: int, progress: Progress) -> Tally:
    progress.say(f"atheris: {name}, {seconds} s")
    began_s = time.monotonic()
    words = ("-m", "benchmarks.reliability.atheris_reader", name, str(folder), str(seconds))
    code, said = _ended(root, words, folder, {})
    executed = _RUN.search(said)
    took_min = (time.monotonic() - began_s) / 60
    return Tally("atheris", f"reader: {name}", int(executed[1]) if executed else 0, took_min, int(code != 0))


def _rounds(
    root: Path, fuzzer: str, path: str, more: tuple[str, ...], seconds: float, progress: Progress
) -> list[Tally]:
    """Run tests again and again, each time with another seed."""
    end_s, began_s = time.monotonic() + seconds, time.monotonic()
    examples, inputs, findings, seed = APP_EXAMPLES if fuzzer == "schemathesis" else EXAMPLES, 0, 0, 0
    while time.monotonic() < end_s:
        seed += 1
        progress.say(f"{fuzzer}: round {seed}")
        words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}", path, *more)
        log = Path(tempfile.gettempdir()) / f"midstance-fuzz-{fuzzer}"
        _, said = _ended(root, words, log, {"MIDSTANCE_FUZZ_EXAMPLES": str(examples)})
        passed, failed = _PASSED.search(said), _FAILED.search(said)
        inputs += examples * sum(int(found[1]) for found in (passed, failed) if found)
        findings += int(failed[1]) if failed else int(passed is None)
    return [Tally(fuzzer, _WHAT[fuzzer], inputs, (time.monotonic() - began_s) / 60, findings)]


_WHAT = {
    "hypothesis": "landmarks, manifests, saved files, options, the science",
    "schemathesis": "every address of the web app",
}


def _ended(root: Path, words: tuple[str, ...], folder: Path, more: dict[str, str]) -> tuple[int, str]:
    """Run Python at low priority; return its status and what it said, which is kept too."""
    folder.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join([str(root / "src"), str(root), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(  # noqa: S603 - our own programs
        [sys.executable, *words],
        cwd=root,
        env={**os.environ, "PYTHONPATH": path, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    with (folder / "log.txt").open("a", encoding="utf-8") as log:
        log.write(done.stdout)
    return done.returncode, done.stdout
