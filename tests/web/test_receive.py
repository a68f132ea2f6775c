from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from midstance.science.errors import InputError
from midstance.web.intake import make_session
from midstance.web.receive import ReceivedForm, TooLargeError, receive_form
from tests.web.server import multipart


def receive(content_type: str, body: bytes, folder: Path, *, piece: int = 7, max_bytes: int = 10_000) -> ReceivedForm:
    """Receive a body that comes in small pieces."""

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), piece):
            yield body[start : start + piece]

    return asyncio.run(receive_form(chunks(), content_type, folder, file_fields=("side", "front"), max_bytes=max_bytes))


@pytest.mark.parametrize("piece", [1, 7, 10_000])
def test_files_arrive_whole_however_they_are_cut(tmp_path: Path, piece: int) -> None:
    """Line ends and dashes in a file, as in a boundary, do not disturb, wherever the network cuts."""
    content = b"\r\n--\r\n\0\xff--boundary\r\n" * 9
    form = receive(*multipart({"runner": "Zoë"}, {"side": ("a.mp4", content)}), tmp_path, piece=piece)
    assert form.fields == {"runner": "Zoë"}
    assert form.files == {"side": "a.mp4"}
    assert (tmp_path / "side").read_bytes() == content


@pytest.mark.parametrize("given", ["../../../evil", "/etc/evil", "..\\\\..\\\\evil"])
def test_a_name_never_becomes_a_path(tmp_path: Path, given: str) -> None:
    """The file lies under the name of its field, whatever the user's file is called."""
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)
    form = receive(*multipart({}, {"side": (given, b"x")}), folder)
    assert form.files == {"side": "evil"}
    assert [p.relative_to(folder).as_posix() for p in tmp_path.rglob("*") if p.is_file()] == ["side"]


def test_too_much_is_refused_before_it_is_stored(tmp_path: Path) -> None:
    """A body over the limit ends at the limit."""
    with pytest.raises(TooLargeError, match="given more"):
        receive(*multipart({}, {"side": ("a", b"x" * 9000)}), tmp_path, max_bytes=2000)
    assert (tmp_path / "side").stat().st_size <= 2000


@pytest.mark.parametrize("field", ["rear", "../side", ""])
def test_files_of_other_fields_are_refused(tmp_path: Path, field: str) -> None:
    """Only the fields of the form may bring files."""
    with pytest.raises(InputError, match="one file for each view"):
        receive(*multipart({}, {field: ("a", b"x")}), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_cut_off_upload_is_refused(tmp_path: Path) -> None:
    """Half a form is no form."""
    content_type, body = multipart({}, {"side": ("a", b"x" * 500)})
    with pytest.raises(InputError, match="cut off"):
        receive(content_type, body[:-200], tmp_path)


def test_a_long_field_is_refused(tmp_path: Path) -> None:
    """Text fields cannot fill the memory."""
    with pytest.raises(InputError, match="runner: expected at most"):
        receive(*multipart({"runner": "x" * 5000}, {}), tmp_path)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"height_cm": "1.76"}, "Height: expected 80 to 260 cm, given '1.76'"),
        ({"speed_kmh": "fast"}, "Speed: expected"),
        ({"capture_fps": "nan"}, "Filmed at: expected"),
        ({}, "Clips: expected at least one"),
    ],
)
def test_what_is_wrong_with_a_form_is_named(tmp_path: Path, fields: dict[str, str], problem: str) -> None:
    """The message names the field and what it may be."""
    with pytest.raises(InputError, match=problem):
        make_session(ReceivedForm(fields=fields), tmp_path)


def test_units_of_the_form_become_those_of_the_analysis(tmp_path: Path, landmarks: bytes) -> None:
    """Centimetres and km/h, with a decimal comma too, become metres and m/s."""
    (tmp_path / "side").write_bytes(landmarks)
    form = ReceivedForm({"height_cm": "176,5", "speed_kmh": "9"}, {"side": "walk.mp4"})
    session = make_session(form, tmp_path)
    assert (session.facts.height_m, session.facts.speed_mps, session.facts.capture_fps) == (1.765, 2.5, None)
    assert [(c.stored_name, c.given_name) for c in session.clips] == [("side.csv", "walk.mp4")]
