"""The notebooks run as they stand, on the stored landmarks of the sample clips."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

NEEDS = {"own_rule": "midstance.own"}
"""What a notebook needs that an install may lack."""
NAMES = ("quick_start", "one_runner", "accuracy", "own_rule")


def test_every_notebook_is_run(project_root: Path) -> None:
    """No notebook lies beside those that are run."""
    assert {p.stem for p in (project_root / "notebooks").glob("*.ipynb")} == set(NAMES)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the client that talks to the kernel; the notebook runs in another process
@pytest.mark.parametrize("name", NAMES)
def test_notebook_runs(name: str, project_root: Path, tmp_path: Path) -> None:
    """Every cell runs, one after the other, and the file holds no output."""
    import nbformat
    from nbclient import NotebookClient

    if name in NEEDS and find_spec(NEEDS[name]) is None:
        pytest.skip(f"needs {NEEDS[name]}")
    notebook = nbformat.read(project_root / "notebooks" / f"{name}.ipynb", as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
    (tmp_path / "sample_videos").symlink_to(project_root / "sample_videos")
    folder = tmp_path / "notebooks"
    folder.mkdir()
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    assert name != "quick_start" or (folder / "out" / "quick_start" / "report.html").exists()
