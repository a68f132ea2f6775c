"""The notebooks run as they stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("name", ["quick_start"])
def test_notebook_runs(
    name: str, project_root: Path, heavy_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every code cell of the notebook runs, one after the other, from the top of the checkout."""
    assert heavy_model.exists()
    notebook = json.loads((project_root / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    assert all(not cell.get("outputs") for cell in notebook["cells"])
    (tmp_path / "sample_videos").symlink_to(project_root / "sample_videos")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # noqa: S102 - that is what a notebook is for
    assert (tmp_path / "out" / "quick_start" / "report.html").exists()
