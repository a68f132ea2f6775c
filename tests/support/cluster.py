"""A Dask cluster of real processes on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.batches import until


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a part of Dask; it is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:], "--no-dashboard"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | environment,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()


@contextmanager
def worker(address: str, folder: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one worker without a nanny, so that it stays dead when it is killed."""
    place = ("--local-directory", str(folder), "--no-nanny")
    with running("dask_worker", address, "--nthreads", "1", *place, *arguments, **environment) as process:
        yield process


@contextmanager
def scheduling() -> Iterator[str]:
    """Run a scheduler that listens on loopback; its address."""
    port = free_port()
    with running("dask_scheduler", "--host", "127.0.0.1", "--port", str(port)):
        until(lambda: _listens(port))
        yield f"tcp://127.0.0.1:{port}"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
