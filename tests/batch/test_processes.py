"""Batches as real processes on this machine: the same whatever `--jobs` is, and whoever is killed."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path

import pytest

from tests.support.batches import (
    NO_CLIP,
    is_alive,
    kill,
    started,
    tables,
    until,
    workers_of,
    write_run,
    write_runs,
)
from tests.support.cli import midstance, rows

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("batch_processes")]

NAMES = ("anna_2026-01-01", "ben", "cy")


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Landmarks of three runs."""
    return write_runs(tmp_path_factory.mktemp("batch") / "clips", NAMES)


@pytest.fixture(scope="module")
def one_by_one(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one worker makes of them."""
    out = tmp_path_factory.mktemp("batch") / "out"
    ended = midstance("batch", clips, "--out", out, "--jobs", "1")
    assert ended.code == 0, ended.err
    return out


def statuses(out: Path) -> dict[str, str]:
    """Return the status of each run by runner and date."""
    return {f"{r['runner']} {r['date']}".strip(): r["status"] for r in rows(out / "summary.csv")}


def written_at(out: Path) -> dict[str, int]:
    """Return when the results of each run were written."""
    return {p.parent.name: p.stat().st_mtime_ns for p in out.glob("runs/*/analysis.json")}


def in_work(out: Path) -> bool:
    """Return whether a worker is writing results."""
    return bool(list(out.glob("runs/.*.midstance-*")))


@pytest.mark.long
def test_two_workers_make_what_one_makes(clips: Path, one_by_one: Path, tmp_path: Path) -> None:
    """Tables are the same byte for byte, and a run's are those of `midstance analyze`."""
    out = tmp_path / "out"
    ended = midstance("batch", clips, "--out", out, "--jobs", "2")
    assert ended.code == 0, ended.err
    assert len(tables(out)) == 3 * len(NAMES)
    assert tables(out) == tables(one_by_one)
    assert (out / "summary.csv").read_bytes() == (one_by_one / "summary.csv").read_bytes()
    alone = tmp_path / "runs" / "ben"
    assert midstance("analyze", "--side", clips / "ben_side.csv", "--out", alone).code == 0
    assert {name: tables(out)[name] for name in tables(tmp_path)} == tables(tmp_path)
    assert not in_work(out)


def test_what_is_done_and_unchanged_is_left_alone(clips: Path, one_by_one: Path, tmp_path: Path) -> None:
    """Only a changed clip, lost results and a changed option are done again."""
    again, out = tmp_path / "clips", tmp_path / "out"
    shutil.copytree(clips, again)
    shutil.copytree(one_by_one, out)
    first = written_at(out)
    write_run(again / "ben_side.csv", seed=9)
    (out / "runs" / "cy" / "analysis.json").unlink()
    shutil.rmtree(out / "runs" / "cy")
    ended = midstance("batch", again, "--out", out)
    assert (ended.code, "1 of 3 runs are done already" in ended.err) == (0, True), ended.err
    second = written_at(out)
    assert {name for name in second if second[name] != first[name]} == {"ben", "cy"}
    listed = "runner,side,height_m\n" + "".join(f"{name},{again / name}_side.csv,1.7\n" for name in ("ben", "cy"))
    (tmp_path / "manifest.csv").write_text(listed)
    assert midstance("batch", tmp_path / "manifest.csv", "--out", out).code == 0
    third = written_at(out)
    assert {name for name in third if third[name] != second[name]} == {"ben", "cy"}


@pytest.mark.long
def test_one_failure_does_not_stop_the_others(tmp_path: Path) -> None:
    """Exit 3 and one line; the failure has its reason, the others their results; a mended clip is then done alone."""
    clips, out = write_runs(tmp_path / "clips", ("ben", "cy")), tmp_path / "out"
    (clips / "bad_side.csv").write_text(NO_CLIP)
    (clips / "broken_side.csv").write_text("no table")
    ended = midstance("batch", clips, "--out", out, "--jobs", "2")
    assert ended.code == 3
    assert ended.err.splitlines()[-1].startswith("midstance: expected every run analysed, given 2 of 4 that failed")
    assert "Traceback" not in ended.err
    assert statuses(out) == {"bad": "failed", "ben": "done", "broken": "failed", "cy": "done"}
    reasons = {r["runner"]: r["reason"] for r in rows(out / "summary.csv")}
    assert reasons["bad"].startswith("bad_side.csv: expected a runner")
    first = written_at(out)
    (clips / "broken_side.csv").unlink()
    write_run(clips / "bad_side.csv", seed=3)
    assert midstance("batch", clips, "--out", out).code == 0
    second = written_at(out)
    assert {name for name in second if second[name] != first.get(name)} == {"bad"}
    assert statuses(out) == {"bad": "done", "ben": "done", "cy": "done"}


def test_a_killed_batch_goes_on_where_it_stopped(clips: Path, one_by_one: Path, tmp_path: Path) -> None:
    """Killed mid-way its workers end too; the next one keeps what is done and ends with the same results."""
    out = tmp_path / "out"
    with started("batch", clips, "--out", out, "--jobs", "1") as process:
        until(lambda: len(list(out.glob("state/*.json"))) >= 1 and in_work(out))
        workers = workers_of(process.pid)
        kill(process.pid)
        assert workers
        until(lambda: not any(map(is_alive, workers)))
    first = written_at(out)
    assert 1 <= len(first) < len(NAMES)
    done = {path.stem for path in out.glob("state/*.json")}
    ended = midstance("batch", clips, "--out", out, "--jobs", "1")
    assert ended.code == 0, ended.err
    second = written_at(out)
    assert {name for name in second if second[name] == first.get(name)} >= done
    assert tables(out) == tables(one_by_one)
    assert not in_work(out)


def test_ctrl_c_ends_the_batch_and_tidies_up(clips: Path, tmp_path: Path) -> None:
    """Exit 130 and a line, no worker and nothing half-written left; what was done is in the summary."""
    out = tmp_path / "out"
    with started("batch", clips, "--out", out, "--jobs", "1") as process:
        until(lambda: len(list(out.glob("state/*.json"))) >= 1 and in_work(out))
        workers = workers_of(process.pid)
        process.send_signal(signal.SIGINT)
        said = process.communicate()[0]
        assert process.returncode == 130, said
    assert "the same command goes on from there" in said.splitlines()[-1]
    assert "Traceback" not in said
    assert workers
    assert not any(map(is_alive, workers))
    assert not in_work(out)
    assert {"done", "not run"} == set(statuses(out).values())


@pytest.mark.parametrize("jobs", [pytest.param("1", marks=pytest.mark.long), "2"])
def test_a_killed_worker_loses_nothing(clips: Path, one_by_one: Path, tmp_path: Path, jobs: str) -> None:
    """Rows that were in work when a worker died are done by the next; the batch ends well."""
    out = tmp_path / "out"
    with started("batch", clips, "--out", out, "--jobs", jobs) as process:
        until(lambda: in_work(out))
        kill(workers_of(process.pid)[0])
        said = process.communicate()[0]
        assert process.returncode == 0, said
    assert set(statuses(out).values()) == {"done"}
    assert tables(out) == tables(one_by_one)


@pytest.mark.long
def test_a_row_that_kills_its_worker_is_given_up(tmp_path: Path) -> None:
    """After three deaths the row has failed; the rows beside it are done."""
    clips, out = write_runs(tmp_path / "clips", ("ben", "cy")), tmp_path / "out"
    write_run(clips / "bad_side.csv", seed=5)
    with started("batch", clips, "--out", out, "--jobs", "2") as process:
        dead: set[int] = set()
        known: set[str] = set()

        def given_up() -> bool:
            begun = {path.name for path in (out / "runs").glob(".bad.midstance-*")}
            # A dead worker's folder may stay for a while, when another row is in work.
            if begun - known and (left := set(workers_of(process.pid)) - dead):
                known.update(begun)
                dead.update(left)
                for worker in left:
                    kill(worker)
            return (out / "state" / "bad.json").exists()

        until(given_up)
        said = process.communicate()[0]
        assert process.returncode == 3, said
    assert statuses(out) == {"bad": "failed", "ben": "done", "cy": "done"}
    assert "worker process died 3 times" in said


@pytest.mark.long
def test_two_batches_do_not_write_into_one_folder(clips: Path, tmp_path: Path) -> None:
    """The second one is refused in one line, and the first goes on."""
    out = tmp_path / "out"
    with started("batch", clips, "--out", out, "--jobs", "1") as process:
        until(lambda: in_work(out))
        second = midstance("batch", clips, "--out", out)
        assert (second.code, second.err.count("\n")) == (2, 1)
        assert "given one that a batch writes into" in second.err
        said = process.communicate()[0]
        assert process.returncode == 0, said


def test_state_is_readable(one_by_one: Path) -> None:
    """Each run has a small file that says whose it is and how it ended; nothing else is left beside the results."""
    assert {p.name for p in one_by_one.iterdir()} == {"runs", "state", "summary.csv", "index.html"}
    states = {path.stem: json.loads(path.read_text()) for path in (one_by_one / "state").iterdir()}
    assert set(states) == {p.name for p in (one_by_one / "runs").iterdir()}
    assert states["anna_2026-01-01"].items() >= {"runner": "anna", "date": "2026-01-01", "reason": ""}.items()
