"""`python tools/audit.py`: known weaknesses of the locked packages, as far as anybody here can tell.

Ends with 1 when a package has one. A registry that has no advisories, such as a mirror, or that cannot be reached, is
said plainly and ends with 0: what was not looked at is not called sound.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parents[1] / "requirements" / "lock.txt"
WITHIN_S = 300
_AUDIT = ("-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json", "-r")


def main() -> int:
    """Ask, tell, return the exit status."""
    try:
        done = subprocess.run(  # noqa: S603 - a program of our own environment
            [sys.executable, *_AUDIT, str(LOCK)], capture_output=True, text=True, timeout=WITHIN_S, check=False
        )
        packages = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        say("audit: NOT DONE: the advisory service cannot be reached from here; run it where it can")
        return 0
    return tell(packages)


def tell(packages: list[dict[str, Any]]) -> int:
    """Say what was found; return 1 if a package is known to be weak."""
    unknown = [p for p in packages if "skip_reason" in p]
    weak = [p for p in packages if p.get("vulns")]
    for package in weak:
        known = [f"{v['id']} (mended in {', '.join(v['fix_versions']) or 'none'})" for v in package["vulns"]]
        say(f"audit: {package['name']} {package['version']}: {', '.join(known)}")
    say(f"audit: {len(packages) - len(unknown)} of {len(packages)} packages looked up, {len(weak)} known to be weak")
    if unknown:
        say(f"audit: NOT DONE for {len(unknown)}: the registry that is used here has no advisories for them")
    return 1 if weak else 0


def say(line: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
