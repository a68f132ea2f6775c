"""What the review page shows: an analysis as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from midstance.report.words import group_of, instant_words, view_words
from midstance.science.catalogue import CURVE_INSTANTS, MEASURES
from midstance.science.chain import chain_of
from midstance.science.findings import DISCLAIMER
from midstance.science.landmarks import EDGES, LANDMARK_INDEX, LANDMARK_NAMES, SIDES, LandmarkSeries
from midstance.science.legs import leg_length_px
from midstance.science.norms import norm_band
from midstance.science.records import Analysis, Finding, ViewAnalysis
from midstance.storage._rows import measure_rows, stride_rows, summary_rows
from midstance.storage.analysis_json import plain
from midstance.web.analysing import Analysed, StoredClip
from midstance.web.faces import face_places
from midstance.web.moments import MomentFinder

LAYOUT = "float32 little endian (frames, 33, 3): x_px, y_px, visibility; NaN = not seen; cleaned, at frame_time_s"


def review_dict(analysed: Analysed, base: str, markers: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return an analysis as the review page takes it.

    Parameters
    ----------
    analysed : Analysed
    base : str
        Address of the session's API.
    markers : mapping
        Pelvis markers as placed, by the id of the clip.
    """
    analysis = analysed.analysis
    finder = MomentFinder(analysis)
    return {
        "views": [_view(view, analysed, base, markers) for view in analysis.views],
        "measures": {m.name: asdict(m) | {"group": group_of(m.name)} for m in MEASURES},
        "instants": {i: instant_words(i) for i in (*CURVE_INSTANTS, "stride")},
        "summary": list(summary_rows(analysis)),
        "findings": [_finding(finding, finder) for finding in analysis.findings],
        "chain": _chain(analysis, finder),
        "disclaimer": DISCLAIMER,
    }


def _view(
    view: ViewAnalysis, analysed: Analysed, base: str, markers: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    clip = analysed.clips[view.name]
    size = view.raw.frame_size_px or (view.clip.width_px, view.clip.height_px)
    address = f"{base}/views/{view.name}"
    facts: dict[str, Any] = {
        "name": view.name,
        "title": view_words(view.name),
        "clip": clip.id,
        "video": f"/api/clips/{clip.id}/video" if clip.kind == "video" else None,
        "width_px": size[0],
        "height_px": size[1],
        "fps": view.clip.fps,
        "file_fps": analysed.file_fps[view.name],
        "frame_time_s": _rounded(view.raw.time_s),
        "frame_number": view.raw.frame.tolist(),
        "media_time_s": _rounded(media_time_s(view, analysed)) if clip.kind == "video" else None,
        "landmarks": _landmarks_facts(view, address),
        "heads": _heads(view) if clip.kind == "video" else None,
        "series_url": f"{address}/series",
        "curves_url": f"{address}/curves",
        "swapped_share": view.swapped_share,
        "notes": [{"check": n.check, "level": n.level, "message": n.message} for n in view.notes],
        "markers": _markers(view, clip, markers),
    }
    scene = plain(asdict(view.scene))
    assert isinstance(scene, dict)  # noqa: S101 - a record is one
    return scene | {k: v if isinstance(v, list | dict) else plain(v) for k, v in facts.items()} | _rows(view, analysed)


def _rows(view: ViewAnalysis, analysed: Analysed) -> dict[str, Any]:
    by_hand = {(s.side, s.number): s.edited for s in view.strides}
    strides = [dict(row) for row in stride_rows(analysed.analysis) if row["view"] == view.name]
    for row, stride in zip(strides, view.strides, strict=True):
        edited = by_hand[stride.side, stride.number]
        row |= {"number": stride.number, "excluded_by_hand": stride.reason == "excluded by hand", "edited": edited}
    values = [dict(row) for row in measure_rows(analysed.analysis) if row["view"] == view.name]
    return {"strides": strides, "values": values}


def _landmarks_facts(view: ViewAnalysis, address: str) -> dict[str, Any]:
    return {
        "url": f"{address}/landmarks",
        "frames": len(view.raw),
        "names": list(LANDMARK_NAMES),
        "edges": [[LANDMARK_INDEX[a], LANDMARK_INDEX[b]] for a, b in EDGES],
        "layout": LAYOUT,
    }


def _heads(view: ViewAnalysis) -> list[list[float]] | None:
    """Return x, y and radius of the runner's head in each frame, in pixels: what exports blur. None if never seen."""
    places = np.round(face_places(view.raw, leg_length_px(view.raw)), 1)
    return places.tolist() if np.isfinite(places).all() else None


def _markers(view: ViewAnalysis, clip: StoredClip, markers: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
    placed = markers.get(clip.id)
    if not placed:
        return None
    found = dict(placed) | {"tracks": None, "confidence": None, "lost_share": None}
    if view.pelvis is not None:
        tracks = plain(view.pelvis.to_plain())
        assert isinstance(tracks, dict)  # noqa: S101 - a record is one
        found |= {"tracks": tracks.get("xy_px"), "frames": tracks.get("frame"), "confidence": tracks.get("confidence")}
        found["lost_share"] = plain(list(view.pelvis.lost_share))
    return found


def media_time_s(view: ViewAnalysis, analysed: Analysed) -> NDArray[np.float64]:
    """Return at which time of the player each frame begins: the file's own, slow motion left in."""
    times: NDArray[np.float64] = view.raw.time_s * (view.clip.fps / analysed.file_fps[view.name])
    return times


def landmarks_bytes(view: ViewAnalysis) -> bytes:
    """Return the cleaned landmarks at the time of each frame; see `LAYOUT`."""
    xy = _at(view.landmarks, view.landmarks.xy_px, view.raw.time_s)
    visibility = _at(view.landmarks, view.landmarks.visibility[..., None], view.raw.time_s)
    return np.concatenate([xy, visibility], axis=2).astype("<f4").tobytes()


def _at(series: LandmarkSeries, values: NDArray[np.float64], time_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Interpolate values of a uniform time base; NaN where a neighbour is missing, or outside."""
    place = np.interp(time_s, series.time_s, np.arange(len(series)), left=np.nan, right=np.nan)
    known = np.isfinite(place)
    low = np.floor(np.where(known, place, 0)).astype(int)
    high = np.minimum(low + 1, len(series) - 1)
    share = (np.where(known, place, np.nan) - low)[:, None, None]
    mixed = values[low] * (1 - share) + values[high] * share
    return np.asarray(np.where(share == 0, values[low], mixed))


def series_dict(view: ViewAnalysis) -> dict[str, Any]:
    """Return the angles over the whole clip."""
    units = {m.name: m.unit for m in MEASURES}
    return {
        "time_s": _rounded(view.angles.time_s),
        "curves": [
            {"measure": measure, "side": side, "unit": units.get(measure, ""), "values": _rounded(values, 3)}
            for (measure, side), values in view.angles.values.items()
        ],
    }


def curves_dict(view: ViewAnalysis) -> dict[str, Any]:
    """Return the angles over each stride, their mean and SD over the valid ones, and what is usual."""
    valid = {(s.side, s.number) for s in view.strides if s.valid}
    measures = list(dict.fromkeys(c.measure for c in view.curves))
    means = [_mean(view, measure, side, valid) for measure in measures for side in SIDES]
    bands = [(measure, norm_band(measure)) for measure in measures]
    return {
        "percent": list(range(101)),
        "strides": [
            {"measure": c.measure, "side": c.side, "stride": c.stride, "values": _rounded(c.values, 3)}
            for c in view.curves
        ],
        "mean": [mean for mean in means if mean],
        "bands": [
            {
                "measure": measure,
                "low": _rounded(band.mean - band.sd, 3),
                "high": _rounded(band.mean + band.sd, 3),
                "source": band.source,
                "remark": band.remark,
            }
            for measure, band in bands
            if band is not None
        ],
    }


def _mean(view: ViewAnalysis, measure: str, side: str, valid: set[tuple[Any, int]]) -> dict[str, Any] | None:
    chosen = [c.values for c in view.curves if (c.measure, c.side) == (measure, side) and (c.side, c.stride) in valid]
    if len(chosen) < 2:
        return None
    values = np.array(chosen)
    mean, sd = values.mean(axis=0), values.std(axis=0, ddof=1)
    return {"measure": measure, "side": side, "n": len(chosen), "mean": _rounded(mean, 3), "sd": _rounded(sd, 3)}


def _finding(finding: Finding, finder: MomentFinder) -> dict[str, Any]:
    found = plain(finding)
    assert isinstance(found, dict)  # noqa: S101 - a record is one
    rows = [{**asdict(e), "moments": finder.of(e.view, finding.side, e.measure, e.instant)} for e in finding.evidence]
    return found | {"evidence": plain(rows)}


def _chain(analysis: Analysis, finder: MomentFinder) -> Any:
    links = chain_of(analysis.views, analysis.summary)
    return plain([{**asdict(k), "moments": finder.of(k.view, k.side, k.measure, k.instant)} for k in links])


def _rounded(values: NDArray[np.float64], digits: int = 5) -> list[float | None]:
    """Return numbers as JSON takes them: null for NaN."""
    return [None if value != value else value for value in np.round(values, digits).tolist()]
