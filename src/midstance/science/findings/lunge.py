"""Rules on the lunge test, and the reserve: what the ankle has less what running uses."""

from __future__ import annotations

from math import hypot

import numpy as np

from midstance.science.findings import sources
from midstance.science.findings.lunges import DEG_PER_CM, MDC_CM, Lunge
from midstance.science.findings.readings import Reading, flipped
from midstance.science.findings.rule import Case, Rule, detectable
from midstance.science.landmarks import other_side

AVAILABLE_DEG, USED_DEG = 30.0, 20.0
"""The founding article's figures."""
LEAST_DIFFERENCE_CM = 1.5
_ENTER = "Have the knee-bent lunge test measured on both sides and enter it."
_NOT_ENTERED = "no lunge test was entered for this side"
_CONVERTED = "from cm by 3.6 deg for each, give or take 5 deg: measure it in degrees"


class LittleAvailable(Rule):
    """L1: little range in the lunge."""

    id = "L1"
    title = "The knee-bent lunge reaches less than 30 deg"
    advice = _ENTER
    source = f"30 deg: {sources.FOUNDING}; error: {sources.POWDEN}"
    threshold = AVAILABLE_DEG
    beyond = "below"

    def reading(self, case: Case) -> Reading:
        """The lunge in degrees."""
        return _reading(case.lunges.of(case.side))


class LessThanOtherLunge(Rule):
    """L2: less range in the lunge than on the other side; in cm where both were measured so."""

    id = "L2"
    title = "The lunge reaches over 1.5 cm (5.4 deg) less than on the other side"
    advice = _ENTER
    source = f"1.5 cm: {sources.POWDEN}; in degrees by {sources.BENNELL}"
    threshold = LEAST_DIFFERENCE_CM
    beyond = "above"

    def reading(self, case: Case) -> Reading:
        """The other side's lunge less this side's."""
        own, other = case.lunges.of(case.side), case.lunges.of(other_side(case.side))
        if not (own.entered and other.entered):
            return Reading("lunge_difference", "test", missing="needs a lunge test of both sides")
        in_cm = other.cm - own.cm
        if np.isfinite(in_cm):
            return _single("lunge_difference", "cm", in_cm, MDC_CM / 1.96)
        error = hypot(own.standard_error_deg, other.standard_error_deg)
        return _single("lunge_difference", "deg", other.deg - own.deg, error)

    def threshold_for(self, reading: Reading) -> float:
        """1.5 cm, or as many degrees."""
        return self.threshold * (1.0 if reading.unit == "cm" else DEG_PER_CM)


class LittleReserve(Rule):
    """R: little left between what the lunge reaches and what running uses. Shown; it moves no level."""

    id = "R"
    title = "The reserve (lunge less tibial inclination at midstance) is less than 10 deg"
    advice = _ENTER
    source = f"30 deg available less 20 deg used: {sources.FOUNDING}"
    threshold = AVAILABLE_DEG - USED_DEG
    beyond = "below"

    def reading(self, case: Case) -> Reading:
        """Available less used, both tibia against vertical."""
        lunge, used = case.lunges.of(case.side), case.sagittal("tibial_inclination", "midstance")
        if not lunge.entered or used.missing:
            why = used.missing if lunge.entered else _NOT_ENTERED
            return Reading("dorsiflexion_reserve", "midstance", missing=why)
        left = flipped(used)
        error = hypot(lunge.standard_error_deg, used.standard_error)
        remark = _CONVERTED if np.isfinite(lunge.cm) else used.remark
        return Reading(
            "dorsiflexion_reserve",
            "midstance",
            "deg",
            used.view,
            left.values + lunge.deg,
            standard_error=error,
            strides=used.strides,
            remark=remark,
        )


def ample(case: Case) -> bool:
    """Whether the lunge shows range beyond the article's figure by more than the detectable difference.

    False without a test, or when the other side reaches clearly more.
    """
    lunge = case.lunges.of(case.side)
    enough = lunge.entered and lunge.deg - AVAILABLE_DEG >= detectable(lunge.standard_error_deg)
    return enough and not LESS_THAN_OTHER.judge(case).met


def _reading(lunge: Lunge) -> Reading:
    if not lunge.entered:
        return Reading("lunge", "test", missing=_NOT_ENTERED)
    remark = _CONVERTED if np.isfinite(lunge.cm) else ""
    return _single("lunge", "deg", lunge.deg, lunge.standard_error_deg, remark)


def _single(measure: str, unit: str, value: float, error: float, remark: str = "") -> Reading:
    return Reading(measure, "test", unit, values=np.array([value]), standard_error=error, remark=remark)


LESS_THAN_OTHER = LessThanOtherLunge()
LUNGE: tuple[Rule, ...] = (LittleAvailable(), LESS_THAN_OTHER, LittleReserve())
