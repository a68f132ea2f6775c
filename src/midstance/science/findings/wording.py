"""Every sentence of the founding finding. Nothing here says more than the evidence carries."""

from __future__ import annotations

from math import isfinite

from midstance.science.findings.levels import LEAST_SHARE, Pattern, Verdict, counts
from midstance.science.findings.lunges import Lunge
from midstance.science.landmarks import Side
from midstance.science.records import Evidence, Finding, Level

TITLE = "Movement pattern that may go with reduced ankle dorsiflexion"
DISCLAIMER = "Educational screening aid; not a medical device; does not diagnose, treat or predict injury."
PATTERN = "Movement pattern may be consistent with reduced ankle dorsiflexion"
CONFIRM_IT = "confirm with a knee-bent lunge test by a qualified clinician"
NO_LOW = "frontal-plane pattern without reduced dorsiflexion"
STIFF = "reduced dorsiflexion with limited knee flexion (stiff-leg strategy)"
USUAL = "no reduced dorsiflexion"
ALTERNATIVES = (
    "stiff knee in stance",
    "narrow steps",
    "cadence and speed",
    "strike pattern",
    "drop of the shoe",
    "femoral or tibial torsion",
    "habitual toe-out",
    "limited hip extension",
    "hip weakness (not a default: strength did not track pelvic drop; Zeitoune 2021, abstract read)",
    "pain",
    "fatigue",
    "the camera",
)
"""Other explanations of the pattern, named every time."""
CONFIRM = (
    "knee-bent weight-bearing lunge test of both sides by a qualified clinician",
    "knee flexion in stance and hip extension, against a stiff-leg strategy",
    "foot posture and torsion of tibia and femur, against a habitual toe-out",
    "shoes, speed and cadence of the clip; pain or fatigue on the day",
    "a second clip from both sides and from the front",
)
"""What a clinician would check."""
STRENGTH: dict[Level, str] = {
    "possible": "possible: reduced dorsiflexion together with a compensation on the same side",
    "consistent": "signs at the ankle, at the foot and at knee or hip on the same side",
    "likely": "signs at the ankle, at the foot and at knee or hip on the same side, and a short lunge test",
}


def statement(verdict: Verdict, side: Side, lunge: Lunge, reserve: Evidence) -> str:
    """Return the result of one side in plain words, with its reasoning."""
    parts = (_result(verdict, side), _lunge_words(lunge, reserve), DISCLAIMER)
    return " ".join(p for p in parts if p)


def _result(verdict: Verdict, side: Side) -> str:
    if verdict.level in STRENGTH:
        return f"{PATTERN} ({side} side; {STRENGTH[verdict.level]}); {CONFIRM_IT}."
    if verdict.level == "not_assessed":
        return f"Not assessed ({side} side): {_unfinished(verdict.pattern)}."
    if verdict.raw != "none":
        return (
            f"Not called ({side} side): there are signs of the pattern, but they are too near to their thresholds "
            "or too doubtful for a level."
        )
    if verdict.near:
        missed = ", ".join(e.rule for e in verdict.near)
        return (
            f"Pattern not seen and not ruled out ({side} side): {_absent(verdict.pattern)} by the medians, while "
            f"{missed} lie within the error of measuring from their thresholds; a knee-bent lunge test can tell."
        )
    return f"Pattern not seen ({side} side): {_absent(verdict.pattern)}."


def _unfinished(pattern: Pattern) -> str:
    """Say what was seen, and what could not be."""
    if pattern.reduced:
        return (
            "dorsiflexion in stance is reduced for the knee flexion, a statement about the ankle alone; "
            "compensation at foot, knee and hip could not be judged"
        )
    if pattern.reduced is None and pattern.compensation:
        return "there is a frontal-plane pattern, and the ankle could not be judged"
    if pattern.reduced is None and pattern.compensation is None:
        return "neither the ankle nor its compensation could be judged"
    return "one of the measures that decide could not be judged"


def _absent(pattern: Pattern) -> str:
    """Say which part of the pattern is absent, and what is there."""
    if pattern.reduced:
        return "dorsiflexion is reduced for the knee flexion, without a compensation at foot, knee or hip"
    if pattern.reduced is None:
        return (
            "no compensation at foot or knee; the ankle itself could not be judged, so that this says nothing "
            "of its dorsiflexion"
        )
    ankle = _ankle(pattern)
    if not pattern.compensation:
        return ankle if pattern.compensation is False else f"{ankle}; compensation could not be judged"
    where = [name for name, seen in (("foot", pattern.foot), ("knee or hip", pattern.knee_hip)) if seen]
    found = f"{NO_LOW} (at {' and '.join(where)})"
    return found if ankle == USUAL else f"{ankle}; a frontal-plane pattern at {' and '.join(where)} as well"


def _ankle(pattern: Pattern) -> str:
    """Say what there is at an ankle that does not meet the sagittal part of the pattern."""
    if pattern.low_peak and pattern.low_for_knee is False:
        return STIFF
    if pattern.low and pattern.low_for_knee is False:
        return (
            "less dorsiflexion than on the other side, usual for its knee flexion; differences are never flagged alone"
        )
    if pattern.low_for_knee:
        return "dorsiflexion somewhat low for the knee flexion, while its peak is not low"
    return USUAL


def _lunge_words(lunge: Lunge, reserve: Evidence) -> str:
    if not lunge.entered:
        return ""
    given = f"{lunge.deg:.0f} deg" if not isfinite(lunge.cm) else f"{lunge.cm:.1f} cm, about {lunge.deg:.0f} deg"
    said = f"Lunge test entered: {given} (give or take {lunge.standard_error_deg:.1f} deg)."
    if not isfinite(reserve.value):
        return said
    return (
        f"{said} Running uses {lunge.deg - reserve.value:.0f} deg at midstance, which leaves a reserve of "
        f"{reserve.value:.0f} deg (the founding article asks for 20 used and 30 available)."
    )


def reasons(verdict: Verdict, evidence: tuple[Evidence, ...]) -> tuple[str, ...]:
    """Return what lowered a level, and what could not be judged."""
    told = [f"{e.rule}: {e.reason}; this lowers the level by one" for e in verdict.weak]
    told += [f"{doubt} (lowers the level by one)" for doubt in verdict.doubts if verdict.raw in STRENGTH]
    if verdict.ample_lunge and verdict.raw in STRENGTH:
        told.append("the lunge test shows ample range, which lowers the level by one")
    told += [f"{e.rule}: {e.reason}; not ruled out" for e in verdict.near]
    told += [f"{e.rule}: {_too_few(e)}" for e in evidence if e.met and counts(e) is False]
    deciding = [e for e in evidence if e.met is None and e.rule in {"S1", "S2", "C2", "C3"}]
    told += [f"could not be judged: {', '.join(r)}: {why}" for why, r in _by_reason(deciding).items()]
    return tuple(told)


def _too_few(evidence: Evidence) -> str:
    return f"met in {evidence.strides_meeting:.0%} of the strides, at least {LEAST_SHARE:.0%} are needed"


def _by_reason(evidence: list[Evidence]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for e in evidence:
        found.setdefault(e.reason, []).append(e.rule)
    return found


def headline(finding: Finding) -> str:
    """Return a finding of one side in one line, for a terminal."""
    words = finding.statement.removesuffix(DISCLAIMER).strip()
    why = f" ({finding.reasons[0]})" if finding.reasons and finding.level in {"not_assessed", "none"} else ""
    return f"{finding.side}: {words}{why}"
