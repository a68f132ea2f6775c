"""Write the drawings of the documentation: `PYTHONPATH=src:tools python -m handbook`."""

from __future__ import annotations

from pathlib import Path

from handbook import figures, filming

FOLDER = Path(__file__).parents[2] / "docs" / "drawings"


def drawings() -> dict[str, str]:
    """Return every drawing as SVG, by file name."""
    measures = {f"measure-{name}.svg": draw().render() for name, draw in figures.FIGURES.items()}
    return measures | {f"film-{name}.svg": draw().render() for name, draw in filming.FIGURES.items()}


def main() -> None:
    """Write the drawings into `docs/drawings`."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in drawings().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
