"""Where tasks are done, behind the interface of `concurrent.futures`: processes here, or a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from midstance.batch.local_worker import prepare, work
from midstance.batch.task import PACKAGES, Outcome, Task, differences, run_task, software_versions
from midstance.batch.wire import Hear, heard
from midstance.pose import usable_cores
from midstance.science.errors import InputError
from midstance.science.one_line import one_line

if TYPE_CHECKING:
    from distributed import Client

CONNECT_WITHIN_S = 10
WORKER_WITHIN_S = 30
NOISY = ("distributed", "distributed.client", "tornado.application", "asyncio")
"""Loggers that print tracebacks when a scheduler or worker is lost; what it means for the batch is said in a line."""
RETRIES = 2
"""How often a task is tried again when its worker dies under it."""
DASK_SETTINGS = {"distributed.admin.large-graph-warning-threshold": "1TB"}
"""Uploads are meant to go with their task: so the scheduler can give them to another worker."""


@dataclass(frozen=True)
class Workers:
    """An executor, what it runs for a task, and how many tasks to hand it at a time."""

    executor: Executor
    work: Callable[[Task], Outcome]
    room: Callable[[], int]


@contextmanager
def open_executor(
    jobs: int | None = None, scheduler: str | None = None, hear: Hear = lambda _sign, _line: None
) -> Iterator[Workers]:
    """Open worker processes on this machine, or a connection to a Dask scheduler.

    Parameters
    ----------
    jobs : int, optional
        Processes on this machine; one for each core when not given.
    scheduler : str, optional
        Address such as ``tcp://host:8786``; then its workers are used and `jobs` does not matter.
    hear : callable, optional
        Told the lines that workers of a scheduler send, see `midstance.batch.wire`.

    Raises
    ------
    InputError
        If the scheduler cannot be reached, has no workers, or one of them is of another version than the client.
    """
    with _cluster(scheduler, hear) if scheduler else _processes(jobs or usable_cores()) as workers:
        yield workers


@contextmanager
def _processes(jobs: int) -> Iterator[Workers]:
    """Open a pool of processes, spawned since neither MediaPipe nor threads survive a fork."""
    context = get_context("spawn")
    lead, end_of_lead = context.Pipe(duplex=False)
    executor = ProcessPoolExecutor(jobs, mp_context=context, initializer=prepare, initargs=(lead,))
    try:
        yield Workers(executor, work, lambda: jobs)
    except BaseException:
        end_of_lead.close()  # workers stop in the middle of their task
        raise
    finally:
        executor.shutdown(cancel_futures=True)
        end_of_lead.close()
        lead.close()


@contextmanager
def _cluster(address: str, hear: Hear) -> Iterator[Workers]:
    if find_spec("distributed") is None:
        raise InputError(
            "expected the package distributed for --scheduler, given none: run `pip install 'midstance[cluster]'`"
        )
    import dask

    with dask.config.set(DASK_SETTINGS), _connected(address) as client:
        _check_workers(client, address)
        executor = client.get_executor(pure=False, retries=RETRIES)
        try:
            with heard(client, hear):
                yield Workers(executor, run_task, lambda: _room(client, address))
        finally:
            executor.shutdown(wait=False)


def _room(client: Client, address: str) -> int:
    """Return two tasks for each worker, so that none waits for the next; at least one, for the worker to come."""
    try:
        return max(1, 2 * len(client.nthreads()))
    except OSError as error:
        raise InputError(
            f"--scheduler: expected {address} to go on answering, given no answer: start it again and run the same "
            "command, which goes on where it stopped"
        ) from error


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    from distributed import Client

    for name in NOISY:  # set by distributed when it is imported
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=CONNECT_WITHIN_S, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = one_line(str(error))[:120]
        raise InputError(
            f"--scheduler: expected the address of a Dask scheduler that answers, given {address} ({reason}): "
            "start one with `dask scheduler`, or correct the address"
        ) from error
    try:
        yield client
    finally:
        client.close()


def _check_workers(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKER_WITHIN_S)
    except TimeoutError:
        raise InputError(
            f"--scheduler: expected workers at {address}, given none within {WORKER_WITHIN_S} s: "
            f"start some with `dask worker {address} --nthreads 1`"
        ) from None
    found = client.get_versions(packages=list(PACKAGES))
    check_versions({f"scheduler {address}": found["scheduler"]["packages"]})  # it reads the tasks that it hands on
    check_versions({f"worker {worker}": facts["packages"] for worker, facts in found["workers"].items()})
    for worker, threads in client.nthreads().items():
        if threads != 1:
            raise InputError(
                f"worker {worker}: expected one thread, given {threads}: start it with --nthreads 1, "
                "and as many workers with --nworkers as there are cores"
            )


def check_versions(others: Mapping[str, Mapping[str, Any]]) -> None:
    """Check that processes elsewhere have what the client has.

    Parameters
    ----------
    others : mapping of a process, such as `worker tcp://host:1`, to the version of each package, None where it has none

    Raises
    ------
    InputError
        If one differs; the message names it.
    """
    mine = software_versions()
    for name, packages in others.items():
        if not packages.get("midstance"):
            raise InputError(f"{name}: expected midstance {mine['midstance']}, given none: install it there")
        found = differences(mine, {name: str(number or "none") for name, number in packages.items()})
        if found:
            raise InputError(
                f"{name}: expected the versions of this machine, given {'; '.join(found)}: "
                "install the same in both places"
            )
