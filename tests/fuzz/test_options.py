"""The command line against options that make no sense: an exit code of the contract and one line, never a traceback."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from midstance.cli.run import run
from tests.fuzz.profile import FUZZ
from tests.support.batches import NO_CLIP

ODD = ["", "-1", "0", "nan", "inf", "1e400", "1,5", "..", "\x1b[31m", "a\nb", "x" * 300, "--", "--help", "%s", "\udcff"]
WORDS = st.text(max_size=8).map(lambda text: text.replace("/", "_"))  # nothing is looked for outside the test's folder
VALUES = st.one_of(st.sampled_from(ODD), st.floats().map(str), st.integers().map(str), WORDS)
FLAGS = ["--no-overlay", "--force"]
OPTIONS = [
    "--model", "--landmarks", "--runtime", "--capture-fps", "--height-m", "--speed-mps", "--surface",
    "--lunge-left-deg", "--lunge-right-deg", "--lunge-left-cm", "--lunge-right-cm", "--jobs",
    "--side", "--front", "--rear", "--standing",
]  # fmt: skip
GIVEN = st.lists(
    st.one_of(st.sampled_from(FLAGS).map(lambda f: [f]), st.tuples(st.sampled_from(OPTIONS), VALUES).map(list)),
    max_size=5,
)


def ends_well(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Run; what is told of a refusal is one line that no terminal obeys."""
    arguments = [a.replace("\0", "") for a in arguments]  # no process can be given one
    with (
        mock.patch("midstance.api.seal.seal_network", return_value=True),  # it would seal the tests too
        mock.patch("midstance.api.limits.confine"),  # and limit them
    ):
        code = run(arguments)
    told = capsys.readouterr().err
    assert code in (0, 2, 3), told
    if code:
        last = told.splitlines()[-1]
        assert last.startswith("midstance: ")
        assert last.isprintable(), last


@pytest.fixture(scope="module")
def folder() -> Iterator[str]:
    """Return a folder with landmarks that are read and cannot be analysed."""
    with tempfile.TemporaryDirectory() as name:
        inner = Path(name) / "in"
        inner.mkdir()
        (inner / "a.csv").write_text(NO_CLIP)
        yield str(inner)


@FUZZ
@given(given_=GIVEN)
def test_analyze_takes_or_refuses_any_options(
    given_: list[list[str]], folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Options of any value end with 0, 2 or 3 and one line; nothing is written for what was refused."""
    out = Path(folder) / "out"
    options = [word for words in given_ for word in words]
    ends_well(["analyze", "--side", f"{folder}/a.csv", "--out", str(out), *options], capsys)
    assert not out.exists()


@FUZZ
@given(source=VALUES, out=VALUES, given_=st.lists(VALUES, max_size=3))
def test_other_commands_take_or_refuse_any_words(
    source: str,
    out: str,
    given_: list[str],
    folder: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Names of any kind end the same way in every command that reads files."""
    with monkeypatch.context() as patch:
        patch.chdir(folder)
        for command in (
            ["batch", source, "--out", out],
            ["report", "--compare", source, out, "--out", "a.html"],
            ["analyze", "--front", source, "--out", out],
            ["pose", source, "--out", out],
            ["models", "get", source],
            given_,
        ):
            ends_well(command, capsys)
