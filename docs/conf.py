"""How the documentation is built: `make docs`. Nothing that it makes loads anything from the internet."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

project = "midstance"
author = "the midstance authors"
copyright = "the midstance authors, Apache License 2.0"  # noqa: A001 - Sphinx reads this name
release = metadata.version("midstance")

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
source_suffix = {".md": "markdown"}
default_role = "code"  # single backticks of the docstrings are code
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = False  # annotations name NumPy's and private aliases, which have no page of their own

autosummary_generate = False  # numpydoc loads autosummary; the reference lists its names by hand
autodoc_typehints = "none"  # the docstrings say the types in words
autodoc_preserve_defaults = True  # defaults as they are written, not as objects
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

html_theme = "furo"
html_title = f"midstance {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False


def setup(app: Sphinx) -> None:
    """Put what comes from the code into its page."""
    app.connect("source-read", _from_code)


def _from_code(app: Sphinx, page: str, source: list[str]) -> None:  # noqa: ARG001 - Sphinx calls it so
    from handbook import measures, rules

    parts = {measures.PLACEHOLDER: measures.measures_page, rules.PLACEHOLDER: rules.rules_table}
    for placeholder, made in parts.items():
        if placeholder in source[0]:
            source[0] = source[0].replace(placeholder, made())
