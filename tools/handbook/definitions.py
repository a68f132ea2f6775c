"""What each measure is, in plain words, and where its definition comes from. Numbers stand in the package alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    """What a measure is."""

    what: str
    source: str
    """Who defines it so, and where midstance departs."""
    mind: str = ""
    """What a reader must know before using it."""
    figure: str = ""
    """Name of the drawing; that of the measure when empty."""


_AS_SEEN = "an angle of body segments in the picture, as two-dimensional running analysis defines it (Dingenen 2018)"
_TIMES = "the usual definition from initial contact and toe-off"

DEFINITIONS: dict[str, Definition] = {
    "tibial_inclination": Definition(
        "The line from ankle to knee against the vertical of the picture.",
        _AS_SEEN,
        "A camera that leans adds its own lean, degree for degree.",
    ),
    "ankle_dorsiflexion": Definition(
        "The shank against the foot (heel to toe). Zero is how far the shank leans over a flat foot in quiet standing: "
        "from a standing trial, else a mean of people.",
        "the joint angle of motion capture, where zero is the standing trial too (Fukuchi 2017). We depart where no "
        "standing trial is given: then a mean stands in and the standard error is larger",
        "On an inclined belt add the incline to see the angle of the joint itself. With a frontal clip beside the side "
        "one, a turned-out foot is reckoned with in three dimensions.",
    ),
    "knee_flexion": Definition(
        "The bend between the lines hip to knee and knee to ankle; 0 is straight.",
        _AS_SEEN,
    ),
    "hip_flexion": Definition(
        "The thigh against the trunk; 0 is in line.",
        "anatomy measures it against the pelvis. We depart: the landmarks show no pelvis, so the trunk stands in",
        "The trunk leans more than the pelvis, so this is not motion capture's number. It is always of quality low.",
    ),
    "foot_pitch": Definition(
        "The foot (heel to toe) against the ground; 0 is flat. The zero is found in the runner's own stances, while "
        "the foot is flat.",
        _AS_SEEN,
        "At initial contact it tells the strike: toes up for a heel strike, about zero or below for the fore part.",
    ),
    "trunk_lean": Definition(
        "The line from the middle of the hips to the middle of the shoulders against the vertical.",
        "as in Bramah 2018, there from markers",
    ),
    "pelvic_tilt": Definition(
        "The line from PSIS to ASIS against the horizontal, from markers placed by hand in the web app.",
        "the raw marker line; no standing zero is taken off",
        "Without markers it is reported as not measurable: a pose model sees neither ASIS nor PSIS.",
    ),
    "overstride_m": Definition(
        "How far the ankle is ahead of the middle of the hips at initial contact.",
        "common practice; no cut-off is established, so it is shown and not judged",
        "In metres with `--height-m` or `--speed-mps`, else in pixels and of quality low.",
    ),
    "foot_progression": Definition(
        "The foot (heel to toe) against the line of running. It comes from the sideways distance of heel and toe over "
        "the length of the foot, which a side clip tells.",
        "the foot progression angle of gait analysis. We depart from the angle drawn on a frontal picture: seen from a "
        "phone above the ground that angle is several times too large",
        "Only midstance counts: the foot is flat only around it.",
    ),
    "knee_valgus": Definition(
        "The frontal plane projection angle: hip, knee and ankle as the front or rear picture shows them.",
        "Willson 2008. We depart by turning the picture to what a distant camera square to the runner would have seen",
        "It is a projection. It did not follow the knee's three-dimensional abduction in 15 runners, and rotation of "
        "thigh and shank is in it.",
    ),
    "hip_adduction": Definition(
        "The thigh against the vertical, seen from the front or the rear.",
        "published figures are against the pelvis (Bramah 2018). We depart: the landmarks do not show the pelvis",
        "The pelvis's own part is missing, so it is always of quality low and no published range is put beside it.",
    ),
    "pelvic_drop": Definition(
        "The line through both ASIS or both PSIS against the horizontal, from markers placed by hand in the web app.",
        "as in Bramah 2018, there in three dimensions",
        "Without markers it is reported as not measurable: the line of a pose model's hip landmarks does not follow "
        "the pelvis.",
    ),
    "trunk_side_lean": Definition(
        "The line from the middle of the hips to the middle of the shoulders against the vertical, from front or rear.",
        _AS_SEEN,
    ),
    "step_width_m": Definition(
        "The sideways distance between an ankle at its midstance and the other one at the midstance before.",
        "the usual definition, at midstance in place of contact",
        "In metres with `--height-m` or `--speed-mps`, else in pixels and of quality low.",
    ),
    "cadence": Definition("Steps per minute: 120 over the stride time in seconds.", _TIMES, figure="timing"),
    "stride_time": Definition("From an initial contact to the next one of the same foot.", _TIMES, figure="timing"),
    "contact_time": Definition(
        "From initial contact to toe-off of the same foot.",
        _TIMES,
        "A frontal clip alone does not show it: add a side clip.",
        figure="timing",
    ),
    "flight_time": Definition(
        "From toe-off to the other foot's initial contact; negative when both feet are down.",
        _TIMES,
        "A frontal clip alone does not show it: add a side clip.",
        figure="timing",
    ),
    "duty_factor": Definition(
        "Contact time as a share of the stride time.",
        _TIMES,
        "A frontal clip alone does not show it: add a side clip.",
        figure="timing",
    ),
    "vertical_oscillation_m": Definition(
        "How far the middle of the hips rises from its low to its top, mean of the two steps of a stride.",
        "the usual definition, for the hips in place of the centre of mass",
        "In metres with `--height-m` or `--speed-mps`, else in pixels and of quality low.",
    ),
}
"""By the name of the measure."""
