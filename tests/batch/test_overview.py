"""What `summary.csv` and `index.html` say of all runs."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from midstance.batch.index import write_index
from midstance.batch.rows import Row
from midstance.batch.state import Done, results_folder
from midstance.batch.summary import RunResult, read_results, write_summary
from midstance.storage.analysis_json import write_analysis
from midstance.storage.cells import as_text
from tests.support.browser import chromium, complaints_of, violations
from tests.support.example import example_analysis, with_knee_more

SCRIPT = '<script>alert("x")</script>'
FORMULA = "=HYPERLINK(A1)"


class _Page(HTMLParser):
    """Collects tags, and every address that a page names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "data", "action")]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Sequence[RunResult]:
    """Anna before and after, with 9 degrees between; a name with a script and one with a formula; a failure."""
    out, example = tmp_path_factory.mktemp("batch"), example_analysis()
    rows = [
        Row("row 2", "Anna", "2026-03-01"),
        Row("row 3", "Anna", "2026-01-01"),
        Row("row 4", SCRIPT, ""),
        Row("row 5", FORMULA, "2026-01-01"),
        Row("row 6", "Ben", "2026-01-01"),
    ]
    for row, more_deg in zip(rows[:4], (9.0, 0.0, -99.0, 0.0), strict=True):
        results_folder(out, row).mkdir(parents=True)
        write_analysis(with_knee_more(example, more_deg), results_folder(out, row) / "analysis.json")
    return read_results(out, rows, [Done("", "")] * 4 + [Done("", f"no runner: {SCRIPT}")])


@pytest.fixture(scope="module")
def html(results: Sequence[RunResult], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page over all of them."""
    path = tmp_path_factory.mktemp("page") / "index.html"
    write_index(results, path)
    return path.read_text(encoding="utf-8")


def _rows(results: Sequence[RunResult], folder: Path) -> list[dict[str, str]]:
    write_summary(results, folder / "summary.csv")
    with (folder / "summary.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_summary_holds_the_numbers_of_the_analyses(results: Sequence[RunResult], tmp_path: Path) -> None:
    """Median, SD and quality of each side stand as in the analysis; a failure has its reason and no numbers."""
    rows = _rows(results, tmp_path)
    assert [(r["runner"], r["date"], r["status"]) for r in rows[:2]] == [
        ("Anna", "2026-03-01", "done"),
        ("Anna", "2026-01-01", "done"),
    ]
    wanted = {(r.measure, r.instant, r.side): r for r in example_analysis().summary if r.view == "side"}
    knee = wanted["knee_flexion", "midstance", "right"]
    assert float(rows[1]["knee_flexion_midstance_right_median_deg"]) == pytest.approx(knee.median, abs=0.01)
    assert float(rows[1]["knee_flexion_midstance_right_sd_deg"]) == pytest.approx(knee.sd, abs=0.01)
    assert float(rows[0]["knee_flexion_midstance_right_median_deg"]) == pytest.approx(knee.median + 9, abs=0.01)
    assert rows[1]["knee_flexion_midstance_left_quality"] == "low"
    assert (rows[1]["dorsiflexion_compensation_left"], rows[1]["dorsiflexion_compensation_right"]) == (
        "not_assessed",
        "none",
    )
    assert rows[4]["status"] == "failed"
    assert rows[4]["reason"].startswith("no runner")
    assert not any(cell for name, cell in rows[4].items() if "median" in name or name == "folder")


def test_names_do_not_become_formulas_and_numbers_stay_numbers(results: Sequence[RunResult], tmp_path: Path) -> None:
    """A name that starts like a formula is quoted; negative numbers are not."""
    rows = _rows(results, tmp_path)
    assert rows[3]["runner"] == f"'{FORMULA}"
    for start in ("=", "+", "-", "@", "\t", "\r"):
        assert as_text(f"{start}1").startswith("'")
    negative = [cell for cell in rows[2].values() if cell.startswith("-")]
    assert negative
    assert all(float(cell) < 0 for cell in negative)


def test_nothing_in_the_page_runs_or_comes_from_elsewhere(html: str) -> None:
    """No script, no resource, and a policy that forbids them; a script in a name or a reason is text."""
    page = _Page(html)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert all(a.startswith(("#", "runs/")) or a == "summary.csv" for a in page.addresses)
    assert "default-src 'none'" in html
    assert SCRIPT not in html
    assert html.count("&lt;script&gt;") == 2


def test_each_run_links_to_its_report(html: str, results: Sequence[RunResult]) -> None:
    """The link of a run leads to the folder in which it lies."""
    links = {unquote(a) for a in _Page(html).addresses if a.startswith("runs/")}
    assert links == {f"{r.folder}/report.html" for r in results if not r.reason}
    assert len(links) == 4


def test_trend_names_the_change_in_order_of_dates(html: str) -> None:
    """Two dated runs make a trend, earlier one first, with what the comparison of both says; one run makes none."""
    assert html.count("<h3>") == 1
    assert "<strong>2026-01-01 to 2026-03-01:</strong> More than the error of measuring explains: Knee flexion" in html
    assert html.count("More than the error of measuring explains") == 1
    first, last = html.index("2026-01-01 right: "), html.index("2026-03-01 right: ")
    assert first < last
    assert html.count("<svg") >= 5


@pytest.mark.slow
def test_a_browser_finds_nothing_to_complain_of(html: str, tmp_path: Path) -> None:
    """On a phone nothing sticks out, nothing is asked for but the file, and its own policy allows all it holds."""
    path = tmp_path / "index.html"
    path.write_text(html, encoding="utf-8")
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 900})
        said, asked = complaints_of(page), list[str]()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        assert asked == [path.as_uri()]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator("svg circle").first.evaluate("e => getComputedStyle(e).fill") == "rgb(0, 114, 178)"
        assert violations(page) == []
        assert said == []
