"""`midstance doctor` and `midstance completion`: the machine and the shell."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from midstance.cli.colours import level_words

SCHEMA = "midstance.doctor/1"
NOT_WELL = 1
HOW = {
    "bash": "echo 'eval \"$(midstance completion bash)\"' >> ~/.bashrc",
    "zsh": "echo 'eval \"$(midstance completion zsh)\"' >> ~/.zshrc",
    "fish": "midstance completion fish > ~/.config/fish/completions/midstance.fish",
}


@click.command(short_help="Look whether this machine can analyse clips.")
@click.option("--json", "as_json", is_flag=True, help="Tell it as JSON on stdout.")
def doctor(*, as_json: bool) -> None:
    """Look whether this machine has what an analysis needs, and say what to do.

    Packages, codecs, models, cores, browser, disk. Nothing is fetched or changed. The exit code is 0 when clips can be
    analysed, 1 when not.
    """
    from midstance.api.doctor import examine

    checks = examine()
    well = all(check.level != "bad" for check in checks)
    if as_json:
        told = {"schema": SCHEMA, "ok": well, "checks": [asdict(check) for check in checks]}
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        for check in checks:
            click.echo(f"{level_words(check.level, 7)}  {check.name}: {check.found}")
            if check.advice:
                click.echo(f"         -> {check.advice}")
        click.echo("clips can be analysed" if well else "clips cannot be analysed: see what is bad above")
    if not well:
        raise click.exceptions.Exit(NOT_WELL)


@click.command(
    short_help="Print what completes commands in a shell.",
    epilog="\b\nTo have it in every new shell:\n" + "\n".join(f"  {shell}: {line}" for shell, line in HOW.items()),
)
@click.argument("shell", type=click.Choice(list(HOW)))
def completion(shell: str) -> None:
    """Print the script that completes commands, options and files in SHELL."""
    from click.shell_completion import get_completion_class

    from midstance.cli.commands import cli

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click has all three
    click.echo(kind(cli, {}, "midstance", "_MIDSTANCE_COMPLETE").source())
