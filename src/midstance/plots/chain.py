"""The chain from foot to pelvis, drawn on the runner's own midstance or, without a picture, as a stick figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from midstance.plots.chain_labels import Label, labels_of, spread
from midstance.plots.style import FAINT_INK, INK, SIDE_COLOUR, style
from midstance.science.landmarks import EDGES, LANDMARK_INDEX, SIDES, Side
from midstance.science.records import Analysis, ChainLink, ViewAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Image = NDArray[np.uint8]

SIZE_IN = (2.36, 2.9)
PICTURE_SHARE = 0.47
"""Share of the width for the picture; the labels have the rest."""
DPI = 240
JPEG_QUALITY = 88
HEIGHT_LEGS = 1.42
"""Height of the picture in leg lengths: from above the pelvis to below the sole."""
BELOW_LEGS = 0.16
"""Room below the ankle, in leg lengths."""
CHAIN = (("pelvis", "hip"), ("hip", "knee"), ("knee", "ankle"))


@dataclass(frozen=True, eq=False)
class ChainMoment:
    """One leg of one view at its midstance."""

    view: ViewAnalysis
    side: Side
    time_s: float
    frame: int
    """Number of the frame in the clip."""


def chain_moments(analysis: Analysis) -> tuple[ChainMoment, ...]:
    """Return what to draw: the near leg of each side view, both legs of each frontal one.

    Each at the midstance of a valid stride from the middle of the clip; a leg without one is left out.
    """
    sides = [(v, s) for v in analysis.views for s in ((v.scene.near_side,) if v.scene.near_side else SIDES)]
    return tuple(_moment(view, side) for view, side in sides if view.valid_strides(side))


def _moment(view: ViewAnalysis, side: Side) -> ChainMoment:
    strides = view.valid_strides(side)
    time_s = strides[len(strides) // 2].midstance_s
    index = int(np.argmin(np.abs(view.raw.time_s - time_s)))
    return ChainMoment(view, side, float(view.raw.time_s[index]), int(view.raw.frame[index]))


def draw_chain(moment: ChainMoment, links: Sequence[ChainLink], picture_bgr: Image | None = None) -> bytes:
    """Draw the chain of one leg with its values beside the joints.

    Parameters
    ----------
    moment : ChainMoment
    links : sequence of ChainLink
        Of the whole run; those that this view shows of this leg are drawn.
    picture_bgr : (h, w, 3) uint8 array, optional
        The frame of the moment. Without it a stick figure is drawn on plain ground.

    Returns
    -------
    bytes
        A JPEG with a picture, else a PNG. Joints that were measured are solid, others hollow and labelled
        `not measurable`.
    """
    with style():
        figure = chain_figure(moment, links, picture_bgr)
        buffer = BytesIO()
        kind = "png" if picture_bgr is None else "jpeg"
        extra = {} if picture_bgr is None else {"pil_kwargs": {"quality": JPEG_QUALITY}}
        figure.savefig(buffer, format=kind, dpi=DPI, **extra)  # type: ignore[arg-type]  # one of two forms
    return buffer.getvalue()


def chain_figure(moment: ChainMoment, links: Sequence[ChainLink], picture_bgr: Image | None = None) -> Figure:
    """Return the drawing as a figure; its axes are in pixels of the clip, y down."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_IN)
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    points = _points(moment)
    window = _window(moment, points)
    _frame(ax, window)
    if picture_bgr is None:
        _ground(ax, window)
    else:
        _picture(ax, picture_bgr, window)
    _body(ax, points, moment.side, window, plain=picture_bgr is None)
    labels = labels_of(moment.view, moment.side, links)
    anchors = {joint: _joint(points, moment, joint) for joint in ("foot", "ankle", "knee", "hip", "pelvis")}
    _leg(ax, points, moment.side, anchors, window)
    _labels(ax, labels, anchors, window, SIDE_COLOUR[moment.side])
    return figure


@dataclass(frozen=True)
class Window:
    """The part of the picture that is shown, in pixels of the clip, and the room for labels beside it."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where the labels begin."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.top + self.height


def _points(moment: ChainMoment) -> Floats:
    """Return the cleaned landmarks nearest to the moment, shape (33, 2)."""
    landmarks = moment.view.landmarks
    nearest = int(np.argmin(np.abs(landmarks.time_s - moment.time_s)))
    return np.asarray(landmarks.xy_px[nearest], dtype=np.float64)


def _window(moment: ChainMoment, points: Floats) -> Window:
    """Return the window around the leg, wide enough for its share of the figure."""
    leg_px = moment.view.scene.leg_length_px
    height = HEIGHT_LEGS * leg_px
    width = height * PICTURE_SHARE * SIZE_IN[0] / SIZE_IN[1]
    leg = points[[LANDMARK_INDEX[f"{moment.side}_{j}"] for j in ("hip", "knee", "ankle", "heel", "foot_index")]]
    centre = (np.nanmin(leg[:, 0]) + np.nanmax(leg[:, 0])) / 2
    bottom = np.nanmax(leg[:, 1]) + BELOW_LEGS * leg_px
    return Window(float(centre - width / 2), float(bottom - height), width, height)


def _frame(ax: Axes, window: Window) -> None:
    ax.set_axis_off()
    ax.set_xlim(window.left, window.left + window.width / PICTURE_SHARE)
    ax.set_ylim(window.bottom, window.top)


def _picture(ax: Axes, picture_bgr: Image, window: Window) -> None:
    """Show the part of the picture in the window, a little paler so that lines stand out."""
    height, width = picture_bgr.shape[:2]
    x0, x1 = (int(np.clip(x, 0, width)) for x in (np.floor(window.left), np.ceil(window.right)))
    y0, y1 = (int(np.clip(y, 0, height)) for y in (np.floor(window.top), np.ceil(window.bottom)))
    part = picture_bgr[y0:y1, x0:x1, ::-1]
    if part.size:
        paler = (0.82 * part + 0.18 * 255).astype(np.uint8)
        ax.imshow(paler, extent=(x0, x1, y1, y0), interpolation="bilinear", aspect="auto", zorder=0)


def _ground(ax: Axes, window: Window) -> None:
    from matplotlib.patches import Rectangle

    corner = (window.left, window.top)
    ax.add_patch(Rectangle(corner, window.width, window.height, facecolor="#F4F4F4", edgecolor="none", zorder=0))


def _body(ax: Axes, points: Floats, side: Side, window: Window, *, plain: bool) -> None:
    """Draw the rest of the body in grey on plain ground; the picture shows it otherwise."""
    if not plain:
        return
    for a, b in EDGES:
        if a.startswith(side) and b.startswith(side) and "shoulder" not in (a[len(side) + 1 :], b[len(side) + 1 :]):
            continue
        ends = points[[LANDMARK_INDEX[a], LANDMARK_INDEX[b]]]
        _line(ax, ends, window, colour="#B5B5B5", width=2.0, zorder=1)


def _joint(points: Floats, moment: ChainMoment, joint: str) -> Floats:
    """Return where a joint of the chain is drawn, shape (2,)."""
    at = {j: points[LANDMARK_INDEX[f"{moment.side}_{j}"]] for j in ("hip", "knee", "ankle", "heel", "foot_index")}
    if joint == "foot":
        return np.asarray((at["heel"] + at["foot_index"]) / 2, dtype=np.float64)
    if joint == "pelvis":
        hips = (points[LANDMARK_INDEX["left_hip"]] + points[LANDMARK_INDEX["right_hip"]]) / 2
        raised = np.array([0.0, -0.11 * moment.view.scene.leg_length_px])
        return np.asarray(hips + raised, dtype=np.float64)
    return np.asarray(at[joint], dtype=np.float64)


def _leg(ax: Axes, points: Floats, side: Side, anchors: dict[str, Floats], window: Window) -> None:
    """Draw the segments of the chain and the foot as a triangle."""
    for a, b in CHAIN:
        _line(ax, np.stack([anchors[a], anchors[b]]), window, colour=SIDE_COLOUR[side], width=2.4, zorder=3)
    foot = points[[LANDMARK_INDEX[f"{side}_{j}"] for j in ("ankle", "heel", "foot_index", "ankle")]]
    _line(ax, foot, window, colour=SIDE_COLOUR[side], width=2.0, zorder=3)


def _line(ax: Axes, points: Floats, window: Window, *, colour: str, width: float, zorder: float) -> None:
    """Draw a line with a white edge, clipped to the window; nothing where an end is missing."""
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import Normal, Stroke

    if not np.isfinite(points).all():
        return
    edge = [Stroke(linewidth=width + 1.6, foreground="white"), Normal()]
    (line,) = ax.plot(points[:, 0], points[:, 1], color=colour, linewidth=width, zorder=zorder, path_effects=edge)
    corner = (window.left, window.top)
    line.set_clip_path(Rectangle(corner, window.width, window.height, transform=ax.transData))


def _labels(ax: Axes, labels: tuple[Label, ...], anchors: dict[str, Floats], window: Window, colour: str) -> None:
    """Write the labels in the column beside the picture, each with a line to its joint."""
    shown = [label for label in labels if np.isfinite(anchors[label.region]).all()]
    shown.sort(key=lambda label: float(anchors[label.region][1]))
    rows = spread([float(anchors[x.region][1]) for x in shown], [_height(x, window) for x in shown], window)
    for label, y in zip(shown, rows, strict=True):
        _label(ax, label, anchors[label.region], y, window, colour)


def _height(label: Label, window: Window) -> float:
    """Return the height of a label in pixels of the clip, with the gap below it."""
    lines = 1 + len(label.lines)
    return window.height * (0.037 * lines + 0.03)


def _label(ax: Axes, label: Label, at: Floats, y: float, window: Window, colour: str) -> None:
    x = window.right + 0.1 * window.width
    ax.plot([at[0], x - 0.03 * window.width], [at[1], y], color=INK, linewidth=0.6, zorder=2)
    fill = colour if label.measured else "white"
    ax.plot(*at, marker="o", markersize=6, color=fill, markeredgecolor=colour, markeredgewidth=1.3, zorder=5)
    text = "\n".join(label.lines)
    ax.text(x, y, label.heading, fontsize=7.3, fontweight="bold", va="bottom", color=INK, zorder=6)
    looks = {"color": INK} if label.measured else {"color": FAINT_INK, "fontstyle": "italic"}
    ax.text(x, y, text, fontsize=7.0, va="top", linespacing=1.15, zorder=6, **looks)  # type: ignore[arg-type]  # two looks
