"""The command line. `main` is the entry point; heavy packages are loaded by the command that needs them."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with the contract's exit code."""
    from midstance.cli.run import run

    sys.exit(run(arguments))
