"""Measures and rules from outside the package: found, applied, and harmless when they break."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from midstance.api import ClipLandmarks, analyze_landmarks
from midstance.own import Case, Own, OwnMeasure, Plugin, Reading, Rule, Stride, Topic, ViewAnalysis
from midstance.report.content import content_of
from midstance.science.chain import chain_of
from midstance.science.errors import InputError
from midstance.science.records import Analysis, ClipFacts
from midstance.storage.landmarks_csv import write_landmarks
from tests.support.runner import Camera, Gait, film

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "own_rule"
PAGE = (ROOT / "docs" / "own-rules.md").read_text(encoding="utf-8")
SHOW = """
import json, sys, midstance as ms
analysis = ms.analyze_landmarks([("side", ms.load(sys.argv[1]))])
print(json.dumps({
    "values": [v.value for v in analysis.views[0].values if v.measure == "heel_lift" and v.side == "right"],
    "findings": {f"{f.id} {f.side}": f.level for f in analysis.findings},
    "software": analysis.software,
    "notes": [n.message for n in analysis.views[0].notes if n.check == "own_code"],
}))
"""

pytestmark = pytest.mark.xdist_group("own")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a landmarks file of eight seconds, from the runner's right."""
    path = tmp_path_factory.mktemp("clip") / "side.csv"
    write_landmarks(film(Gait(duration_s=8.0, variability=0.02), Camera(noise_px=0.5)).landmarks, path)
    return path


def analysed(own: Own, seconds: float = 8.0) -> Analysis:
    """Return an analysis with something from outside."""
    series = film(Gait(duration_s=seconds), Camera()).landmarks
    facts = ClipFacts("side.csv", len(series), series.fps, series.duration_s)
    return analyze_landmarks([("side", ClipLandmarks(series, facts, None))], own=own)


def shown(clip: Path, *folders: Path) -> dict[str, object]:
    """Return what an analysis in a new process has from packages in folders."""
    path = os.pathsep.join([*map(str, folders), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", SHOW, clip],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def measure_of(value: Callable[[ViewAnalysis, Stride], float], **options: object) -> Plugin[OwnMeasure]:
    """Return a plug-in with a measure called `mine`."""
    return Plugin(replace(OwnMeasure("mine", "%", value), **options), "their-package")  # type: ignore[arg-type]


def test_the_example_installs_and_is_found(clip: Path, tmp_path: Path) -> None:
    """Installed by pip, the example's measure and rule are in the analysis, with the package's version."""
    arguments = ["--no-deps", "--no-build-isolation", "--quiet", "--disable-pip-version-check", "--target", tmp_path]
    subprocess.run([sys.executable, "-m", "pip", "install", *map(str, arguments), str(EXAMPLE)], check=True)
    found = shown(clip, tmp_path)
    values = found["values"]
    assert isinstance(values, list)
    assert len(values) >= 7
    assert all(20 < value < 90 for value in values)
    findings = found["findings"]
    assert isinstance(findings, dict)
    assert findings["low_heel_lift right"] in {"none", "possible"}
    assert findings["low_heel_lift left"] == "not_assessed"
    assert isinstance(found["software"], dict)
    assert found["software"]["heel-lift"] == "0.1.0"
    assert found["notes"] == []


def test_without_packages_nothing_is_added(clip: Path) -> None:
    """No measure and no finding of the example is there when it is not installed."""
    found = shown(clip)
    assert found["values"] == []
    assert "low_heel_lift right" not in str(found["findings"])


def test_broken_packages_are_told_and_left_out(clip: Path, tmp_path: Path) -> None:
    """A package that cannot be imported, and one that gives the wrong thing, each end in a note with advice."""
    entries = "[midstance.measures]\nlost = nowhere_at_all:MEASURE\nwrong = json:dumps\n"
    info = tmp_path / "broken_one-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-one\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(entries)
    notes = " | ".join(map(str, shown(clip, tmp_path)["notes"]))  # type: ignore[call-overload]  # a list
    assert "lost of broken-one was left out, it cannot be loaded: ModuleNotFoundError" in notes
    assert "wrong of broken-one was left out: expected OwnMeasure, given function" in notes
    assert notes.count("mend or uninstall broken-one") == 2


def test_a_measure_that_raises_costs_its_numbers_alone() -> None:
    """An error in a measure ends in a note that names it; all other numbers are as without it."""
    plain = analysed(Own(), 4.0)
    spoilt = analysed(Own(measures=(measure_of(lambda *_: 1 / 0),)), 4.0)
    assert [v.value for v in spoilt.views[0].values] == pytest.approx(
        [v.value for v in plain.views[0].values], nan_ok=True
    )
    note = spoilt.views[0].notes[-1]
    assert (note.check, note.level) == ("own_code", "caution")
    assert note.message.startswith("measure mine of their-package was left out, it broke: ZeroDivisionError")


def test_a_rule_that_raises_costs_its_finding_alone() -> None:
    """An error in a rule ends in a note that names it; all other findings are there."""

    class Bad(Rule):
        id, title, advice, source, threshold, beyond = "B1", "Bad", "", "none", 1.0, "above"

        def reading(self, case: Case) -> Reading:
            raise KeyError(case.side)

    topic = Topic("bad", "Bad", (Bad(),), "side", "possible", (), ())
    plain, spoilt = analysed(Own(), 4.0), analysed(Own(topics=(Plugin(topic, "their-package"),)), 4.0)
    assert [f.id for f in spoilt.findings] == [f.id for f in plain.findings]
    assert "rule bad of their-package was left out, it broke: KeyError" in spoilt.views[0].notes[-1].message


def test_quality_follows_what_is_known_of_the_error() -> None:
    """Without an error values are low, with one ok, and not-a-number is unmeasurable."""
    for measure, quality in (
        (measure_of(lambda *_: 3.0), "low"),
        (measure_of(lambda *_: 3.0, standard_error=0.5), "ok"),
        (measure_of(lambda *_: float("nan")), "unmeasurable"),
    ):
        analysis = analysed(Own(measures=(measure,)), 4.0)
        row = next(row for row in analysis.summary if row.measure == "mine")
        assert row.quality == quality


def test_the_report_shows_what_was_added() -> None:
    """The report is made with a measure and a rule that it does not know."""
    scope: dict[str, object] = {}
    exec("\n".join(blocks("python")[:2]), scope)  # noqa: S102 - the page's own code
    own = Own((Plugin(scope["HEEL_LIFT"], "mine"),), (Plugin(scope["LOW_HEEL_LIFT"], "mine"),))  # type: ignore[arg-type]
    analysis = analysed(own)
    content = content_of(analysis, chain_of(analysis.views, analysis.summary), datetime.now(UTC), ())
    assert "Low heel lift" in {card.title for card in content.others}
    assert "Heel lift" in str(content)


@pytest.mark.parametrize("name", ["Heel Lift", "knee_flexion"])
def test_names_that_cannot_be_are_refused(name: str) -> None:
    """A name that is no column, or is taken, is refused where the measure is made."""
    with pytest.raises(InputError, match="rename it"):
        OwnMeasure(name, "deg", lambda *_: 0.0)


def blocks(language: str) -> list[str]:
    """Return the code blocks of the page."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_page_shows_the_example_as_it_is() -> None:
    """Every block about the package stands word for word in the package."""
    code = (EXAMPLE / "src" / "heel_lift" / "__init__.py").read_text(encoding="utf-8")
    project = (EXAMPLE / "pyproject.toml").read_text(encoding="utf-8")
    assert len(blocks("python")) == 3
    assert all(block in code for block in blocks("python")[:2])
    assert [block in project for block in blocks("toml")] == [True]


def test_the_blocks_of_the_page_run(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run from top to bottom, the page's Python gives a lift for each stride and a finding."""
    monkeypatch.chdir(clip.parent)
    scope: dict[str, object] = {}
    exec("\n".join(blocks("python")), scope)  # noqa: S102 - the page's own code
    lifts, finding = scope["lifts"], scope["finding"]
    assert isinstance(lifts, list)
    assert len(lifts) > 14
    assert getattr(finding, "id", "") == "low_heel_lift"
