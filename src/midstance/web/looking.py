"""Looks at an uploaded clip in a process of its own, with limits on what it may use.

`python -m midstance.web.looking CLIP SLOT LIMITS [glance]` writes what was found as a line of JSON, and with
`glance` a second line with what a few pictures told. It is a process because an upload may be made to exhaust or
crash what decodes it, and because the pose model takes hundreds of megabytes that a server need not keep.
"""

from __future__ import annotations

import base64
import json
import logging
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from midstance.api.limits import allow_cpu, confine, memory_limit_told
from midstance.api.seal import seal_network
from midstance.science.errors import LimitError
from midstance.web.check import USUAL, ClipCheck, Limits, check_clip, is_text
from midstance.web.glance import glance
from midstance.web.judging import judge
from midstance.web.refusals import Refusal, clip_refusal

_LOG = logging.getLogger(__name__)

WITHIN_S = 60.0
"""Opening a clip takes a second or two, on a busy machine a few; one that takes longer is not taken."""
GLANCE_WITHIN_S = 20.0
"""A few seconds on a quiet machine. A user need not wait longer: the analysis finds out too."""
CPU_S = 120.0
MEMORY_BYTES = 4 * 1024**3
"""Twice of what the largest pictures that are taken need."""
FILE_BYTES = 256 * 1024**2
"""Nothing is written but the model's parts, for a moment."""
_WITH_GLANCE = "glance"

_one_at_a_time = threading.Lock()


def look(clip: Path, slot: str, limits: Limits = USUAL, *, with_glance: bool) -> ClipCheck:
    """Look at an uploaded file; landmarks are read here, clips are decoded in another process.

    Parameters
    ----------
    clip : Path
    slot : str
        What it is to show.
    limits : Limits
        What is too much.
    with_glance : bool
        Whether people are looked for in a few pictures of a clip with nothing else against it.

    Raises
    ------
    OSError
        If no process can be started.
    """
    if is_text(clip):
        return check_clip(clip, slot, limits)
    arguments = [sys.executable, "-m", "midstance.web.looking", str(clip), slot, json.dumps(asdict(limits))]
    with _one_at_a_time:
        told = _told_by([*arguments, _WITH_GLANCE] if with_glance else arguments)
    lines = [line for line in told.split(b"\n")[:-1] if line.startswith(b"{")]
    return _from_json(json.loads(lines[-1])) if lines else _beyond_limits(slot)


def _told_by(arguments: list[str]) -> bytes:
    """Return what a process wrote until it ended, or was ended."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program; its arguments are made here
            arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=WITHIN_S + GLANCE_WITHIN_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        _LOG.info("a clip was looked at for too long")
        return error.stdout or b""
    if done.returncode:
        _LOG.info("looking at a clip ended with %d", done.returncode)
    return done.stdout


def _beyond_limits(slot: str) -> ClipCheck:
    told = "expected a clip that opens within the limits on memory and time, given one that does not: convert it"
    return ClipCheck(None, refusal=clip_refusal("not_a_clip", told, slot))


def main() -> int:
    """Look at the clip that is named; return the exit status."""
    clip, slot, limits, *more = sys.argv[1:]
    seal_network()
    confine(MEMORY_BYTES, FILE_BYTES)
    try:
        with memory_limit_told():
            allow_cpu(CPU_S)
            _alarm(WITHIN_S)
            found = check_clip(Path(clip), slot, Limits(**json.loads(limits)))
            _tell(found)
            if _WITH_GLANCE in more and found.kind == "video" and found.refusal is None:
                _alarm(GLANCE_WITHIN_S)
                _tell(_glanced(found, Path(clip), slot))
    except LimitError:
        return 1
    return 0


def _alarm(seconds: float) -> None:
    """End this process after a time, whatever it is at; elsewhere than on Unix the server does."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _glanced(found: ClipCheck, clip: Path, slot: str) -> ClipCheck:
    people = glance(clip)
    if people is None:
        return found
    judged = judge(people, slot)
    return replace(found, refusal=judged.refusal, remarks=(*found.remarks, *judged.remarks))


def _tell(found: ClipCheck) -> None:
    plain = asdict(found) | {"thumbnail": base64.b64encode(found.thumbnail).decode()}
    sys.stdout.write(f"{json.dumps(plain, allow_nan=False)}\n")
    sys.stdout.flush()


def _from_json(told: dict[str, Any]) -> ClipCheck:
    refusal = told["refusal"]
    return ClipCheck(
        kind=told["kind"],
        facts=told["facts"],
        remarks=tuple(told["remarks"]),
        proposal=told["proposal"],
        refusal=None if refusal is None else Refusal(**refusal | {"do": tuple(refusal["do"])}),
        thumbnail=base64.b64decode(told["thumbnail"]),
    )


if __name__ == "__main__":
    sys.exit(main())
