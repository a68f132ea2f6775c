"""A folder of recordings with known truth, made from the stick figure."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from midstance.science.records import View
from midstance.storage.landmarks_csv import write_landmarks
from tests.support.runner import Camera, Gait, film

GAIT = Gait(duration_s=7.0, variability=0.01)
VIEWS: tuple[View, ...] = ("side", "front")
ANGLES = ("tibial_inclination", "knee_flexion")


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run, seen from side and front, and its truth."""
    folder = tmp_path_factory.mktemp("recordings")
    for view in VIEWS:
        write_landmarks(film(GAIT, Camera(view, px_per_m=400.0)).landmarks, folder / f"stick_{view}.csv")
    write_stick_truth(folder / "stick_truth.csv")
    return folder


def write_stick_truth(path: Path) -> None:
    """Write the stick figure's truth in the benchmark's columns."""
    filmed = film(GAIT, Camera())
    rows: list[dict[str, str]] = []
    for stance in filmed.stances():
        times = {
            "initial_contact_s": stance.initial_contact_s,
            "toe_off_s": stance.toe_off_s,
            "midstance_s": stance.midstance_s,
        }
        angles = {f"{a}_midstance_deg": filmed.angle(a, stance.side, stance.midstance_s) for a in ANGLES}
        rows.append({"side": stance.side} | {k: f"{v:.6f}" for k, v in (times | angles).items()})
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
