"""Packages of the extra `formats`, loaded when they are needed."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from midstance.science.errors import InputError


def needed(*names: str) -> ModuleType:
    """Return the first package, after a look whether all are there.

    Raises
    ------
    InputError
        If one is not installed.
    """
    try:
        first, *_ = [import_module(name) for name in names]
    except ModuleNotFoundError as error:
        raise InputError(
            f"expected the packages of the file formats, {error.name} is not installed: "
            "run `pip install 'midstance[formats]'`"
        ) from error
    return first
