"""Numbers of one clip as tables: a column for each of those who are judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from training.real.labels import ClipLabels

from benchmarks.markdown import number
from benchmarks.real.consistency import Otherwise
from benchmarks.real.errors import FLAT_DEG, FootLine, Miss, exchanged_share, feet_of, kinds, misses_of
from benchmarks.real.matching import Pair
from benchmarks.real.records import Gate, Table

PELVIS = ("asis", "psis")
LEAST_SEEN_SHARE = 0.5
"""Who sees a point in fewer of the frames is not held to see it."""

Pairs = Mapping[str, Sequence[Pair]]
"""By who is judged."""


def error_table(labels: ClipLabels, pairs: Pairs) -> Table:
    """Return how far points lie from the labels."""
    found = {who: misses_of(of_who) for who, of_who in pairs.items()}
    groups = sorted({_group(miss) for miss in next(iter(found.values()))}, key=_order)
    rows = [
        (group[0], "near" if group[1] else "far", group[2], *_cells(found, group, labels.leg_px)) for group in groups
    ]
    heads = ("point", "leg", "label", "n", *pairs)
    note = (
        f"Median and 90th centile in % of leg length ({labels.leg_px:g} px), the median in px in brackets; a dash "
        "where the point is not seen, (n of m) where in some frames alone."
    )
    return Table("Distance from the labels", heads, rows, (note,))


def feet_table(pairs: Pairs) -> Table:
    """Return what the foot's line is off by."""
    found = {who: feet_of(of_who) for who, of_who in pairs.items()}
    rows = []
    for near in (True, False):
        for flat in (True, False):
            chosen = {who: [f for f in feet if (f.near, f.flat) == (near, flat)] for who, feet in found.items()}
            if any(chosen.values()):
                where = f"within {FLAT_DEG:.0f}° of flat" if flat else "steeper"
                rows.append(("near" if near else "far", where, *map(_foot_cell, chosen.values())))
    note = "Estimate less label: median ± SD in degrees, toes up positive; length in lengths of the label's; frames."
    return Table("Foot pitch, and heel to toe", ("leg", "foot by the labels", *pairs), rows, (note,))


def exchanged_table(pairs: Pairs) -> Table:
    """Return in how many frames left and right are exchanged."""
    cells = []
    for of_who in pairs.values():
        share, frames = exchanged_share(of_who)
        told = [pair.frame for pair in of_who if pair.exchanged]
        which = f" (frames {', '.join(map(str, told))})" if told else ""
        cells.append(f"{100 * share:.1f} % of {frames}{which}" if frames else "–")
    return Table("Left and right exchanged", tuple(pairs), [cells])


def moved_table(by_variant: Mapping[str, Mapping[str, Otherwise]], leg_px: float) -> Table:
    """Return by how much points move when the clip is shown otherwise; by variant and who is judged."""
    rows = [
        (
            variant,
            who,
            " · ".join(f"{m.kind} {_share(m.median_px, leg_px)} ({_share(m.most_px, leg_px)})" for m in other.moved),
            f"{100 * other.crossed:.1f} %",
            f"{100 * other.found:.1f} %",
        )
        for variant, by_who in by_variant.items()
        for who, other in by_who.items()
    ]
    heads = (
        "clip",
        "who",
        "points move by, % of leg length: median (90th centile)",
        "feet change sides",
        "found again",
    )
    return Table("Without labels: the same clip shown otherwise", heads, rows)


def sides_table(by_who: Mapping[str, Mapping[str, tuple[float, float]]]) -> Table:
    """Return the lengths of both sides, which in a body are alike."""
    titles = sorted({title for lines in by_who.values() for title in lines})
    rows = [(title, *(_sides_cell(lines.get(title)) for lines in by_who.values())) for title in titles]
    note = "Left over right, medians over the clip. The far leg is a few % further from the camera."
    return Table("Without labels: both sides of one body", ("line", *by_who), rows, (note,))


def gates_of(labels: ClipLabels, pairs: Pairs) -> list[Gate]:
    """Return what the gates of a pelvis network are held against."""
    return [_gate(who, list(of_who), labels.leg_px) for who, of_who in pairs.items()]


def _gate(who: str, pairs: Sequence[Pair], leg_px: float) -> Gate:
    offs = np.array([miss.off_px for miss in misses_of(pairs) if miss.kind in PELVIS])
    share, frames = exchanged_share(pairs)
    sees = len(offs) and np.isfinite(offs).mean() >= LEAST_SEEN_SHARE
    return Gate(who, float(np.nanmedian(offs)) / leg_px if sees else None, share if frames else None, frames)


Group = tuple[str, bool, str]


def _group(miss: Miss) -> Group:
    return miss.kind, miss.near, miss.seen


def _order(group: Group) -> tuple[int, bool, bool]:
    return kinds().index(group[0]), not group[1], group[2] != "yes"


def _cells(found: Mapping[str, Sequence[Miss]], group: Group, leg_px: float) -> Iterable[str]:
    offs = [np.array([miss.off_px for miss in misses if _group(miss) == group]) for misses in found.values()]
    yield str(len(offs[0]))
    yield from (_off_cell(of_who, leg_px) for of_who in offs)


def _off_cell(offs_px: np.ndarray, leg_px: float) -> str:
    seen = offs_px[np.isfinite(offs_px)]
    if not len(seen):
        return "–"
    partly = f" ({len(seen)} of {len(offs_px)})" if len(seen) < len(offs_px) else ""
    middle, most = float(np.median(seen)), float(np.percentile(seen, 90))
    return f"{_share(middle, leg_px)}, {_share(most, leg_px)} ({number(middle, 1)} px){partly}"


def _foot_cell(feet: Sequence[FootLine]) -> str:
    if not feet:
        return "–"
    pitch = np.array([foot.pitch_deg for foot in feet])
    length = float(np.median([foot.length_share for foot in feet]))
    return f"{number(float(np.median(pitch)), 1)} ± {number(float(pitch.std()), 1)}; {number(length)}; n = {len(feet)}"


def _sides_cell(lengths: tuple[float, float] | None) -> str:
    return "–" if lengths is None else f"{number(lengths[0] / lengths[1])}"


def _share(value_px: float, leg_px: float) -> str:
    return number(100 * value_px / leg_px, 1)
