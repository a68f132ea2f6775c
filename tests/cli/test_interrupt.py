"""Ctrl-C ends the command with its own exit code, wherever it falls."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = '''\
"""midstance, with a command that is interrupted in code that is run from text, as an import does."""
from midstance.cli import main
from midstance.cli.commands import cli

cli.main = lambda **_: exec("import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(5)")
main([])
'''


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_ctrl_c_during_an_import_ends_with_130(tmp_path: Path) -> None:
    """The process ends by its exit code, not by the signal, and says what it did."""
    (tmp_path / "interrupted.py").write_text(PROGRAM, encoding="utf-8")
    # A test run started in the background ignores SIGINT, and its children with it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "interrupted"],
            cwd=tmp_path,
            env=os.environ | {"NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    assert done.returncode == 130
    assert "interrupted: nothing was written" in done.stderr
