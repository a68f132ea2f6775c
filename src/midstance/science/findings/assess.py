"""Findings of an analysis: the founding one for each side, then the others."""

from __future__ import annotations

from collections.abc import Iterable

from midstance.science.findings import wording
from midstance.science.findings.compensation import COMPENSATION
from midstance.science.findings.gates import Capture, capture_of
from midstance.science.findings.levels import decide
from midstance.science.findings.lunge import LUNGE, ample
from midstance.science.findings.lunges import lunges_of
from midstance.science.findings.others import other_findings
from midstance.science.findings.readings import Readings
from midstance.science.findings.rule import Case, Rule
from midstance.science.findings.sagittal import SAGITTAL
from midstance.science.findings.sources import FOUNDING_SOURCES, PROPOSAL
from midstance.science.findings.topic import findings_on
from midstance.science.landmarks import SIDES, Side
from midstance.science.own import Own, broken
from midstance.science.records import Evidence, Finding, SummaryRow, ViewAnalysis
from midstance.science.settings import Settings

RULES: tuple[Rule, ...] = (*SAGITTAL, *COMPENSATION, *LUNGE)
"""Of the founding finding, in the order in which they are shown."""
FOUNDING_ID = "dorsiflexion_compensation"


def findings_of(
    views: tuple[ViewAnalysis, ...], summary: tuple[SummaryRow, ...], settings: Settings
) -> tuple[Finding, ...]:
    """Return all findings: the founding one of the left and of the right side first, then the others.

    Parameters
    ----------
    views : tuple of ViewAnalysis
        All clips of the run.
    summary : tuple of SummaryRow
        Of all views, with standard errors where they are known.
    settings : Settings
        The lunge tests.
    """
    capture = capture_of(views)
    cases = _cases(capture, views, summary, settings)
    founding = tuple(founding_finding(cases[side], capture.doubts[side]) for side in SIDES)
    return (*founding, *other_findings(cases))


def own_findings(
    views: tuple[ViewAnalysis, ...], summary: tuple[SummaryRow, ...], settings: Settings, own: Own
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return the findings by rules from outside the package, and what to say of those that broke.

    Parameters as for `findings_of`, and `own`.
    """
    cases = _cases(capture_of(views), views, summary, settings) if own.topics else {}
    found: list[Finding] = []
    told: list[str] = []
    for plugin in own.topics:
        try:
            found += findings_on(plugin.item, cases)
        except Exception as error:  # noqa: BLE001 - other people's code may raise anything
            told.append(broken("rule", plugin.item.id, plugin.package, error))
    return tuple(found), tuple(told)


def _cases(
    capture: Capture, views: tuple[ViewAnalysis, ...], summary: tuple[SummaryRow, ...], settings: Settings
) -> dict[Side, Case]:
    readings, lunges = Readings(views, summary), lunges_of(settings)
    return {side: Case(readings, side, capture.near, capture.frontal, lunges) for side in SIDES}


def founding_finding(case: Case, doubts: tuple[str, ...] = ()) -> Finding:
    """Return the finding of one side.

    Parameters
    ----------
    case : Case
    doubts : tuple of str
        About the capture: together they lower the level by one.
    """
    evidence = tuple(rule.judge(case) for rule in RULES)
    by_rule = {e.rule: e for e in evidence}
    verdict = decide(by_rule, doubts, ample_lunge=ample(case))
    return Finding(
        id=FOUNDING_ID,
        side=case.side,
        level=verdict.level,
        title=wording.TITLE,
        statement=wording.statement(verdict, case.side, case.lunges.of(case.side), by_rule["R"]),
        evidence=evidence,
        alternatives=wording.ALTERNATIVES,
        confirm=(*wording.CONFIRM, *_advice(evidence)),
        sources=(*FOUNDING_SOURCES, f"the levels: {PROPOSAL}", *_sources(evidence)),
        reasons=wording.reasons(verdict, evidence),
    )


def _advice(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Return how to make judgeable what could not be judged, each once."""
    rules = {rule.id: rule for rule in RULES}
    return tuple(dict.fromkeys(rules[e.rule].advice for e in evidence if e.met is None))


def _sources(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(e.source for e in evidence))
