"""`python -m tests.security.strict_server DATA NAME=VALUE ...`: the real server with smaller limits than a user's."""

from __future__ import annotations

import socket
import sys
from dataclasses import fields
from pathlib import Path

from midstance.cli.serve import serve_on
from midstance.web.settings import WebSettings


def main() -> None:
    """Serve on a free port until interrupted."""
    numbers = {name: float(value) for name, _, value in (word.partition("=") for word in sys.argv[2:])}
    whole = {f.name for f in fields(WebSettings) if f.type == "int"}
    given = {name: int(value) if name in whole else value for name, value in numbers.items()}
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serve_on(listening, WebSettings(Path(sys.argv[1]), look_for_runner=False, **given))  # type: ignore[arg-type]  # numbers, all of them


if __name__ == "__main__":
    main()
