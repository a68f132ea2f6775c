"""Every clip of the corpus brought to `midstance analyze` as a user would."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.corpus.coded import ENTRIES as CODED
from tests.corpus.entries import Entry
from tests.corpus.refused import ENTRIES as REFUSED
from tests.corpus.scenes import ENTRIES as SCENES
from tests.corpus.trial import FIRST_SIGN_WITHIN_S, MODEL, Trial, complaints, try_entry

from benchmarks.reliability.sections import Options, Section
from midstance.api import Progress

GROUPS = {"no clip, or none that can be read": REFUSED, "codings, containers, timing": CODED, "what is seen": SCENES}
HEADS = (
    *("clips", "tried", "done (0)", "refused (2)", "cannot be analysed (3)"),
    *("wrong code", "tracebacks", "silent for 30 s", "with any complaint", "longest, s", "most memory, MB"),
)

ABOUT = (
    f"Each is a process of its own with the {MODEL} model, or the default one where that finds the legs by a hair. "
    "`tests/corpus` makes the clips and says what has to come of each: exit code, the one line or the note of "
    "`quality`, the most memory of all its processes (900 MB; 3 GB for 8K), a sign of progress within "
    f"{FIRST_SIGN_WITHIN_S:.0f} s, and an output folder that is whole or as it was. The clip of 30 minutes is watched "
    "for 45 s and then interrupted."
)

Tried = Sequence[tuple[Entry, Trial]]


def run(options: Options, progress: Progress) -> Section:  # noqa: ARG001 - the corpus is always run whole
    """Try every entry, one after the other; after Ctrl-C those that were tried are counted."""
    tried: dict[str, list[tuple[Entry, Trial]]] = {name: [] for name in GROUPS}
    notes = [ABOUT]
    try:
        for name, entries in GROUPS.items():
            for entry in entries:
                tried[name].append((entry, _try(entry, progress)))
    except KeyboardInterrupt:
        total = sum(map(len, GROUPS.values()))
        notes.append(f"Interrupted after {sum(map(len, tried.values()))} of {total} clips.")
    everything = [pair for pairs in tried.values() for pair in pairs]
    notes += [f"{entry.name}: {'; '.join(found)}" for entry, trial in everything if (found := complaints(entry, trial))]
    rows = [_row(name, pairs) for name, pairs in (*tried.items(), ("all", everything)) if pairs]
    return Section("Clips of every kind", HEADS, rows, notes)


def _try(entry: Entry, progress: Progress) -> Trial:
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        trial = try_entry(entry, Path(folder))
    found = complaints(entry, trial)
    progress.say(f"{entry.name}: {trial.code}, {trial.wall_s:.0f} s, {trial.peak_mb:.0f} MB {'; '.join(found)}".strip())
    return trial


def _row(name: str, tried: Tried) -> list[str]:
    codes = [trial.code for _, trial in tried]
    wrong = sum(trial.code != entry.code for entry, trial in tried)
    tracebacks = sum(any("Traceback" in line for line in trial.said) for _, trial in tried)
    silent = sum(trial.first_sign_s > FIRST_SIGN_WITHIN_S for _, trial in tried)
    others = sum(bool(complaints(entry, trial)) for entry, trial in tried)
    counts = [len(tried), *(codes.count(code) for code in (0, 2, 3)), wrong, tracebacks, silent, others]
    longest_s, most_mb = max(t.wall_s for _, t in tried), max(t.peak_mb for _, t in tried)
    return [name, *map(str, counts), f"{longest_s:.0f}", f"{most_mb:.0f}"]
