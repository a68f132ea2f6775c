"""How many cores are used where nobody says."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from midstance.batch.executors import open_executor


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system does not bind processes to cores")
def test_a_process_left_with_one_core_uses_one() -> None:
    """As in a container that was given one core of many: no more threads and processes than it can feed."""
    asked = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))});"
        "from midstance.pose import usable_cores; from midstance.batch.executors import open_executor\n"
        "with open_executor() as workers: assert (usable_cores(), workers.room()) == (1, 1)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_as_many_processes_as_asked_for() -> None:
    """What a user says counts."""
    with open_executor(3) as workers:
        assert workers.room() == 3
