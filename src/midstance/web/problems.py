"""Errors as the pages' modules get them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from midstance.science.errors import CannotAnalyseError, InputError, MidstanceError
from midstance.science.one_line import one_line


class NotHereError(InputError):
    """There is no such thing."""


class WrongStateError(InputError):
    """What was asked for does not go now."""


class WrongOffsetError(InputError):
    """A piece of an upload that does not join on.

    Parameters
    ----------
    offset : int
        Where to go on.
    """

    def __init__(self, offset: int) -> None:
        super().__init__(f"expected the piece that begins at {offset}, given another: go on from {offset}")
        self.offset = offset


class TooSlowError(InputError):
    """A request that did not come in."""


class TooLargeError(InputError):
    """More was sent than is taken."""


class UnsupportedError(InputError):
    """A body of another kind than the address takes."""


class FieldError(InputError):
    """A field has a value that makes no sense.

    Parameters
    ----------
    field : str
        Its name.
    message : str
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


_STATUS: tuple[tuple[type[MidstanceError], HTTPStatus, str], ...] = (
    (NotHereError, HTTPStatus.NOT_FOUND, "not_found"),
    (WrongStateError, HTTPStatus.CONFLICT, "wrong_state"),
    (WrongOffsetError, HTTPStatus.CONFLICT, "wrong_offset"),
    (TooLargeError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large"),
    (TooSlowError, HTTPStatus.REQUEST_TIMEOUT, "too_slow"),
    (UnsupportedError, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported"),
    (CannotAnalyseError, HTTPStatus.UNPROCESSABLE_ENTITY, "cannot_analyse"),
    (InputError, HTTPStatus.UNPROCESSABLE_ENTITY, "bad_request"),
    (MidstanceError, HTTPStatus.INTERNAL_SERVER_ERROR, "failed"),
)


def problem(code: str, message: str, status: int, **more: Any) -> JSONResponse:
    """Return an error of the API: one line, whatever was sent."""
    return JSONResponse({"error": {"code": code, "message": one_line(message), **more}}, status_code=status)


def problem_of(error: MidstanceError) -> JSONResponse:
    """Return the answer to an error that was raised on purpose."""
    _, status, code = next(s for s in _STATUS if isinstance(error, s[0]))
    more = {name: getattr(error, name) for name in ("field", "offset") if hasattr(error, name)}
    return problem(code, str(error), status, **more)
