"""The output folder under faults: killed and interrupted runs, runs at once, full and read-only disks, mounts."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from midstance.storage.locks import lock_folder, unlock
from tests.storage.folder_driver import FILES, FOREIGN, expected, run, start, state

DRIVER = Path(__file__).with_name("folder_driver.py")
OLD = expected("old", "old", foreign=False)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and locks of POSIX systems")


@contextmanager
def driver(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """Start a run of its own; kill it at the end if it is still there."""
    command = [sys.executable, str(DRIVER), *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def ready(process: subprocess.Popen[str]) -> None:
    """Wait until a run is in mid-write."""
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def visible(files: dict[str, str]) -> dict[str, str]:
    """Return the files without what lies in hidden folders."""
    return {name: text for name, text in files.items() if not name.startswith(".")}


@pytest.mark.parametrize("kind", ["absent", "empty", "foreign", "earlier"])
def test_interrupted_run_leaves_all_as_it_was(tmp_path: Path, kind: str) -> None:
    """Ctrl-C in mid-write removes the staging folder at once."""
    out = start(tmp_path, kind)
    before = state(tmp_path)
    with driver("run", out, "new", "wait") as process:
        ready(process)
        assert len(state(tmp_path)) == len(before) + 1
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=2) != 0
    assert state(tmp_path) == before
    assert [p.name for p in tmp_path.iterdir()] == ([] if kind == "absent" else ["out"])


@pytest.mark.parametrize("kind", ["absent", "empty", "foreign", "earlier"])
def test_killed_run_is_tidied_up_by_the_next(tmp_path: Path, kind: str) -> None:
    """After SIGKILL in mid-write the folder is as before; the next run removes what was left beside it."""
    out = start(tmp_path, kind)
    before = state(out)
    with driver("run", out, "new", "wait") as process:
        ready(process)
        process.kill()
        process.wait()
    assert state(out) == before
    run(out, "next")
    assert state(out) == expected("next", "new", foreign=kind in {"foreign", "earlier"})
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["kill", "interrupt", "full"])
@pytest.mark.parametrize("kind", ["absent", "empty", "earlier", "torn"])
def test_fault_at_any_moment_leaves_old_or_new(tmp_path: Path, kind: str, fault: str) -> None:
    """A fault at each system call in turn leaves the folder in its old state or the new one, never a mixture.

    Only SIGKILL can leave a mixture, and then without analysis.json: the next look at the folder undoes it. The
    run that follows is always complete and leaves nothing hidden.
    """
    foreign = kind in {"earlier", "torn"}
    old = expected("old", "old", foreign=True) if foreign else {}
    whole = [old, expected("new", "new", foreign=foreign)]
    with driver("faults", tmp_path, kind, fault) as process:
        output, errors = process.communicate(timeout=120)
    assert errors == ""
    cases = [json.loads(line) for line in output.splitlines()]
    assert len(cases) > 10
    for case in cases:
        files = visible(case["after"])
        torn = kind == "torn" or fault == "kill"
        assert files in whole or (torn and "analysis.json" not in files), case
        assert visible(case["settled"]) in whole, case
        assert case["final"] == expected("next", "new", foreign=foreign), case
        assert case["left"] == ["out"], case
        assert fault == "kill" or case["beside"] in (["out"], []), case
        assert case["ended"] != "refused" or kind == "torn" or files == old, case


def test_killed_run_is_undone_also_when_the_next_one_fails(tmp_path: Path) -> None:
    """A run killed while files were exchanged is undone by a next run that comes to nothing."""
    out = start(tmp_path, "torn")
    with driver("run", out, "next", "wait") as process:
        ready(process)
        process.send_signal(signal.SIGINT)
        process.wait()
    assert state(out) == OLD | FOREIGN


def test_run_that_is_alive_is_not_disturbed_by_another(tmp_path: Path) -> None:
    """A second run into the folder ends first and is whole; then the first one ends and replaces it as a whole."""
    out = start(tmp_path, "earlier")
    with driver("run", out, "old", "wait") as slow:
        ready(slow)
        run(out, "new")
        assert state(out) == expected("new", "new", foreign=True)
        _, errors = slow.communicate("go\n", timeout=10)
        assert (slow.returncode, errors) == (0, "")
    assert state(out) == expected("old", "old", foreign=True)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_run_that_is_overtaken_still_ends_well(tmp_path: Path) -> None:
    """Another run makes the absent folder in the very moment of moving into it: the later one replaces it."""
    with driver("run", tmp_path / "out", "new", "overtake") as process:
        assert process.communicate(timeout=60) == ("", "")
        assert process.returncode == 0
    assert state(tmp_path / "out") == expected("new", "new", foreign=False)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_runs_at_once_never_mix(tmp_path: Path) -> None:
    """Four processes write into one new folder again and again: whenever it is looked at, it is one run's."""
    out = tmp_path / "out"
    labels = ["old", "b", "c", "d"]
    whole = [expected(label, "old" if label == "old" else "new", foreign=False) for label in labels]
    command = [sys.executable, str(DRIVER), "loop", str(out)]
    runs = [subprocess.Popen([*command, label, "1"], stderr=subprocess.PIPE, text=True) for label in labels]
    seen = set()
    while any(process.poll() is None for process in runs):
        if out.exists():
            lock = lock_folder(out, wait=True)
            found = state(out)
            unlock(lock)
            assert found in whole
            seen.add(found["strides.csv"])
    assert [process.communicate()[1] for process in runs] == [""] * 4
    assert len(seen) > 1
    assert state(out) in whole
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def in_mounts(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a shell script that may mount things that nobody else sees; skip where that is not permitted."""
    tried = shutil.which("unshare") and subprocess.run(
        ["unshare", "--mount", "--map-root-user", "mount", "-t", "tmpfs", "tmpfs", folder],
        capture_output=True, check=False,
    )  # fmt: skip
    if not tried or tried.returncode:
        pytest.skip("this system does not let the test mount a small disk")
    setting = f'set -e; run() {{ {sys.executable} {DRIVER} run "$@"; }}; show() {{ (cd "$1"; find . | sort); }}\n'
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", setting + script]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


def listing(files: str) -> list[str]:
    """Return what `find` shows of a folder with a run's files."""
    return sorted([".", "./plots", *(f"./{name}" for name in FILES[files])])


@pytest.mark.parametrize("out", ["disk/out", "disk"])
def test_full_disk_keeps_the_earlier_analysis(tmp_path: Path, out: str) -> None:
    """A disk that fills in mid-write: exit code 2, one line, the earlier analysis whole, the room given back."""
    done = in_mounts(
        f"mkdir disk; mount -t tmpfs -o size=1m tmpfs disk; run {out} old; set +e; run {out} new fill; echo $?; "
        f"show {out}; ls -A disk | grep midstance; cat {out}/strides.csv; echo; "
        "dd if=/dev/zero of=disk/file bs=512k count=1",
        tmp_path,
    )  # fmt: skip
    code, *files, label = done.stdout.splitlines()
    assert (code, files, label) == ("2", listing("old"), "old")
    assert done.stderr.splitlines()[0].startswith(f"{tmp_path / out}: expected room for the results")
    assert "error writing" not in done.stderr


def test_full_disk_before_the_first_file(tmp_path: Path) -> None:
    """A disk without room for a folder refuses at once."""
    done = in_mounts(
        "mkdir disk; mount -t tmpfs -o size=64k,nr_inodes=2 tmpfs disk; touch disk/a; run disk/out new", tmp_path
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "full disk" in done.stderr


def test_read_only_places_are_refused(tmp_path: Path) -> None:
    """An absent folder on a read-only disk and a read-only folder: exit code 2 and one line each."""
    done = in_mounts(
        "mkdir disk; mount -t tmpfs tmpfs disk; mkdir disk/there; mount -o remount,ro disk; "
        "run disk/out new || echo $?; run disk/there new || echo $?",
        tmp_path,
    )
    assert done.stdout.split() == ["2", "2"]
    first, second = done.stderr.splitlines()
    assert "Read-only file system" in first
    assert "given a read-only one" in second


@pytest.mark.parametrize(
    "mount",
    [
        pytest.param("mount -t tmpfs tmpfs out", id="another disk"),
        pytest.param("mkdir real; mount --bind real out", id="a bound folder, as containers have it"),
        pytest.param(
            "mount -t tmpfs tmpfs .; cd $PWD; mkdir out; mount -t tmpfs tmpfs out; mount -o remount,ro .",
            id="a read-only place around it",
        ),
        pytest.param(
            "mkdir real; mount --bind . .; cd $PWD; mount --bind real out; mount -o remount,bind,ro .",
            id="a read-only place around it, on the same disk",
        ),
    ],
)
def test_folder_that_is_a_mount_takes_results(tmp_path: Path, mount: str) -> None:
    """A mount cannot be renamed or moved into: results get there all the same, also over earlier ones."""
    done = in_mounts(f"mkdir out; {mount}; run out old; run out new; show out; cat out/strides.csv; ls -A", tmp_path)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[: len(listing("new"))] == listing("new")
    assert lines[len(listing("new"))].startswith("new")
    assert ".out" not in done.stdout


def test_killed_run_on_a_mount_is_tidied_up_by_the_next(tmp_path: Path) -> None:
    """Where the staging folder has to lie inside the folder, what SIGKILL leaves goes with the next run too."""
    done = in_mounts(
        "mkdir out; mount -t tmpfs tmpfs out; run out old; mkfifo go; "
        f"{sys.executable} {DRIVER} run out new wait < go > ready & exec 3> go; "
        "until grep -q ready ready; do sleep 0.05; done; ls -A out | wc -l; kill -KILL $!; set +e; wait $!; "
        "run out new; show out",
        tmp_path,
    )
    count, *files = done.stdout.splitlines()
    assert int(count) == len({name.split("/")[0] for name in FILES["old"]}) + 1
    assert files == listing("new")
