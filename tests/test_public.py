"""The public API: every record that a user is handed has a public name, and nothing in it is missing."""

from __future__ import annotations

import ast
import inspect
import typing
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, get_args

import click
import pytest

import midstance as ms
from midstance import own
from midstance.api.sources import Landmarks, Runtime
from midstance.cli.commands import cli
from midstance.pose import eyes
from midstance.science import errors

LAZY: dict[str, Any] = dict.fromkeys(("Figure", "Hand", "Topic", "pandas", "xarray"), Any)
"""Names in annotations that only a type checker imports, of other libraries or of nobody's concern."""
LAZY["pandas"] = LAZY["xarray"] = SimpleNamespace(DataFrame=object, Dataset=object)


def _hints(thing: Any) -> Iterator[Any]:
    """Yield what is annotated in a function or a class."""
    names = vars(inspect.getmodule(thing)) | LAZY | {name: getattr(ms, name) for name in ms.__all__}
    yield from typing.get_type_hints(thing, names, LAZY).values()
    if inspect.isclass(thing):
        for name, member in vars(thing).items():
            function = getattr(member, "fget", None) or getattr(member, "__func__", member)
            if isinstance(function, FunctionType) and not name.startswith("_"):
                yield from typing.get_type_hints(function, names, LAZY).values()


def _classes(hint: Any) -> Iterator[type]:
    """Yield the classes of midstance in an annotation."""
    if isinstance(hint, list | tuple):
        parts: Any = hint
    else:
        parts = get_args(hint)
    if parts:
        for part in parts:
            yield from _classes(part)
    elif inspect.isclass(hint) and hint.__module__.startswith("midstance"):
        yield hint


def test_every_record_that_a_user_meets_is_public() -> None:
    """Whatever a public function or record takes, returns or holds has a name in `__all__`, or in that of `own`."""
    public = {name: getattr(ms, name) for name in ms.__all__}
    callables = [thing for thing in public.values() if isinstance(thing, FunctionType) or inspect.isclass(thing)]
    met = {found for thing in callables for hint in _hints(thing) for found in _classes(hint)}
    assert ms.Finding in met
    assert not {found.__name__ for found in met} - set(public) - set(own.__all__)


def test_every_error_is_public() -> None:
    """Each error of the tree can be caught by its public name."""
    tree = {name for name, found in vars(errors).items() if inspect.isclass(found)}
    assert tree <= set(ms.__all__)


def test_names_are_those_that_a_type_checker_sees() -> None:
    """What is imported for type checkers, what is loaded on use and what is listed is the same."""
    tree = ast.parse(Path(inspect.getfile(ms)).read_text(encoding="utf-8"))
    imported = {a.name: n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names if n.module}
    loaded = {name: module for module, names in ms._NAMES.items() for name in names}
    assert {name: module for name, module in imported.items() if module.startswith("midstance")} == loaded
    assert sorted(loaded) == sorted(ms.__all__)
    assert not [name for name in ms.__all__ if isinstance(getattr(ms, name), ModuleType)]


def test_version_is_that_of_the_package_and_a_wrong_name_is_told() -> None:
    """`midstance.__version__` is the installed version; a name that is not there is an ordinary error."""
    assert ms.__version__ == version("midstance")
    with pytest.raises(AttributeError, match="analize"):
        ms.analize  # type: ignore[attr-defined]  # noqa: B018 - what a user may type


@pytest.mark.parametrize("command", ["analyze", "pose"])
def test_every_choice_of_the_command_line_is_taken(command: str) -> None:
    """What `--runtime` and `--landmarks` offer is what the API and the pose package take."""
    choices = {p.name: p.type.choices for p in cli.commands[command].params if isinstance(p.type, click.Choice)}
    assert tuple(choices["runtime"]) == get_args(Runtime) == get_args(eyes.Runtime)
    assert tuple(choices["landmarks"]) == get_args(Landmarks)
