"""What a server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class WebSettings:
    """How one server is set up."""

    data: Path
    """The folder that holds every session."""
    max_upload_bytes: int = 4 * 1024**3
    """Most that one upload may bring, all clips together: about half an hour of 1080p."""
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    """Names by which a browser may ask for the pages; any other is refused, so that no foreign site can reach in."""
