"""The command line. `main` is the entry point; heavy packages are loaded by the command that needs them."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with the contract's exit code."""
    from midstance.cli.run import INTERRUPTED, run

    ended = run(arguments)
    if ended == INTERRUPTED:
        _forget_interrupt()
    sys.exit(ended)


def _forget_interrupt() -> None:
    """Let the process end with the exit code that it was given.

    When Ctrl-C falls into code that an import runs from text, as that of dataclasses, Python notes it, and with `-m` it
    ends by the signal although the interrupt was caught. The next text that is run clears the note.
    """
    exec("")  # noqa: S102 - nothing else reaches that note
