"""Runs a command and turns every way it can end into an exit code and at most one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from midstance.cli.colours import colour
from midstance.cli.commands import cli
from midstance.science.errors import OUT_OF_MEMORY, MidstanceError
from midstance.science.one_line import one_line

INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""
USAGE_ERROR = 2


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process when not given.

    Returns
    -------
    int
        0 done; 2 input or command wrong; 3 clip cannot be analysed; 130 interrupted.
    """
    try:
        return int(cli.main(args=arguments, prog_name="midstance", standalone_mode=False) or 0)
    except MidstanceError as error:
        return _fail(str(error), error.exit_code)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), color=colour())  # a page, as with --help
        return 0
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "midstance"
        return _fail(f"{error.format_message()} Try `{command} --help`.", USAGE_ERROR)
    except click.ClickException as error:
        return _fail(error.format_message(), USAGE_ERROR)
    except MemoryError:
        return _fail(OUT_OF_MEMORY, USAGE_ERROR)
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted: nothing was written", INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone; Python would complain while it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _fail(message: str, exit_code: int) -> int:
    click.echo(f"{click.style('midstance:', fg='red')} {one_line(message)}", err=True, color=colour())
    return exit_code
