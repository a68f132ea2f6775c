"""`python -m benchmarks.reliability.atheris_reader NAME FOLDER SECONDS`: one reader under libFuzzer, to its end.

atheris watches which lines of midstance an input reaches and keeps inputs that reach new ones. It ends with another
status than 0 when a reader raises an error that is not ours; the input is then in FOLDER.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["midstance"]):
    from tests.fuzz.readers import MOST_BYTES, TARGETS, refuses_politely

HANGS_AFTER_S = 20
MOST_MB = 2048


def main() -> None:
    """Fuzz the reader that is named."""
    name, folder, seconds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    target = TARGETS[name]
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed{number}").write_bytes(seed)
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={HANGS_AFTER_S}",
        f"-rss_limit_mb={MOST_MB}",
        f"-max_len={MOST_BYTES}",
        f"-artifact_prefix={folder}/",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], lambda content: refuses_politely(target.read, content) and None)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
