"""The web app's OpenAPI description, with what its routes read themselves: the bodies, and names that are there."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from midstance.web.app import create_app
from midstance.web.settings import WebSettings
from midstance.web.start import open_site

NOBODY = "0" * 32
ODD_IDS = [NOBODY, "..", "%2e%2e", "x", "é", "A" * 300, "'"]
ENDLESS = ("/api/events",)
"""Answers that go on for ever."""
HARMFUL = (("delete", "/api/sessions/{session_id}"), ("delete", "/api/clips/{clip_id}"))
"""What would take away what the other addresses need; asked for with odd names only."""

Schema = dict[str, Any]
_NUMBER = {"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "null"}, {"type": "integer"}]}
_TEXT = {"anyOf": [{"type": "string"}, {"type": "null"}]}
_LUNGE = {"type": "object", "properties": {"value": _NUMBER, "unit": {"enum": ["deg", "cm", "x"]}}}
_DETAILS = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("height_cm", "speed_kmh", "incline_percent"), _NUMBER),
        **dict.fromkeys(("shoes", "note"), _TEXT),
        "lunge_left": _LUNGE,
        "lunge_right": _LUNGE,
    },
}
_SESSION = {"type": "object", "properties": {"runner": _TEXT, "name": _TEXT, "details": _DETAILS}}
_SLOT = {"enum": ["side", "side_2", "front", "rear", "standing", "", None, 3]}
_TIME = {"anyOf": [{"type": "number"}, {"type": "null"}, {"type": "string"}]}
_STEP = {
    "type": "object",
    "properties": {
        "kind": {
            "enum": [
                "move_event", "exclude_stride", "include_stride", "remove_stance", "add_stance", "swap_sides",
                "tilt_line", "none", None, [],
            ]
        },
        "view": {"enum": ["side", "front", ["side"]]},
        "side": {"enum": ["left", "right", None]},
        "event": {"enum": ["initial_contact", "toe_off", 1]},
        **dict.fromkeys(("at_s", "to_s", "from_s", "initial_contact_s", "toe_off_s"), _TIME),
        "points_px": {"type": "array", "items": {"type": "array", "items": {"type": "number"}, "maxItems": 3}},
    },
}  # fmt: skip
_EXPORT = {
    "type": "object",
    "properties": {
        **{key: {"type": "boolean"} for key in ("overlay", "blur_face", "report", "tables", "name_runner")},
        "plots": {"anyOf": [{"const": "all"}, {"type": "array", "items": {"enum": ["knee_flexion", "x", []]}}]},
        "plot_formats": {"type": "array", "items": {"enum": ["png", "svg", "exe", {}]}},
    },
}
_MARKERS = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["spines", "waistband", "hips", [], None]},
        "frame": {"type": "integer"},
        "points": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "number"}}},
    },
}
BODIES: Mapping[tuple[str, str], Schema] = {
    ("post", "/api/sessions"): _SESSION,
    ("patch", "/api/sessions/{session_id}"): _SESSION,
    ("post", "/api/sessions/{session_id}/clips"): {
        "type": "object",
        "properties": {"slot": _SLOT, "name": {"type": "string"}, "size_bytes": {"type": "integer"}},
    },
    ("patch", "/api/clips/{clip_id}"): {
        "type": "object",
        "properties": {"capture_fps": _NUMBER, "slot": _SLOT, "accepted": {"type": "boolean"}},
    },
    ("put", "/api/sessions/{session_id}/edits"): {
        "type": "object",
        "properties": {"edits": {"type": "array", "items": _STEP, "maxItems": 4}},
    },
    ("post", "/api/sessions/{session_id}/edits"): {"type": "object", "properties": {"edit": _STEP}},
    ("put", "/api/sessions/{session_id}/views/{view}/markers"): _MARKERS,
    ("post", "/api/sessions/{session_id}/exports"): _EXPORT,
}
_NAMES = {
    "view": ["side", "front", "..", "side/x"],
    "name": [
        "knee_flexion.png",
        "knee_flexion.svg",
        "measures.csv",
        "landmarks_side.csv",
        "../x",
        "report.html",
        "é.png",
    ],
}


def app_schema(data: Path, sessions: list[str], clips: list[str]) -> Schema:
    """Return the description, for a server that has these sessions and clips."""
    site = open_site(WebSettings(data))
    schema = copy.deepcopy(create_app(site).openapi())
    for path in ENDLESS:
        del schema["paths"][path]
    ids = {"session_id": sessions, "clip_id": clips, "before": sessions, "after": sessions, "session": sessions}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method, path, ids)
    return schema


def _complete(operation: Schema, method: str, path: str, ids: Mapping[str, list[str]]) -> None:
    harmful = (method, path) in HARMFUL
    for parameter in operation.get("parameters", []):
        name = parameter["name"]
        if name in ids:
            parameter["schema"] = {"enum": [*([] if harmful else ids[name]), *ODD_IDS]}
        elif name in _NAMES:
            parameter["schema"] = {"enum": _NAMES[name]}
    if (method, path) in BODIES:
        operation["requestBody"] = {"content": {"application/json": {"schema": BODIES[method, path]}}}
    if path.endswith("/content"):
        body = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {"content": {"application/octet-stream": body}}
