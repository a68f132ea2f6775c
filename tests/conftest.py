"""Fixtures that all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("midstance", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("midstance")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The top folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real clips and motion capture beside the checkout; the test is skipped without it."""
    folder = Path(os.environ.get("MIDSTANCE_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"real clips and motion capture are not at {folder}")
    return folder


@pytest.fixture(scope="session")
def heavy_model() -> Path:
    """The default pose model, as `make setup` installs it; the test is skipped without it."""
    from midstance.models import find_model

    path = find_model("heavy")
    if path is None:
        pytest.skip("the pose model is not installed: run `midstance models get heavy`")
    return path
