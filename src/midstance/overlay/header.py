"""The header: which view, which leg is near, which model, what time it is."""

from __future__ import annotations

from midstance.overlay import pen
from midstance.overlay.moment import Moment
from midstance.overlay.readings import LOW_MARK
from midstance.overlay.style import BAND, FAINT_INK, INK
from midstance.overlay.text import SEMIBOLD, Image, draw_text, shortened, text_width
from midstance.science.model_names import split_name
from midstance.science.records import ViewAnalysis

VIEW_TITLES = {"side": "Side view", "front": "Front view", "rear": "Rear view"}
DISCLAIMER = "midstance · not a medical device"

_PAD = 0.7


def draw_bands(image: Image, moment: Moment) -> None:
    """Paint everything around the picture. What was drawn beyond the picture's edge goes away."""
    layout = moment.layout
    pen.rectangle(image, 0, 0, layout.width_px, layout.picture.y, BAND)
    pen.rectangle(image, 0, layout.picture.y, layout.picture.x, layout.height_px, BAND)
    pen.rectangle(image, layout.picture.right, layout.picture.y, layout.width_px, layout.height_px, BAND)
    pen.rectangle(image, 0, layout.picture.bottom, layout.width_px, layout.height_px, BAND)


def draw_header(image: Image, moment: Moment) -> None:
    """Write the header: what is seen on the left, the time on the right."""
    layout, unit = moment.layout, moment.layout.unit_px
    title, small = layout.text_px(1.15), layout.text_px(0.8)
    left, right = _PAD * unit, layout.width_px - _PAD * unit
    upper, lower = 0.98 * unit, 2.2 * unit
    heading = VIEW_TITLES[moment.view.scene.view]
    draw_text(image, heading, (left, upper), title, INK, weight=SEMIBOLD)
    about = left + text_width(heading, title, SEMIBOLD) + 0.8 * unit
    draw_text(image, near_leg(moment.view), (about, upper), layout.text_px(), FAINT_INK)
    draw_text(image, f"{moment.time_s:.2f} s", (right, upper), title, INK, weight=SEMIBOLD, align="right")
    low = any(r.trace.quality == "low" for r in moment.readings)
    about_numbers = source(moment.view) + (f" · {LOW_MARK} low confidence" if low else "")
    room = right - left - text_width(DISCLAIMER, small) - unit
    draw_text(image, shortened(about_numbers, room, small), (left, lower), small, FAINT_INK)
    draw_text(image, DISCLAIMER, (right, lower), small, FAINT_INK, align="right")


def near_leg(view: ViewAnalysis) -> str:
    """Return which leg is near the camera, in words; empty in a frontal view."""
    return f"near leg: {view.scene.near_side}" if view.scene.near_side else ""


def source(view: ViewAnalysis) -> str:
    """Return what the landmarks came from. The file is not named: its name may hold the patient's."""
    model = f"model {split_name(view.clip.model)[0]}" if view.clip.model else "landmarks from a file"
    return f"{model} · {view.clip.fps:.0f} frames/s"
