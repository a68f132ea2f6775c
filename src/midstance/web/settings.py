"""What a server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from midstance.batch.cluster import Cluster


@dataclass(frozen=True)
class WebSettings:
    """How one server is set up."""

    data: Path
    """The folder that holds the database and every file."""
    max_clip_bytes: int = 4 * 1024**3
    """Largest clip: about half an hour of 1080p."""
    max_clip_s: float = 600.0
    """Longest clip: half a minute is enough, and each minute takes minutes to analyse."""
    max_chunk_bytes: int = 16 * 1024**2
    """Most that one call of an upload may bring."""
    max_json_bytes: int = 256 * 1024
    """Most that any other call may bring."""
    max_clip_pixels: float = 3.5e11
    """Most pixels in all frames of a clip: ten minutes of 4K at 60 frames a second. A small file can hold far more."""
    max_landmark_frames: int = 150_000
    """Most frames of a landmarks file: ten minutes at 240 a second."""
    headers_within_s: float = 10.0
    """Longest time for the head of a request."""
    body_idle_s: float = 20.0
    """Longest time between two parts of a body."""
    body_within_s: float = 600.0
    """Longest time for a body; the largest piece then needs 28 kB/s."""
    most_connections: int = 256
    """At once; further ones are turned away."""
    parallel_jobs: int = 2
    """Jobs at once; exports have one place more, so that they need not wait for an analysis."""
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    """Names by which a browser may ask without a token; any other is refused, so that no foreign site can reach in."""
    token: str = ""
    """Who has it may ask by any name; empty = nobody but this machine."""
    look_for_runner: bool = True
    """Whether a few pictures of every clip go through the pose model before it is taken."""
    cluster: Cluster | None = None
    """Where landmarks are estimated; None = on this machine."""
