"""Headless Chromium for the tests that look at what a browser shows."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SERIOUS = ("serious", "critical")
WAIT_MS = 60_000
"""How long to wait for what should come at once; the machine may be busy with other work."""
AXE = """([within, rules]) => axe.run(within ?? document, {
    resultTypes: ["violations"],
    ...(rules ? { runOnly: rules } : {}),
}).then(found => found.violations)"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser, closed at the end; the test is skipped without playwright or Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs Chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        with suppress(sync_api.Error):  # it is gone when a test that never ended was stopped
            browser.close()


def eventually(page: Page, condition: Callable[[], bool], limit_s: float = WAIT_MS / 1e3) -> None:
    """Wait until something is so; the page's policy forbids what `wait_for_function` does."""
    end_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end_s, "it took too long"
        page.wait_for_timeout(50)


def complaints_of(page: Page) -> list[str]:
    """Return a list that fills with what the page complains of: errors, and what its policy forbids."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def violations(page: Page, within: str | None = None, rules: Sequence[str] | None = None) -> list[str]:
    """Return what axe-core finds serious on a page as it stands, each with the elements that it is about.

    Parameters
    ----------
    page : Page
    within : str, optional
        Selector of the part that is looked at; the whole page by default.
    rules : sequence of str, optional
        Ids of the rules that are asked; all by default.
    """
    axe = pytest.importorskip("axe_playwright_python.base", reason="needs axe-playwright-python")
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(AXE, [within, rules])
    return [f"{v['id']}: {v['help']}: {_elements(v['nodes'])}" for v in found if v["impact"] in SERIOUS]


def _elements(nodes: list[dict[str, Any]]) -> str:
    return "; ".join(f"{node['html'][:160]} {node.get('failureSummary', '')}" for node in nodes[:4])
