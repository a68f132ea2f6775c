"""The seal that shuts the command line off from the internet."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from midstance.api.seal import ARCHITECTURES

CODE = """
import socket, sys, threading
from midstance.api.seal import seal_network
sealed = seal_network()
def internet(family):
    try:
        socket.socket(family, socket.SOCK_STREAM).close()
    except PermissionError:
        return "refused"
    return "open"
answers = [internet(socket.AF_INET), internet(socket.AF_INET6)]
thread = threading.Thread(target=lambda: answers.append(internet(socket.AF_INET)))
thread.start(); thread.join()
socket.socketpair()[0].close()
print(sealed, *answers)
"""


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ARCHITECTURES, reason="the kernel offers this on Linux only"
)
def test_internet_sockets_are_refused_and_local_ones_work() -> None:
    """After the seal no thread gets an internet socket; local sockets work as before."""
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["True", "refused", "refused", "refused"], done.stderr
