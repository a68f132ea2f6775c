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
