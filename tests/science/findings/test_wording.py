"""No sentence claims more than the evidence carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import nan

import pytest

from midstance.science.chain import chain_of
from midstance.science.findings import DISCLAIMER, FOUNDING_ID, headline
from midstance.science.findings.assess import RULES
from midstance.science.findings.gates import GATES
from midstance.science.findings.others import TOPICS
from midstance.science.findings.wording import ALTERNATIVES, CONFIRM, TITLE
from midstance.science.records import Finding
from tests.science.findings.factory import RESTRICTED, USUAL, Leg, Run

FORBIDDEN = re.compile(
    r"detects|injury risk|risk of injury|diagnos|patholog|abnormal|\bwill\b|caused? by", re.IGNORECASE
)
ANKLES = ((22.7, 40.9), (10.0, 39.0), (15.5, 29.0), (20.0, 45.0), (16.5, 39.0), (nan, 40.0))
COMPENSATIONS = ((6.0, 0.0), (20.0, 0.0), (6.0, 10.0), (20.0, 10.0), (15.2, 6.2), (nan, nan))
CAPTURES = (
    Run(),
    Run(near=("right",)),
    Run(frontal=()),
    Run(near=()),
    Run(fps=30.0),
    Run(fps=24.0),
    Run(strides=6),
    Run(tilt={"front": 3.0}),
)
LUNGES: tuple[dict[str, float], ...] = (
    {},
    {"lunge_left_deg": 22.0, "lunge_right_cm": 12.0},
    {"lunge_left_cm": 5.0, "lunge_right_cm": 9.0},
    {"lunge_left_deg": 40.0},
)


def every_finding() -> Iterator[Finding]:
    """Yield the findings of runners of every kind, in captures of every kind."""
    for (ankle, knee), (toe_out, valgus) in product(ANKLES, COMPENSATIONS):
        leg = Leg(dorsiflexion=ankle, knee=knee, toe_out=toe_out, valgus=valgus, trunk=20.0, cadence=140.0, drop=8.0)
        for capture, lunges in zip(CAPTURES, LUNGES * 2, strict=True):
            yield from replace(capture, left=leg).findings(**lunges)
    for lunges in LUNGES:
        yield from Run(RESTRICTED, error=1.0).findings(**lunges)


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    """All findings that the tests scan."""
    return list(every_finding())


def texts(found: Finding) -> Iterator[str]:
    """Yield every string of a finding, without the fixed disclaimer."""
    yield from (found.title, found.statement.replace(DISCLAIMER, ""))
    yield from (*found.alternatives, *found.confirm, *found.sources, *found.reasons)
    for e in found.evidence:
        yield from (e.title, e.reason, e.source)


def test_every_level_is_scanned(findings: list[Finding]) -> None:
    """The scan sees all levels of the founding finding."""
    seen = {f.level for f in findings if f.id == FOUNDING_ID}
    assert seen == {"none", "possible", "consistent", "likely", "not_assessed"}


def test_no_claim_beyond_the_evidence(findings: list[Finding]) -> None:
    """Nothing is detected, diagnosed or foretold, and a restriction only may be."""
    scanned = {text for found in findings for text in texts(found)}
    scanned |= {t for r in RULES for t in (r.title, r.advice, r.source)} | {g.title for g in GATES}
    scanned |= {t for topic in TOPICS for t in (topic.title, *topic.alternatives, *topic.confirm)}
    scanned |= {t for link in chain_of(Run().views(), Run().summary()) for t in (link.norm_text, link.reason)}
    for text in scanned:
        assert not FORBIDDEN.search(text), text
        assert "restrict" not in text.lower() or "may" in text.lower(), text


def test_every_statement_carries_the_disclaimer(findings: list[Finding]) -> None:
    """Screening aid, no medical device: on every finding, in the same words."""
    assert all(f.statement.endswith(DISCLAIMER) for f in findings)
    assert DISCLAIMER == (
        "Educational screening aid; not a medical device; does not diagnose, treat or predict injury."
    )


def test_alternatives_and_confirmation_are_always_there(findings: list[Finding]) -> None:
    """Every finding names other explanations, what to check, and its sources; one that is not judged says why."""
    for found in findings:
        assert found.alternatives
        assert found.confirm
        assert found.sources
        assert found.level != "not_assessed" or found.reasons
        if found.id == FOUNDING_ID:
            assert found.title == TITLE
            assert found.alternatives == ALTERNATIVES
            assert set(CONFIRM) <= set(found.confirm)
            assert "lunge" in " ".join(found.confirm)


def test_flags_are_worded_as_a_possibility_to_confirm() -> None:
    """A flag says `may be consistent`, names the side, and asks for a clinician's lunge test."""
    found = Run(RESTRICTED).founding("left")
    assert found.statement.startswith("Movement pattern may be consistent with reduced ankle dorsiflexion (left side")
    assert "confirm with a knee-bent lunge test by a qualified clinician" in found.statement
    assert any("no study validates" in s for s in found.sources)


def test_sources_say_how_surely_they_are_known(findings: list[Finding]) -> None:
    """Every source of a rule says how much of it was read, or that it is a proposal or a definition."""
    known = (
        "read",
        "computed from open data",
        "second-hand",
        "proposal",
        "author's view",
        "no cut-off",
        "founding idea",
    )
    for found in findings:
        for e in found.evidence:
            assert any(word in e.source for word in known), e.source


def test_headline_is_one_line_with_its_reason() -> None:
    """The terminal's line names the side, the result and why it is not judged."""
    line = headline(Run(near=("right",)).founding("left"))
    assert line.startswith("left: Pattern not seen")
    assert "film from the runner's left" in line
    assert "\n" not in line
    assert DISCLAIMER not in line
    assert headline(Run(USUAL).founding("right")) == "right: Pattern not seen (right side): no reduced dorsiflexion."
