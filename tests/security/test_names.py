"""Names that users give: never a path, never a script, never a formula. SECURITY.md, "Names"."""

from __future__ import annotations

import csv
import io
import os
import pty
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from midstance.api import ClipLandmarks, analyze_landmarks
from midstance.batch.index import render_index
from midstance.batch.reading import read_manifest
from midstance.batch.rows import Row
from midstance.batch.summary import RunResult
from midstance.science.records import ClipFacts
from midstance.storage.cells import FORMULA_STARTS
from midstance.storage.landmarks_csv import read_landmarks, read_model, write_landmarks
from midstance.storage.tables import write_measures, write_strides
from tests.support.browser import chromium, complaints_of
from tests.support.cli import command
from tests.support.runner import Camera, Gait, film
from tests.web.planted import Seen, plant_session
from tests.web.server import Server

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Dialog

pytestmark = pytest.mark.xdist_group("security")

SCRIPT = "<script>alert(1)</script>"
HANDLER = '"><img src=x onerror=alert(1)>'
OURS = re.compile(
    r"midstance\.db(-wal|-shm)?|\.midstance\.lock|deleted|sessions(/[0-9a-f]{32}"
    r"(/(clips(/[0-9a-f]{32}(/(original|thumbnail\.jpg|landmarks\.csv|clip\.json))?)?|jobs(/.*)?|exports(/.*)?))?)?"
)
PATHS = (
    "../../../evil",
    "..\\..\\evil",
    "/etc/evil",
    "C:\\evil",
    "evil\0.csv",
    "~/evil",
    "%2e%2e%2fevil",
    "\u202egpj.exe",
)


def test_no_name_becomes_a_path(served: Server, landmarks: bytes) -> None:
    """Runner, session and file may be called anything; the server alone names the files in the data folder."""
    for name in PATHS:
        session = served.new_session(runner=name, name=name, details={"shoes": name, "note": name})
        served.upload(session, "side", landmarks, name)
    made = [path.relative_to(served.data).as_posix() for path in served.data.rglob("*")]
    assert len([path for path in made if path.endswith("/original")]) >= len(PATHS)
    assert [path for path in made if not OURS.fullmatch(path) and "lock" not in path] == []
    assert not list(served.data.parent.glob("*evil*"))


def test_no_runner_of_a_batch_becomes_a_path(tmp_path: Path) -> None:
    """The folder of a run is one name below `runs`, whatever its runner is called; names that differ stay apart."""
    rows = [Row("row 2", name, "2026-03-28") for name in (*PATHS, "..", ".", "", "a/b", "a_b", "x" * 5000, "nul")]
    folders = [row.folder for row in rows]
    assert all((tmp_path / folder).parent == tmp_path for folder in folders)
    assert all(re.fullmatch(r"[\w-]{1,80}", folder) for folder in folders), folders
    assert len(set(folders)) == len(folders)


@pytest.fixture(scope="module")
def hostile(served: Server, seen: Seen) -> str:
    """Return the id of a finished session whose names are scripts."""
    session = plant_session(served.data, {"side": seen}, runner=SCRIPT, name=HANDLER)
    details = {"shoes": HANDLER, "note": SCRIPT}
    assert served.send("PATCH", f"/api/sessions/{session}", {"details": details}).status == 200
    return session


def test_pages_show_scripts_in_names_as_text(served: Server, hostile: str) -> None:
    """No page holds a name as markup: not in its text, not in an attribute, not in data for its modules."""
    for path in ("/", f"/sessions/{hostile}", f"/new?session={hostile}", f"/compare?before={hostile}&after={hostile}"):
        html = served.ask(path).body.decode()
        assert SCRIPT not in html
        assert "<img src=x" not in html
    answer = served.ask(f"/api/sessions/{hostile}")
    assert answer.headers["content-type"] == "application/json"


def note(dialog: Dialog, dialogs: list[str]) -> None:
    """Write down what a dialog says, and close it."""
    dialogs.append(dialog.message)
    dialog.dismiss()


def test_pages_run_no_script_from_a_name(served: Server, hostile: str) -> None:
    """A browser opens every page of such a session, the list and a refused clip: no dialog, nothing to be blocked."""
    session = served.new_session(runner=HANDLER, name=SCRIPT)
    served.upload(session, "side", b"not a clip" * 50, f"{HANDLER}.mp4")
    dialogs: list[str] = []
    with chromium() as browser:
        page = browser.new_page(locale="en-GB")
        page.on("dialog", lambda dialog: note(dialog, dialogs))
        complaints = complaints_of(page)
        pages = (
            "/",
            f"/sessions/{hostile}",
            f"/new?session={session.rpartition('/')[2]}",
            f"/compare?before={hostile}",
        )
        for path in pages:
            page.goto(served.address + path)
            page.wait_for_load_state("load")
            page.wait_for_timeout(500)
            assert page.locator("img[onerror], script:not([src])").count() == 0
    assert dialogs == []
    assert [line for line in complaints if "Content Security Policy" in line] == []


@pytest.mark.slow
def test_reports_and_plots_show_scripts_in_names_as_text(served: Server, hostile: str) -> None:
    """Report, plots and the names of files in the zip hold no markup, no path and no formula of a name."""
    wanted = {"overlay": False, "plots": ["knee_flexion"], "plot_formats": ["svg"]}
    assert served.send("POST", f"/api/sessions/{hostile}/exports", wanted).status == 202
    assert served.wait_for_job(f"/api/sessions/{hostile}", "export")["state"] == "done"
    answer = served.ask(f"/api/sessions/{hostile}/exports/all.zip")
    assert re.fullmatch(r'attachment; filename="[\w.-]+"', answer.headers["content-disposition"])
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for name in files:
        assert re.fullmatch(r"(plots/)?[a-z_0-9]+\.(csv|json|html|pdf|svg)", name), name
    html = files["report.html"].decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert SCRIPT not in html
    assert "<img src=x" not in html
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(files["plots/knee_flexion.svg"]).iter()}  # noqa: S314 - our own file
    assert "script" not in tags
    assert "foreignObject" not in tags
    check_cells(files)


def check_cells(files: Mapping[str, bytes]) -> None:
    """Check that no cell of a table is a formula."""
    for name, content in files.items():
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(content.decode())):
                assert not [cell for cell in row if is_formula(cell)], (name, row)


def is_formula(cell: str) -> bool:
    """Return whether a spreadsheet would compute a cell."""
    try:
        float(cell)
    except ValueError:
        return cell.startswith(FORMULA_STARTS)
    return False


def test_a_link_in_an_export_is_not_packed(served: Server, seen: Seen) -> None:
    """What is no file of the export, such as a link out of it, is neither listed nor in the zip."""
    session = plant_session(served.data, {"side": seen})
    folder = served.data / "sessions" / session / "exports"
    folder.mkdir()
    (folder / "measures.csv").write_text("a\n")
    (folder / "secret.csv").symlink_to(served.data / "midstance.db")
    content = served.ask(f"/api/sessions/{session}/exports/all.zip").body
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["measures.csv"]
    assert [f["name"] for f in served.get(f"/api/sessions/{session}/exports")["files"]] == ["measures.csv"]


def test_the_index_of_a_batch_shows_scripts_in_names_as_text() -> None:
    """Names and reasons of a batch are text in its page."""
    row = Row("row 2", SCRIPT, "2026-03-28")
    html = render_index([RunResult(row, HANDLER, "", {}, {}, None), RunResult(row, "", "runs/x", {}, {}, None)])
    assert "&lt;script&gt;" in html
    assert SCRIPT not in html
    assert "<img src=x" not in html


def test_landmarks_that_were_brought_come_back_without_formulas(
    served: Server, landmarks: bytes, tmp_path: Path
) -> None:
    """A further column of a landmarks file may hold anything; given away again, it holds no formula, and is as good."""
    head, *rows = landmarks.decode().splitlines()
    evil = ["=cmd|'/c calc'!A0", "@SUM(A1)", "+1+cmd", "-1+cmd", "\tx"]
    lines = [f"{head},note", *(f"{row},{evil[i % len(evil)]}" for i, row in enumerate(rows))]
    session = served.started("\n".join(lines).encode())
    served.wait_for(session, "done")
    content = served.ask(f"{session}/tables/landmarks_side.csv").body
    check_cells({"landmarks_side.csv": content})
    assert b"'=cmd" in content
    (tmp_path / "a.csv").write_bytes(content)
    assert len(read_landmarks(tmp_path / "a.csv")) == 1 + int(rows[-1].partition(",")[0])


def test_words_in_tables_are_no_formulas(tmp_path: Path) -> None:
    """Every cell of text in the tables of an analysis is text to a spreadsheet, wherever its words come from."""
    series = film(Gait(duration_s=4.0, variability=0.02), Camera(noise_px=0.5)).landmarks
    clip = ClipLandmarks(series, ClipFacts("a.csv", len(series), series.fps, series.duration_s), None)
    analysis = analyze_landmarks([("side", clip)])
    view = analysis.views[0]
    values = [replace(value, reason=f"{start}1+1") for value, start in zip(view.values, FORMULA_STARTS, strict=False)]
    strides = [replace(stride, reason="=1+1", edited="@x") for stride in view.strides]
    hostile = replace(analysis, views=(replace(view, values=tuple(values), strides=tuple(strides)),))
    write_measures(hostile, tmp_path / "measures.csv")
    write_strides(hostile, tmp_path / "strides.csv")
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert b"'=1+1" in files["measures.csv"]
    check_cells(files)


def test_the_name_of_a_model_is_no_formula(tmp_path: Path) -> None:
    """A model file may be called anything; in the column of the landmarks it is text."""
    series = film(Gait(duration_s=0.5), Camera()).landmarks
    for start in FORMULA_STARTS:
        write_landmarks(series, tmp_path / "a.csv", model=f"{start}HYPERLINK(A1)")
        check_cells({"a.csv": (tmp_path / "a.csv").read_bytes()})
        assert "HYPERLINK(A1)" in str(read_model(tmp_path / "a.csv"))


def test_names_command_no_terminal(tmp_path: Path) -> None:
    """A file or a runner whose name holds terminal commands is shown with question marks instead."""
    source = tmp_path / "in"
    source.mkdir()
    (source / "anna\x1b]0;evil\x07_side.csv").write_text("frame\n")
    manifest = tmp_path / "runs.csv"
    manifest.write_text("runner,side\nanna\x1b[31m,a.csv\n")
    ended = [on_a_terminal("batch", source, "--out", tmp_path / "out")]
    ended += [on_a_terminal("analyze", "--side", tmp_path / "\x1b[31mred.csv", "--out", tmp_path / "o")]
    with pytest.raises(Exception, match=r"row 2, runner: expected letters"):
        read_manifest(manifest)
    for said in ended:
        assert "evil" in said or "red" in said
        assert "\x1b]0;" not in said
        assert "\x1b[31m" not in said


def on_a_terminal(*arguments: str | Path) -> str:
    """Run `midstance` on a terminal of its own; return what it shows."""
    ours, theirs = pty.openpty()
    plain = os.environ | {"NO_COLOR": "1"}  # colours of ours are commands too
    with subprocess.Popen(command(*arguments), stdout=theirs, stderr=theirs, stdin=theirs, env=plain) as process:
        os.close(theirs)
        said = b""
        while piece := _read(ours):
            said += piece
        process.wait(timeout=60)
    os.close(ours)
    return said.decode(errors="replace")


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 65536)
    except OSError:  # the other end is closed
        return b""
