"""Differences between left and right: reported, never flagged alone."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import Literal

from midstance.science.findings import sources
from midstance.science.findings.readings import Reading, difference
from midstance.science.findings.rule import Case, Rule, unknown
from midstance.science.landmarks import SIDES
from midstance.science.records import Evidence, Instant


class SideDifference(Rule):
    """Left less right of one number: shown, never flagged alone."""

    id = "A"
    title = "Left less right"
    advice = "Film both sides of the runner."
    source = f"left-right differences are usual: {sources.PAN}"
    threshold = nan
    beyond = "above"

    def __init__(self, number: int, plane: Literal["sagittal", "coronal"], measure: str, instant: Instant) -> None:
        self._look = (plane, measure, instant)
        self._id, self._title = f"A{number}", f"Left less right: {measure.replace('_', ' ')}"

    def reading(self, case: Case) -> Reading:
        """The left side's number less the right side's, whichever side the case is of."""
        plane, measure, instant = self._look
        look = case.sagittal if plane == "sagittal" else case.coronal
        left, right = (look(measure, instant, other=case.side != side) for side in SIDES)
        return difference(left, right)

    def judge(self, case: Case) -> Evidence:
        """Show the number without an answer."""
        reading = self.reading(case)
        shown = unknown(self, reading, reading.missing or "differences are reported, never flagged alone")
        return replace(shown, rule=self._id, title=self._title)


DIFFERENCES: tuple[Rule, ...] = (
    SideDifference(1, "coronal", "foot_progression", "midstance"),
    SideDifference(2, "sagittal", "ankle_dorsiflexion", "stance_peak"),
    SideDifference(3, "sagittal", "tibial_inclination", "midstance"),
    SideDifference(4, "sagittal", "knee_flexion", "stance_peak"),
    SideDifference(5, "coronal", "knee_valgus", "midstance"),
    SideDifference(6, "coronal", "hip_adduction", "midstance"),
)
"""From foot to hip."""
