import os
import subprocess
import sys
import threading

import pytest

from midstance.pose.quiet import metrics_off, silent_stderr


def native_value(name: str) -> str:
    """Return a variable as native code and child processes see it."""
    code = f"import os; print(os.environ.get({name!r}))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("before", [None, "http://proxy.example:3128"])
def test_user_proxy_is_back_after_metrics_were_off(monkeypatch: pytest.MonkeyPatch, before: str | None) -> None:
    """Native code has no way out inside the block; outside it has the user's own again."""
    if before is None:
        monkeypatch.delenv("https_proxy", raising=False)
    else:
        monkeypatch.setenv("https_proxy", before)
    with metrics_off():
        inside = native_value("https_proxy")
    assert inside.startswith("none:")
    assert native_value("https_proxy") == str(before)


def test_no_proxy_of_the_user_is_overridden(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's `no_proxy=*` must not open the way again."""
    monkeypatch.setenv("no_proxy", "*")
    with metrics_off():
        assert native_value("no_proxy") != "*"
    assert native_value("no_proxy") == "*"


def test_python_network_code_keeps_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Downloads by other threads of the same program go on working."""
    monkeypatch.delenv("https_proxy", raising=False)
    with metrics_off():
        assert "https_proxy" not in os.environ


def test_metrics_stay_off_until_the_last_user_leaves() -> None:
    """Two clips estimated side by side do not switch metrics on for each other."""
    first_is_in, second_is_out = threading.Event(), threading.Event()
    seen: list[str] = []

    def first() -> None:
        with metrics_off():
            first_is_in.set()
            second_is_out.wait(10)
            seen.append(native_value("https_proxy"))

    thread = threading.Thread(target=first)
    thread.start()
    first_is_in.wait(10)
    with metrics_off():
        pass
    second_is_out.set()
    thread.join(10)
    assert seen[0].startswith("none:")


def test_native_output_is_silenced_only_inside(capfd: pytest.CaptureFixture[str]) -> None:
    """What is written to the file descriptor inside the block is gone, the rest is heard."""
    os.write(2, b"before\n")
    with silent_stderr():
        os.write(2, b"inside\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "before\nafter\n"


def test_stderr_is_back_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    """An error inside the block leaves stderr working."""
    with pytest.raises(KeyError), silent_stderr():
        raise KeyError("inside")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_program_without_stderr_works() -> None:
    """A program whose stderr is closed can use the block too."""
    code = "import os; os.close(2)\nfrom midstance.pose.quiet import silent_stderr\nwith silent_stderr(): print('ran')"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "ran\n"
