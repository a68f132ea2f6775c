"""How long the fuzzers go on: a few examples in the tests, many by `python -m benchmarks.reliability`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_ASKED = os.environ.get("MIDSTANCE_FUZZ_EXAMPLES", "")
LONG = bool(_ASKED)
_SLOW = [
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
]
FUZZ = settings(max_examples=int(_ASKED or "12"), deadline=None, derandomize=not LONG, suppress_health_check=_SLOW)
"""The same examples each time in the tests, so that a failure is the change's; new ones in the long runs."""
APP_FUZZ = settings(FUZZ, max_examples=int(_ASKED or "2"))
"""The same for each address of the web app: a request takes longer."""
