"""The same batch on a real Dask scheduler with two real workers on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from midstance.batch.executors import check_versions, open_executor
from midstance.batch.task import software_versions
from midstance.batch.wire import Heard, WireProgress
from midstance.science.errors import InputError
from tests.support.batches import kill, started, tables, until, write_runs
from tests.support.cli import midstance, rows
from tests.support.cluster import free_port, running, scheduling, worker

pytest.importorskip("distributed", reason="needs the extra `cluster`")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("batch_cluster")]

NAMES = ("anna_2026-01-01", "ben", "cy")


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Landmarks of three runs."""
    return write_runs(tmp_path_factory.mktemp("cluster") / "clips", NAMES)


@pytest.fixture(scope="module")
def local(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What processes on this machine make of them."""
    out = tmp_path_factory.mktemp("cluster") / "out"
    assert midstance("batch", clips, "--out", out).code == 0
    return out


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a scheduler that listens on loopback."""
    with scheduling() as address:
        yield address


@pytest.mark.parametrize(
    "options", [pytest.param((), id="shared"), pytest.param(("--upload",), id="uploaded", marks=pytest.mark.long)]
)
def test_two_workers_make_what_this_machine_makes(
    clips: Path, local: Path, scheduler: str, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """Tables are the same byte for byte, by path and by upload, and the summary too."""
    out = tmp_path / "out"
    with worker(scheduler, tmp_path), worker(scheduler, tmp_path):
        ended = midstance("batch", clips, "--out", out, "--scheduler", scheduler, *options)
    assert ended.code == 0, ended.err
    assert tables(out) == tables(local)
    assert (out / "summary.csv").read_bytes() == (local / "summary.csv").read_bytes()


def tell(sign: str) -> None:
    """Do a task that says how far it is, from the thread that the cluster gave it and from one of its own."""
    progress = WireProgress(sign)
    progress.step("pose side", 3, 600)
    with ThreadPoolExecutor(1) as own:
        own.submit(progress.say, f"line of {sign}").result()


def test_a_client_hears_how_far_its_tasks_are(scheduler: str, tmp_path: Path) -> None:
    """Where no file is shared, lines come through the scheduler; those of others are passed over."""
    heard, other = Heard(), Heard()
    mine, theirs = heard.new_sign(), other.new_sign()
    lines: list[str] = []

    def hear(sign: str, line: str) -> None:
        heard.hear(sign, line)
        lines.append(line)

    with (
        worker(scheduler, tmp_path, PYTHONPATH=os.pathsep.join([*sys.path, os.environ.get("PYTHONPATH", "")])),
        open_executor(scheduler=scheduler, hear=hear) as workers,
    ):
        for sign in (mine, theirs):
            workers.executor.submit(tell, sign).result(timeout=60)
        until(lambda: len(lines) == 4)
    assert lines == ["pose side: 3 of 600 frames", f"line of {mine}", "pose side: 3 of 600 frames", f"line of {theirs}"]
    assert (heard.line(mine), heard.line(theirs)) == (f"line of {mine}", "")


def test_a_killed_worker_loses_nothing(clips: Path, local: Path, scheduler: str, tmp_path: Path) -> None:
    """What a worker had in work when it was killed is done by the other one."""
    out = tmp_path / "out"
    with ExitStack() as stack:
        victim = stack.enter_context(worker(scheduler, tmp_path))
        process = stack.enter_context(started("batch", clips, "--out", out, "--scheduler", scheduler))
        until(lambda: bool(list(out.glob("runs/.*.midstance-*"))))  # the only worker there is works
        stack.enter_context(worker(scheduler, tmp_path))
        kill(victim.pid)
        said = process.communicate()[0]
        assert process.returncode == 0, said
    assert {r["status"] for r in rows(out / "summary.csv")} == {"done"}
    assert tables(out) == tables(local)


def test_a_worker_of_another_version_is_named(clips: Path, scheduler: str, tmp_path: Path) -> None:
    """A worker that has another version of the package is refused before any work, in one line."""
    facts = tmp_path / "other" / "midstance-0.0.1.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: midstance\nVersion: 0.0.1\n")
    path = os.pathsep.join([str(facts.parent), os.environ.get("PYTHONPATH", "")])
    with worker(scheduler, tmp_path, "--name", "odd", PYTHONPATH=path):
        ended = midstance("batch", clips, "--out", tmp_path / "out", "--scheduler", scheduler)
    assert ended.code == 2
    assert "Traceback" not in ended.err
    last = ended.err.splitlines()[-1]
    assert last.startswith("midstance: worker tcp://127.0.0.1:")
    assert f"midstance 0.0.1 instead of {software_versions()['midstance']}" in last


def test_workers_with_several_threads_are_refused(clips: Path, scheduler: str, tmp_path: Path) -> None:
    """Plots are drawn by one thread at a time: the message says how to start the worker."""
    with worker(scheduler, tmp_path, "--nthreads", "4"):
        ended = midstance("batch", clips, "--out", tmp_path / "out", "--scheduler", scheduler)
    assert ended.code == 2
    assert "--nthreads 1" in ended.err.splitlines()[-1]


@pytest.mark.long
def test_no_scheduler_is_one_line(clips: Path, tmp_path: Path) -> None:
    """An address at which nothing answers: exit 2 and the address, no traceback."""
    ended = midstance("batch", clips, "--out", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9")
    assert ended.code == 2
    assert "Traceback" not in ended.err
    assert "given tcp://127.0.0.1:9" in ended.err.splitlines()[-1]


@pytest.mark.long
def test_a_lost_scheduler_ends_the_batch_and_the_next_goes_on(clips: Path, local: Path, tmp_path: Path) -> None:
    """Without its scheduler a batch ends in failure and no traceback; run again here, it is completed."""
    out = tmp_path / "out"
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    with (
        running("dask_scheduler", "--host", "127.0.0.1", "--port", str(port)) as lost,
        worker(address, tmp_path),
        started("batch", clips, "--out", out, "--scheduler", address) as process,
    ):
        until(lambda: bool(list(out.glob("state/*.json"))))
        kill(lost.pid)
        said = process.communicate()[0]
        assert process.returncode in (2, 3), said
        assert "Traceback" not in said, said
    assert midstance("batch", clips, "--out", out).code == 0
    assert tables(out) == tables(local)


@pytest.mark.parametrize(
    ("package", "found", "words"),
    [
        ("midstance", None, "given none: install it there"),
        ("numpy", "1.26.4", "numpy 1.26.4 instead of"),
        ("mediapipe", None, "mediapipe none instead of"),
        ("python", "3.9.1.final.0", "python 3.9.1.final.0 instead of"),
    ],
)
def test_what_numbers_depend_on_must_be_the_same(package: str, found: str | None, words: str) -> None:
    """A missing or other package or Python of a worker is named with the worker; a patch of Python is none."""
    mine: dict[str, str | None] = dict(software_versions())
    check_versions({"worker a": mine | {"python": f"{mine['python']}.final.0"}})
    with pytest.raises(InputError, match=words) as refused:
        check_versions({"worker a": mine, "worker b": mine | {package: found}})
    assert str(refused.value).startswith("worker b: ")
