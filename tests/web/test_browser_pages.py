"""What every page owes its users: access for all, a fit on tablets, safety, and the pure parts of the modules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pytest

from midstance.science.errors import SlowMotionError
from midstance.web.states import State
from tests.support.browser import WAIT_MS, chromium, eventually, violations
from tests.web.desk import READY
from tests.web.planted import Seen, plant_failure, plant_session
from tests.web.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web_browser")]

WIDTHS = (768, 1280)
Scheme = Literal["light", "dark"]
RULES = {"light": None, "dark": ("color-contrast",)}
"""What axe-core is asked; in the dark only colours are others."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with chromium() as browser:
        yield browser


@dataclass(frozen=True)
class Planted:
    """Sessions in every state."""

    empty: Server
    """A server without sessions."""
    done: tuple[str, str]
    """Two that can be compared."""
    paths: tuple[str, ...]
    """Of every page but the review."""


@pytest.fixture(scope="module")
def planted(served: Server, seen: dict[str, Seen], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """Sessions of a runner with a long name; none of them is at work, so that their pages stay as they are."""
    before, after = (plant_session(served.data, seen, runner="Long" * 19, name=name) for name in ("before", "after"))
    side = {"side": seen["side"]}
    states = (State.DRAFT, State.QUEUED, State.RUNNING, State.FAILED, State.CANCELLED)
    others = {state: plant_session(served.data, side, runner="R-04", state=state) for state in states}
    plant_failure(served.data, others[State.FAILED], SlowMotionError("expected real time, given 40 steps/min"))
    pages = [f"/sessions/{others[state]}" for state in states[1:]]
    compare = f"/compare?before={before}&after={after}"
    empty = Server(tmp_path_factory.mktemp("empty") / "data")
    empty.start()
    paths = ("/", "/new", f"/new?session={others[State.DRAFT]}", *pages, "/sessions/none", "/compare", compare)
    yield Planted(empty, (before, after), paths)
    empty.stop()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_barrier(scheme: Scheme, browser: Browser, served: Server, planted: Planted) -> None:
    """axe-core finds nothing serious on any page, light or dark, whatever a session's state."""
    page = _page(browser, scheme)
    rules = RULES[scheme]
    for path in ("/", "/new"):
        _open(page, planted.empty.address + path)
        assert violations(page, rules=rules) == [], "empty"
    for path in planted.paths:
        _open(page, served.address + path)
        assert violations(page, rules=rules) == [], path
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_part_of_the_review_is_a_serious_barrier(
    scheme: Scheme, browser: Browser, served: Server, planted: Planted
) -> None:
    """axe-core finds nothing serious in any tab, mode or dialog of the review, light or dark."""
    page = _page(browser, scheme)
    rules = RULES[scheme]
    _open(page, f"{served.address}/sessions/{planted.done[1]}")
    assert violations(page, rules=rules) == [], "review"
    for tab in page.get_by_role("tab").all():
        tab.click()
        panel = tab.get_attribute("aria-controls")
        assert violations(page, f"#{panel}", rules) == [], panel
    for mode in ("Correct", "Pelvis markers"):
        page.get_by_text(mode, exact=True).click()
        assert violations(page, ".stage", rules) == [], mode
    page.get_by_role("button", name="Place on this frame").click()
    assert violations(page, ".stage", rules) == [], "placing"
    page.get_by_role("button", name="Cancel", exact=True).first.click()
    for dialog in ("Details", "Export", "Delete"):
        page.get_by_role("button", name=dialog, exact=True).first.click()
        assert violations(page, "dialog[open]", rules) == [], dialog
        page.keyboard.press("Escape")
    page.close()


def test_pages_fit_their_screen(browser: Browser, served: Server, planted: Planted) -> None:
    """Nothing is wider than a tablet or a laptop, even with a long name."""
    page = _page(browser)
    for path in (*planted.paths, f"/sessions/{planted.done[0]}"):
        _open(page, served.address + path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 1000})
            eventually(page, lambda: page.evaluate("document.documentElement.scrollWidth <= innerWidth"), 5)
    page.close()


def test_everything_is_reached_by_keyboard(browser: Browser, served: Server, planted: Planted) -> None:
    """Tab reaches every control of the review in turn, each with a visible focus; tabs answer to arrow keys."""
    page = _page(browser)
    _open(page, f"{served.address}/sessions/{planted.done[0]}")
    seen = set()
    for _ in range(45):
        page.keyboard.press("Tab")
        told = page.evaluate(FOCUS)
        if told is None:  # past the last control the browser's own come
            continue
        seen.add(told["name"])
        assert told["outline"] != "none", told
    assert {"Play", "Frame after", "Speed", "Export", "Angles", "Time in the clip"} <= seen
    page.locator("#tab_angles").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#panel_findings").is_visible()
    page.close()


def test_names_are_shown_as_text(browser: Browser, served: Server, seen: dict[str, Seen]) -> None:
    """A name that looks like a page's code is shown as it is, and runs nowhere."""
    name = "<img src=x onerror=\"document.title='run'\">"
    session = plant_session(served.data, {"side": seen["side"]}, runner=name)
    page = _page(browser)
    for path in ("/", f"/sessions/{session}", f"/compare?before={session}&after={session}"):
        _open(page, served.address + path)
        assert name in page.locator("body").inner_text()
        assert page.title() != "run"
    page.close()


def test_frames_are_found_by_their_own_times(modules: Page) -> None:
    """Frames of uneven length are found by their times, and a seek lands inside its frame."""
    told = modules.evaluate("""async () => {
        const t = await import('/static/lib/timebase.js');
        const base = { real_s: [0, 0.03, 0.1, 0.13], media_s: [0, 0.24, 0.8, 1.04] };
        return {
            nearest: [-1, 0.014, 0.016, 0.07, 9].map(s => t.nearestIndex(base.real_s, s)),
            inside: [0, 1, 2].map(i => t.indexAt(base.media_s, t.seekTarget(base, i))),
            last: t.seekTarget(base, 3) >= 1.04,
            stretch: t.stretch(base),
            real: t.toReal(base, 0.52),
            steps: [t.step(base, 0.03, 1), t.step(base, 0, -1), t.step(base, 0.13, 5)],
            from: [t.frameFrom(base, 0.04), t.frameFrom(base, 0.1)],
        };
    }""")
    assert told["nearest"] == [0, 0, 1, 2, 3]
    assert told["inside"] == [0, 1, 2]
    assert told["last"]
    assert told["stretch"] == pytest.approx(8)
    assert told["real"] == pytest.approx(0.065)
    assert told["steps"] == [0.1, 0, 0.13]
    assert told["from"] == [0.1, 0.1]


def test_phases_are_carried_to_another_clip(modules: Page) -> None:
    """A moment is found in the same stride and phase of another clip, and outside all strides nowhere."""
    told = modules.evaluate("""async () => {
        const p = await import('/static/lib/phase.js');
        const stride = (number, initial_contact_s, toe_off_s, next_contact_s) =>
            ({ side: 'left', number, initial_contact_s, toe_off_s, next_contact_s });
        const own = [stride(1, 1, 1.2, 2), stride(2, 2, 2.3, 3), stride(3, 3, 3.3, NaN)];
        const other = [stride(1, 5, 5.2, 5.5)];
        return {
            same: [1.5, 2.5, 3.5, 0.5].map(s => p.samePhase(own, other, 'left', s)),
            ground: [0.5, 1.1, 1.5, 3.1, 3.5].map(s => p.onGround(own, 'left', s)),
            lag: p.lag(own, other, 'left'),
            neighbours: [p.neighbour([1, 2, 3], 2, 1), p.neighbour([1, 2, 3], 2, -1), p.neighbour([1, 2], 2, 1)],
        };
    }""")
    assert told["same"] == [5.25, 5.25, None, None]
    assert told["ground"] == [None, True, False, True, None]
    assert told["lag"] == 4
    assert told["neighbours"] == [3, 1, None]


def test_numbers_are_written_as_in_the_report(modules: Page) -> None:
    """Numbers have the report's decimals, a true minus, no minus zero, and a dash where there is none."""
    told = modules.evaluate("""async () => {
        const f = await import('/static/lib/format.js');
        return [f.quantity(-3.14, 'deg'), f.number(-0.01, 'deg'), f.quantity(null, 'deg'), f.quantity(0.2413, 's'),
            f.withSd(12.34, 1.26, 'deg'), f.withSd(3, null, 'm'), f.signed(1.5, 'deg'), f.wholeDegrees(-0.2),
            f.timeLeft(200)];
    }""")
    assert told == ["−3.1°", "0.0", "–", "0.241 s", "12.3 ± 1.3°", "3.000 m", "+1.5°", "0°", "about 3 min left"]


def test_angles_lie_in_the_picture_as_measured(modules: Page) -> None:
    """The arc of the shin spans the angle between shin and vertical; a sloping line gives its tilt with its sign."""
    told = modules.evaluate("""async () => {
        const a = await import('/static/draw/arcs.js');
        const g = await import('/static/lib/geometry.js');
        const points = { left_ankle: [0, 100], left_knee: [Math.tan(Math.PI / 9) * 100, 0] };
        const arc = a.arcOf('tibial_inclination', 'left', name => points[name], 20, 'right');
        const lost = a.arcOf('tibial_inclination', 'left', () => [NaN, NaN], 20, 'right');
        const slopes = [g.slope_deg([0, 0], [10, 10]), g.slope_deg([10, 0], [0, 10])];
        return { turn: g.turn(arc.reference, arc.body) * 180 / Math.PI, lost, slopes };
    }""")
    assert told["turn"] == pytest.approx(20)
    assert told["lost"] is None
    assert told["slopes"] == pytest.approx([45, -45])


def test_curves_and_changes(modules: Page) -> None:
    """A stride's curve runs from contact to contact, missing values stay missing, and only printed changes count."""
    told = modules.evaluate("""async () => {
        const c = await import('/static/lib/curves.js');
        const d = await import('/static/lib/changes.js');
        const stride = { initial_contact_s: 1, next_contact_s: 2 };
        const curve = c.strideCurve([0, 1, 2, 3], [0, 10, 20, NaN], stride);
        const { mean, sd } = c.meanAndSd([curve, curve.map(v => v + 2)]);
        const row = (median) => ({ view: 'side', side: 'left', measure: 'm', instant: 'i', unit: 'deg', median });
        const changed = (a, b) => d.changes([row(a)], [row(b)], d.summaryKey, 'median').length;
        const found = [changed(10, 10.01), changed(10, 10.2), changed(10, null)];
        const ends = [curve[0], curve[50], curve[100]];
        return { ends, mean: mean[50], sd: sd[50], found, none: c.rangeOf([]), ticks: c.ticks(0, 10, 5) };
    }""")
    assert told["ends"] == [10, 15, 20]
    assert told["mean"] == 16
    assert told["sd"] == pytest.approx(2**0.5)
    assert told["found"] == [0, 1, 1]
    assert told["none"] == [-10, 10]
    assert told["ticks"] == [0, 2, 4, 6, 8, 10]


@pytest.fixture(scope="module")
def modules(browser: Browser, served: Server) -> Iterator[Page]:
    """A page from which modules can be imported."""
    page = _page(browser)
    page.goto(f"{served.address}/new")
    yield page
    page.close()


FOCUS = """() => {
    const at = document.activeElement;
    if (at === document.body) return null;
    const box = at.closest('.modes label, .button') ?? at;
    const name = at.getAttribute('aria-label') ?? at.labels?.[0]?.firstChild.textContent ?? at.textContent;
    return { name: name.trim(), outline: getComputedStyle(box).outlineStyle };
}"""


def _page(browser: Browser, scheme: Scheme = "light") -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    page.set_default_timeout(WAIT_MS)
    return page


def _open(page: Page, address: str) -> None:
    page.goto(address)
    if page.locator("[data-base][data-session].desk, #compare").count():
        page.locator(READY).wait_for()
