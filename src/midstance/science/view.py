"""The science of one clip from raw landmarks to numbers, and how views help each other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from midstance.science.angles import FootLength, foot_length_from_side, measure_angles
from midstance.science.checks import check_enough_strides, check_legs_in_frame, check_running, check_seen
from midstance.science.cleaning import Cleaned, clean
from midstance.science.contacts import side_view_contacts
from midstance.science.editing import EditedContacts, edit_contacts, edit_notes, levelled, mark_strides, with_level
from midstance.science.edits import NO_VIEW_EDITS, ViewEdits
from midstance.science.foot_timing import FootCourses, foot_courses, moved_to_feet
from midstance.science.frontal import USUAL_TIMING, USUAL_TIMINGS, Timings, frontal_view_contacts
from midstance.science.joint_centres import joint_centres
from midstance.science.landmarks import LandmarkSeries, Side, other_side
from midstance.science.measures import MeasuringContext, measure_curves, measure_values, remeasured
from midstance.science.midstance import stance_timing
from midstance.science.neutrals import NO_NEUTRALS, Neutrals
from midstance.science.notes import NoteFacts, capture_notes
from midstance.science.pelvis_markers import MarkerTracks, pelvis_notes, pelvis_trust, with_pelvis
from midstance.science.records import ClipFacts, QualityNote, Scene, View, ViewAnalysis
from midstance.science.scene import check_view, describe_scene
from midstance.science.settings import Settings
from midstance.science.squaring import USUAL_FORE_AFT, ForeAft, find_yaw_deg, fore_aft, squared_up
from midstance.science.stances import Contacts
from midstance.science.standing import standing_notes
from midstance.science.steadiness import drift_leg_lengths, jumps, repeated_share
from midstance.science.strides import build_strides
from midstance.science.turned_foot import legs_across, with_turned_feet


@dataclass(frozen=True)
class SideFacts:
    """What a side view tells a frontal view of the same run."""

    timings: Timings = field(default_factory=lambda: USUAL_TIMINGS)
    """When the events of each leg's stance happen around the trunk's low."""
    foot: FootLength = field(default_factory=FootLength)
    fore_aft: ForeAft = USUAL_FORE_AFT
    """Where the joints are in the direction that a frontal view does not show."""
    foot_courses: FootCourses = field(default_factory=dict)
    """How the feet rise and fall."""


NOTHING_KNOWN = SideFacts()


def analyse_view(
    name: str,
    view: View,
    raw: LandmarkSeries,
    clip: ClipFacts,
    settings: Settings,
    known: SideFacts = NOTHING_KNOWN,
    edits: ViewEdits = NO_VIEW_EDITS,
    pelvis: MarkerTracks | None = None,
    neutrals: Neutrals = NO_NEUTRALS,
) -> ViewAnalysis:
    """Analyse one clip: clean, find stances, strides, angles and numbers.

    Parameters
    ----------
    name : str
        Name of the view in all tables.
    view : View
    raw : LandmarkSeries
        Of the runner, as estimated.
    clip : ClipFacts
    settings : Settings
    known : SideFacts
        From a side view, for a frontal one.
    edits : ViewEdits
        What was put right by hand.
    pelvis : MarkerTracks, optional
        Markers on the pelvis, followed through the clip.
    neutrals : mapping of Side to StandingNeutral
        Zeros of the ankles, where a standing trial told them.

    Raises
    ------
    InputError
        If an edit makes no sense.
    CannotAnalyseError
        If the legs are cut off, the person does not run, or too few strides can be used.
    """
    check_seen(raw, settings.cleaning.min_visibility)
    check_legs_in_frame(raw)
    cleaned = clean(raw, settings.cleaning, edits.swapped)
    edited, scene = _stances(cleaned.landmarks, view, settings, known, edits)
    contacts = edited.contacts
    centres = _centres(levelled(cleaned.landmarks, edits.level_deg), contacts, scene, clip, known)
    found = build_strides(centres, contacts, scene, settings.strides, known.timings, modelled=bool(clip.model))
    strides, stale = mark_strides(found, edited, edits)
    check_enough_strides(strides, settings.strides)
    angles = measure_angles(centres, contacts, scene, known.foot, neutrals, foot_axes=bool(clip.model))
    angles = with_pelvis(angles, pelvis, cleaned.landmarks, scene)
    trust, standing = pelvis_trust(pelvis), frozenset(neutrals)
    context = MeasuringContext(
        name, centres, contacts, scene, strides, angles, clip, known.foot.known, pelvis=trust, standing=standing
    )
    notes = (
        *capture_notes(_note_facts(context, raw, cleaned)),
        *edit_notes(name, edits, (*edited.stale, *stale)),
        *pelvis_notes(name, pelvis),
        *standing_notes(name, scene.near_side, neutrals),
    )
    return replace(_measured(context, raw, cleaned, notes), edits=edits, pelvis=pelvis, standing=neutrals)


def _stances(
    landmarks: LandmarkSeries, view: View, settings: Settings, known: SideFacts, edits: ViewEdits
) -> tuple[EditedContacts, Scene]:
    """Return when the feet stand and what the camera shows."""
    level = levelled(landmarks, edits.level_deg)
    edited = edit_contacts(_find_contacts(level, view, settings, known), edits)
    scene = with_level(describe_scene(level, edited.contacts, view, settings), edits.level_deg)
    if view != "side" and scene.surface == "treadmill":
        scene = replace(scene, yaw_deg=find_yaw_deg(level, edited.contacts, known.fore_aft.speed_legs_s))
    return edited, scene


def _measured(
    context: MeasuringContext, raw: LandmarkSeries, cleaned: Cleaned, notes: tuple[QualityNote, ...]
) -> ViewAnalysis:
    curves = measure_curves(context)
    return ViewAnalysis(
        name=context.view,
        clip=context.clip,
        scene=context.scene,
        raw=raw,
        landmarks=cleaned.landmarks,
        centres=context.landmarks,
        angles=context.angles,
        strides=context.strides,
        values=measure_values(context, curves),
        curves=curves,
        notes=notes,
        swapped_share=float(cleaned.swapped.mean()),
    )


def seen_from_both(side: ViewAnalysis, frontal: ViewAnalysis) -> ViewAnalysis:
    """Return an analysed side view with the dorsiflexion that a frontal view of the same run makes of it."""
    angles = with_turned_feet(side.angles, side.strides, legs_across(frontal), side.standing)
    return remeasured(side, angles, "ankle_dorsiflexion")


def renamed(view: ViewAnalysis, name: str) -> ViewAnalysis:
    """Return the same analysis under another name, in all its rows."""
    return replace(
        view,
        name=name,
        values=tuple(replace(v, view=name) for v in view.values),
        curves=tuple(replace(c, view=name) for c in view.curves),
        notes=tuple(replace(n, view=name) for n in view.notes),
    )


def facts_from_side(view: ViewAnalysis) -> SideFacts:
    """Return what an analysed side view tells a frontal view of the same run."""
    near = view.scene.near_side
    if near is None:
        return NOTHING_KNOWN
    strides = view.valid_strides(near)
    return SideFacts(
        timings=_timings(view, near),
        foot=foot_length_from_side(view.centres, near),
        fore_aft=fore_aft(view.centres, strides, view.scene.speed_px_s, view.scene.forward),
        foot_courses=foot_courses(view.centres, tuple(s for s in view.strides if s.valid), view.scene.forward),
    )


def _timings(view: ViewAnalysis, near: Side) -> Timings:
    """Return each leg's timing; the other leg's stands in for one that is not known, the near one's first."""
    found = {side: stance_timing(view.centres, view.valid_strides(side)) for side in (near, other_side(near))}
    stand_in = next((timing for timing in found.values() if timing), USUAL_TIMING)
    return {side: timing or stand_in for side, timing in found.items()}


def _centres(
    landmarks: LandmarkSeries, contacts: Contacts, scene: Scene, clip: ClipFacts, known: SideFacts
) -> LandmarkSeries:
    """Return what angles are read from: joint centres, in a frontal view as from afar and square to the runner."""
    centres = joint_centres(landmarks, contacts, scene, clip.model) if clip.model else landmarks
    if scene.view == "side":
        return centres
    return squared_up(centres, contacts, scene.view, known.fore_aft, scene.yaw_deg)


def _find_contacts(landmarks: LandmarkSeries, view: View, settings: Settings, known: SideFacts) -> Contacts:
    if not settings.force:
        check_view(landmarks, view)
    from_side = view == "side"
    contacts = side_view_contacts(landmarks) if from_side else frontal_view_contacts(landmarks, known.timings)
    if not settings.force:
        check_running(landmarks, contacts, view, settings.strides)
    return contacts if from_side else moved_to_feet(landmarks, contacts, known.foot_courses)


def _note_facts(context: MeasuringContext, raw: LandmarkSeries, cleaned: Cleaned) -> NoteFacts:
    return NoteFacts(
        view=context.view,
        clip=context.clip,
        scene=context.scene,
        contacts=context.contacts,
        strides=context.strides,
        swapped_share=float(cleaned.swapped.mean()),
        missing_share=cleaned.missing_share,
        outlier_share=cleaned.outlier_share,
        repeated_share=repeated_share(raw),
        jumps=jumps(raw, context.scene.leg_length_px),
        drift_leg_lengths=drift_leg_lengths(raw, context.scene.leg_length_px),
    )
