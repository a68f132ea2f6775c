"""Findings and chain links for tests of the report."""

from __future__ import annotations

from typing import Literal

from midstance.science.landmarks import SIDES, Side
from midstance.science.records import ChainLink, Evidence, Finding, Level

NAN = float("nan")
DISCLAIMER = "Educational screening aid; not a medical device; does not diagnose, treat or predict injury."
Region = Literal["foot", "ankle", "knee", "hip", "pelvis"]
JOINTS: tuple[tuple[Region, str, str, str, float], ...] = (
    ("foot", "foot_progression", "midstance", "front", 8.0),
    ("ankle", "ankle_dorsiflexion", "stance_peak", "side", 15.2),
    ("knee", "knee_flexion", "midstance", "side", 40.0),
    ("hip", "hip_adduction", "midstance", "front", 9.0),
    ("pelvis", "pelvic_drop", "stance_peak", "front", NAN),
)


def link(
    region: Region, side: Side, measure: str, instant: str, value: float, *, view: str = "side", error: float = 2.1
) -> ChainLink:
    """Return one joint; one without a value says why."""
    measured = value == value
    return ChainLink(
        region, side, view, measure, instant, "deg", value, 1.0, error if measured else NAN, 10,
        19.9, 25.5, "22.7 ± 2.8° (46 runners)", "low" if measured else "unknown",
        "" if measured else "hip landmarks do not follow the pelvis",
    )  # fmt: skip


def links(*, error: float = 2.1) -> tuple[ChainLink, ...]:
    """Return a chain from foot to pelvis, whose pelvis was not measured."""
    return tuple(
        link(region, side, measure, instant, value, view=view, error=error)
        for region, measure, instant, view, value in JOINTS
        for side in SIDES
    )


def evidence(rule: str, *, met: bool | None, value: float = 15.2, error: float = 2.1) -> Evidence:
    """Return one rule, judged or not."""
    judged = met is not None
    return Evidence(
        rule=rule,
        title=f"{rule} asks whether peak dorsiflexion is 17 deg or less",
        met=met,
        reason="" if judged else f"{rule} needs the near leg",
        view="side",
        measure="ankle_dorsiflexion",
        instant="stance_peak",
        unit="deg",
        value=value if judged else NAN,
        threshold=17.0,
        margin=17.0 - value if judged else NAN,
        standard_error=error,
        probability=0.82 if judged else NAN,
        strides_meeting=0.9 if met else 0.0,
        strides=10,
        source="46 runners [computed]",
    )


def founding(side: Side, level: Level = "none") -> Finding:
    """Return the founding finding of a side, with a rule met, one not met and one not judged."""
    return Finding(
        id="dorsiflexion_compensation",
        side=side,
        level=level,
        title="Movement pattern that may go with reduced ankle dorsiflexion",
        statement=f"The {side} side may be consistent with it. {DISCLAIMER}",
        evidence=(
            evidence("S1", met=level != "none"),
            evidence("C2", met=False, value=20.0),
            evidence("C4", met=None),
        ),
        alternatives=("stiff knee in stance", "the camera"),
        confirm=("knee-bent lunge test by a qualified clinician",),
        sources=("Lima 2018 (abstract read)",),
        reasons=("S1: 1.8 deg beyond the threshold, within the detectable difference",),
    )


def overstride() -> Finding:
    """Return another finding."""
    return Finding(
        id="overstride",
        side="both",
        level="none",
        title="Overstride",
        statement=f"Within the threshold. {DISCLAIMER}",
        evidence=(evidence("O1", met=False),),
        alternatives=("speed",),
        confirm=("a second clip",),
        sources=(),
    )
