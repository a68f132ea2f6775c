from __future__ import annotations

import re
from pathlib import Path

import pytest

from midstance.cli.commands import cli
from midstance.formats.markers import read_table

pytestmark = pytest.mark.xdist_group("formats")

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the code blocks of docs/formats.md."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_python_of_the_page_runs(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run from top to bottom, the page's Python exports a run and takes it in again."""
    (tmp_path / "run").symlink_to(saved, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    scope: dict[str, object] = {}
    exec("\n".join(blocks("python")), scope)  # noqa: S102 - the page's own code
    assert scope["peak"] == pytest.approx(90, abs=40)
    assert sorted(Path("out").iterdir()) == sorted(scope["files"])  # type: ignore[call-overload]  # paths
    assert scope["again"].views[0].values  # type: ignore[attr-defined]  # an analysis


def test_the_commands_of_the_page_exist() -> None:
    """Every command and option of the page is one that the command line knows."""
    shown = [line.split() for block in blocks("sh") for line in block.splitlines()]
    assert len(shown) == 2
    for _, name, *rest in shown:
        known = {option for parameter in cli.commands[name].params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known


def test_the_table_of_the_page_is_read(tmp_path: Path) -> None:
    """The page's table of markers is one."""
    (table,) = (block for block in blocks("text") if block.startswith("landmark,"))
    (tmp_path / "table.csv").write_text(table)
    assert read_table(tmp_path / "table.csv")["left_knee"] == ("L.Knee", "L.Knee.Medial")
