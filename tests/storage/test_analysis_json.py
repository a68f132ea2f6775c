"""`analysis.json`: strict, stable, and enough to draw every table again."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from midstance.science.edits import Edits, ViewEdits
from midstance.science.findings import findings_of
from midstance.science.records import Analysis
from midstance.storage.analysis_json import SCHEMA, analysis_to_dict, plain, write_analysis
from midstance.storage.output import holds_analysis
from midstance.storage.tables import write_measures, write_strides
from tests.support.example import example_analysis


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """Return an analysis with gaps of every kind."""
    return example_analysis()


def refuse(constant: str) -> NoReturn:
    """Fail on what is not JSON."""
    raise AssertionError(f"expected strict JSON, given {constant}")


def written(analysis: Analysis, folder: Path) -> dict[str, Any]:
    """Write and read back, refusing NaN and Infinity."""
    write_analysis(analysis, folder / "analysis.json")
    text = (folder / "analysis.json").read_bytes().decode("utf-8")
    content: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return content


def test_file_holds_what_programs_rely_on(analysis: Analysis, tmp_path: Path) -> None:
    """All parts are there, in a fixed order, and the file is known as ours."""
    content = written(analysis, tmp_path)
    first = ("schema", "software", "capture", "quality", "strides", "measures", "summary", "findings", "chain")
    assert list(content) == [*first, "standing", "edits", "pelvis_markers", "settings"]
    assert content["schema"] == SCHEMA == "midstance.analysis/1"
    assert content["software"] == analysis.software
    assert holds_analysis(tmp_path)


def test_file_is_what_the_dictionary_says(analysis: Analysis, tmp_path: Path) -> None:
    """Rows are written one by one, and not a character differs; nor does it where there are none."""
    for given in (analysis, replace(analysis, views=(replace(analysis.views[0], strides=(), values=()),), summary=())):
        write_analysis(given, tmp_path / "analysis.json")
        whole = json.dumps(analysis_to_dict(given), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        assert (tmp_path / "analysis.json").read_text(encoding="utf-8") == whole


def test_capture_says_how_each_view_was_filmed(analysis: Analysis, tmp_path: Path) -> None:
    """Each view has the facts of its clip and of the runner's place before the camera."""
    capture = written(analysis, tmp_path)["capture"]
    assert list(capture) == ["side", "front"]
    side = capture["side"]
    clip, scene = analysis.view("side").clip, analysis.view("side").scene
    for name in ("file", "frames", "fps", "duration_s", "people_seen", "runner_share", "model", "capture_fps"):
        assert side[name] == getattr(clip, name)
    for name in ("facing", "near_side", "surface", "tilt_deg", "tilt_source", "metres_per_px", "scale_source"):
        assert side[name] == getattr(scene, name)
    assert side["resolution"] == [540, 960]
    assert side["rotation"] == 0
    assert side["swapped_share"] == 0.02
    assert capture["front"]["near_side"] is None
    assert capture["front"]["speed_px_s"] is None


def test_capture_without_a_picture_has_no_resolution(analysis: Analysis) -> None:
    """Landmarks given in place of a clip have no size."""
    view = analysis.views[0]
    bare = replace(view, clip=replace(view.clip, width_px=None, height_px=None))
    capture = analysis_to_dict(replace(analysis, views=(bare,)))["capture"]
    assert isinstance(capture, dict)
    assert isinstance(capture["side"], dict)
    assert capture["side"]["resolution"] is None


def test_quality_has_the_notes_of_each_view(analysis: Analysis, tmp_path: Path) -> None:
    """Notes stand under the name of their view."""
    quality = written(analysis, tmp_path)["quality"]
    assert {view.name: len(view.notes) for view in analysis.views} == {k: len(v) for k, v in quality.items()}
    assert quality["side"][0] == {
        "check": "frame_rate",
        "level": "caution",
        "message": analysis.views[0].notes[0].message,
    }


@pytest.mark.parametrize(("part", "write"), [("strides", write_strides), ("measures", write_measures)])
def test_tables_can_be_drawn_again(analysis: Analysis, tmp_path: Path, part: str, write: Any) -> None:
    """The rows in the file are those of the CSV, cell by cell."""
    rows = written(analysis, tmp_path)[part]
    write(analysis, tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    again = [{k: "" if v is None else str(v).lower() if isinstance(v, bool) else str(v) for k, v in r.items()}
             for r in rows]  # fmt: skip
    assert again == table


def test_summary_has_median_sd_and_count(analysis: Analysis, tmp_path: Path) -> None:
    """Each row of the summary is there, and null where nothing was measured."""
    rows = written(analysis, tmp_path)["summary"]
    for row, record in zip(rows, analysis.summary, strict=True):
        assert set(row) == set(asdict(record))
        assert (row["view"], row["side"], row["measure"], row["n"]) == (
            record.view, record.side, record.measure, record.n,
        )  # fmt: skip
        for name in ("median", "sd"):
            expected = getattr(record, name)
            assert (row[name] is None) == math.isnan(expected)
            assert row[name] is None or row[name] == pytest.approx(expected, abs=5.1e-4)
    assert any(row["median"] is None for row in rows)


def test_settings_are_kept(analysis: Analysis, tmp_path: Path) -> None:
    """Settings are there to the last digit."""
    exact = replace(analysis, settings=replace(analysis.settings, height_m=1.7512345678901234))
    content = written(exact, tmp_path)
    assert content["settings"] == json.loads(json.dumps(asdict(exact.settings)))


def test_findings_hold_what_programs_rely_on(analysis: Analysis, tmp_path: Path) -> None:
    """Every finding and every item of evidence has its keys; what was not measured is null."""
    found = findings_of(analysis.views, analysis.summary, analysis.settings)
    content = written(replace(analysis, findings=found), tmp_path)["findings"]
    keys = {"id", "side", "level", "title", "statement", "evidence", "alternatives", "confirm", "sources", "reasons"}
    item = {"rule", "measure", "instant", "value", "threshold", "margin", "strides_meeting", "source"}
    for finding, record in zip(content, found, strict=True):
        assert set(finding) == keys
        assert (finding["id"], finding["side"], finding["level"]) == (record.id, record.side, record.level)
        for evidence, judged in zip(finding["evidence"], record.evidence, strict=True):
            assert item | {"met", "probability", "standard_error"} <= set(evidence)
            assert evidence["met"] is judged.met
            assert (evidence["value"] is None) == math.isnan(judged.value)
    assert any(e["value"] is None for f in content for e in f["evidence"])
    assert any(isinstance(e["met"], bool) for f in content for e in f["evidence"])


def test_chain_has_every_joint_of_both_sides(analysis: Analysis, tmp_path: Path) -> None:
    """From foot to pelvis, left and right, with null where nothing was measured."""
    chain = written(analysis, tmp_path)["chain"]
    assert [c["region"] for c in chain][::2] == [c["region"] for c in chain][1::2]
    assert (chain[0]["region"], chain[-1]["region"]) == ("foot", "pelvis")
    pelvis = chain[-1]
    assert pelvis["value"] is None
    assert pelvis["position"] == "unknown"
    assert pelvis["reason"]


def test_same_analysis_gives_the_same_bytes(analysis: Analysis, tmp_path: Path) -> None:
    """Two writes do not differ, so that files can be compared."""
    write_analysis(analysis, tmp_path / "one.json")
    write_analysis(example_analysis(), tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_names_that_are_not_text_do_not_stop_the_writing(analysis: Analysis, tmp_path: Path) -> None:
    """A clip may have accents in its name, or bytes that no text has."""
    view = analysis.views[0]
    for name, kept in (("Läufer 走る.mp4", "Läufer 走る.mp4"), ("clip_\udcff.mp4", "clip_?.mp4")):
        odd = replace(analysis, views=(replace(view, clip=replace(view.clip, file=name)),))
        assert written(odd, tmp_path)["capture"]["side"]["file"] == kept
    assert "Läufer".encode() not in (tmp_path / "analysis.json").read_bytes()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(1 / 3), 0.333333),
        (np.float32(0.5), 0.5),
        (np.int64(7), 7),
        (np.bool_(True), True),  # noqa: FBT003 - the value under test
        (np.array([1.0, np.nan]), [1.0, None]),
        (float("inf"), None),
        (-0.0, 0.0),
        (123456789, 123456789),
        (2.3456789e-4, 2.34568e-4),
        ({"a": (1, {"b": None})}, {"a": [1, {"b": None}]}),
    ],
)
def test_numbers_become_plain(value: object, expected: object) -> None:
    """Numbers of numpy become those of JSON, to six significant digits; what is not finite is null."""
    got = plain(value)
    assert got == expected
    assert type(got) is type(expected)
    assert str(got) == str(expected)


def test_what_json_cannot_hold_is_said() -> None:
    """A set or a path in a finding is a mistake of the program, not silently turned into text."""
    with pytest.raises(TypeError, match="given set"):
        plain({"sources": {"a"}})


def test_no_number_is_infinite_anywhere(analysis: Analysis) -> None:
    """No NaN and no infinity hides in the plain data."""

    def check(value: object) -> None:
        if isinstance(value, Mapping):
            value = list(value.values())
        if isinstance(value, list):
            for item in value:
                check(item)
        assert not isinstance(value, float) or math.isfinite(value)

    check(analysis_to_dict(analysis))


def test_what_was_edited_by_hand_is_kept(analysis: Analysis, tmp_path: Path) -> None:
    """A reader of the file sees what was moved, in the form in which edits are given again."""
    edits = Edits({"side": ViewEdits().exclude("right", 2.0)})
    assert Edits.from_plain(written(replace(analysis, edits=edits), tmp_path)["edits"]) == edits
    assert not Edits.from_plain(written(analysis, tmp_path)["edits"])
