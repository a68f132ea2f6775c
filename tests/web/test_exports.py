from __future__ import annotations

import io
import json
import re
import zipfile

import pytest

from tests.web.reviews import stride_of
from tests.web.server import Server

pytestmark = pytest.mark.xdist_group("web_review")


@pytest.mark.parametrize(("kind", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_a_plot_comes_at_once(served: Server, session: str, kind: str, start: bytes) -> None:
    """One measure is drawn in each format, to look at or to keep."""
    answer = served.ask(f"{session}/plots/knee_flexion.{kind}?download=true")
    assert answer.body.startswith(start)
    assert answer.headers["content-disposition"].startswith('attachment; filename="Zoe-20')
    assert answer.headers["content-disposition"].endswith(f'-knee_flexion.{kind}"')
    assert "script" not in answer.headers["content-security-policy"]


def test_tables_come_at_once(served: Server, session: str) -> None:
    """Each table and the landmarks open, with the rows of the review."""
    review = served.get(f"{session}/review")
    strides = served.ask(f"{session}/tables/strides.csv").body.decode().splitlines()
    assert len(strides) == 1 + sum(len(view["strides"]) for view in review["views"])
    assert served.get(f"{session}/tables/analysis.json")["schema"] == "midstance.analysis/1"
    assert served.ask(f"{session}/tables/landmarks_front.csv").body.startswith(b"frame,time_s,landmark")


@pytest.mark.slow
def test_an_export_tells_of_run_and_edits(served: Server, session: str) -> None:
    """Report, plots and tables say what was edited by hand and what is known of the run, and come as one zip."""
    from pypdf import PdfReader

    stride = stride_of(served.get(f"{session}/review"), 3)
    edit = {"kind": "exclude_stride", "view": "side", "side": "right", "at_s": stride["midstance_s"]}
    served.send("POST", f"{session}/edits", {"edit": edit})
    served.send("PATCH", session, {"name": "before", "details": {"incline_percent": 1, "shoes": "flat & <new>"}})
    assert served.send("POST", f"{session}/exports", {"overlay": False, "plots": ["knee_flexion"]}).status == 202
    assert served.wait_for_job(session, "export")["state"] == "done"
    told = served.get(f"{session}/exports")
    files = {file["name"]: served.ask(file["url"]).body for file in told["files"]}
    assert {file["kind"] for file in told["files"]} == {"plot", "table", "report", "landmarks", "edits"}
    assert all(len(files[file["name"]]) == file["size_bytes"] for file in told["files"])
    assert b"excluded by hand" in files["report.html"]
    assert b"1 stride excluded" in files["report.html"]
    assert json.loads(files["edits.json"])["edited_by_hand"][0]["kind"] == "exclude_stride"
    assert "<strong>Shoes</strong> flat &amp; &lt;new&gt;" in files["report.html"].decode()
    said = {"runner": "Zoë", "session": "before", "incline": "1 %", "shoes": "flat & <new>"}
    assert json.loads(files["session.json"]) == said
    pages = PdfReader(io.BytesIO(files["report.pdf"])).pages
    assert len(pages) > 1
    assert "Runner Zoë; Session before; Incline 1 %; Shoes flat & <new>" in " ".join(pages[0].extract_text().split())
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
        assert files[f"plots/knee_flexion.{kind}"].startswith(start)
    with zipfile.ZipFile(io.BytesIO(served.ask(told["zip"]).body)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files
    assert served.send("DELETE", f"{session}/edits").status == 200
    assert served.get(f"{session}/exports")["outdated"]


@pytest.mark.slow
def test_an_export_holds_what_was_asked_for(served: Server, session: str) -> None:
    """One plot in one format and nothing else; the export before is gone; unknown options are refused."""
    options = {"overlay": False, "report": False, "tables": False, "plots": ["cadence"], "plot_formats": ["pdf"]}
    for wrong in ({"plots": ["../x"]}, {"plot_formats": ["exe"]}, {"overlay": 1}, {"shell": True}):
        assert served.send("POST", f"{session}/exports", wrong).status == 422
    served.send("POST", f"{session}/exports", options)
    assert served.wait_for_job(session, "export")["state"] == "done"
    assert [file["name"] for file in served.get(f"{session}/exports")["files"]] == ["plots/cadence.pdf"]


@pytest.mark.slow
def test_an_export_need_not_say_who_it_is(served: Server, session: str) -> None:
    """Without the runner's name no file and no file's name tells of runner or session, but what was said of the run."""
    served.send("PATCH", session, {"name": "before", "details": {"speed_kmh": 10.8}})
    options = {"overlay": False, "plots": [], "name_runner": False}
    served.send("POST", f"{session}/exports", options)
    assert served.wait_for_job(session, "export")["state"] == "done"
    told = served.get(f"{session}/exports")
    answers = {f["name"]: served.ask(f["url"]) for f in told["files"]}
    files = {name: answer.body for name, answer in answers.items()}
    assert json.loads(files["session.json"]) == {"speed": "10.8 km/h"}
    assert not any("Zoë".encode() in content for content in files.values())
    at_once = [f"{session}/{one}?name_runner=false" for one in ("tables/strides.csv", "plots/cadence.png")]
    for answer in (*answers.values(), *map(served.ask, (told["zip"], *at_once))):
        assert re.search(r'filename="midstance-[0-9a-f]{6}-20[\d-]{8}-', answer.headers["content-disposition"])
    assert b"10.8 km/h" in files["report.html"]
