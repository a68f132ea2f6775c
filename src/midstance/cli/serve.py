"""`midstance serve`: the web app on this machine."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from midstance.science.errors import InputError

if TYPE_CHECKING:
    from types import FrameType

    import uvicorn

    from midstance.batch.cluster import Cluster
    from midstance.web.settings import WebSettings

LOOPBACK = ("127.0.0.1", "localhost", "::1")
NEEDED = ("fastapi", "uvicorn", "sqlalchemy", "plotly")
LEAST_TOKEN = 16
STOP_WITHIN_S = 3
OURS_ALONE = 0o077
"""Files are for this account alone, wherever the data folder lies: clips are health data."""
LOOK_EVERY_S = 0.5
"""How often the main thread wakes: only then does Python on Windows notice Ctrl-C."""


@click.command(short_help="Open the web app in a browser on this machine.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address of this machine to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Folder for the sessions.")
@click.option(
    "--token",
    envvar="MIDSTANCE_TOKEN",
    help="What other machines must know to be served, with another --host only; 'new' makes one up.",
)
@click.option(
    "--look/--no-look",
    default=True,
    show_default=True,
    help="Look for the runner in a few pictures of each clip before it is taken; takes seconds.",
)
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="Dask scheduler whose workers find the landmarks.")
@click.option("--upload", is_flag=True, help="Send clips to its workers, which do not see the folder otherwise.")
def serve(host: str, port: int, data: Path | None, token: str | None, **options: Any) -> None:
    """Open the web app in a browser on this machine: upload clips, look at the results."""
    _check_installed()
    from midstance.web.settings import WebSettings

    token = _checked_token(host, token)
    cluster = _checked_cluster(options["scheduler"], upload=options["upload"])
    folder = (data or _default_data()).absolute()
    with _listen(host, port) as listening:
        serve_on(listening, WebSettings(folder, token=token, look_for_runner=options["look"], cluster=cluster))


def _checked_cluster(scheduler: str | None, *, upload: bool) -> Cluster | None:
    """Return where landmarks are found, which is tried at once; None for this machine."""
    from midstance.batch.cluster import Cluster

    if scheduler is None:
        if upload:
            raise InputError("--upload: expected --scheduler with it, given alone: name a scheduler, or leave it out")
        return None
    cluster = Cluster(scheduler, upload)
    cluster.check()
    return cluster


def _check_installed() -> None:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(
            f"expected the packages of the web app, {missing[0]} is not installed: run `pip install 'midstance[web]'`"
        )


def _checked_token(host: str, token: str | None) -> str:
    """Return the token to ask for: none on this machine alone."""
    if host in LOOPBACK and token is None:
        return ""
    if token is None:
        raise InputError(
            f"--host: expected one of {', '.join(LOOPBACK)}, or a --token with it, given {host} without: other "
            "machines could see the clips; add `--token new`"
        )
    if token == "new":  # noqa: S105 - a word that asks for one
        return secrets.token_urlsafe(18)
    if len(token) < LEAST_TOKEN or not all(c.isalnum() or c in "-_" for c in token):
        raise InputError(
            f"--token: expected at least {LEAST_TOKEN} letters, digits, - or _, given another: write `--token new`"
        )
    return token


def _default_data() -> Path:
    import platformdirs

    return platformdirs.user_data_path("midstance", appauthor=False)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise InputError(
            f"--port: expected a free port, given {port} ({error.strerror}): choose another or end what uses it"
        ) from error


def serve_on(listening: socket.socket, settings: WebSettings) -> None:
    """Serve until interrupted.

    Raises
    ------
    InputError
        If the data folder cannot be used.
    """
    import uvicorn

    from midstance.storage.locks import lock_folder, unlock
    from midstance.web.app import create_app
    from midstance.web.patience import protocol_with
    from midstance.web.start import open_site

    data = settings.data
    os.umask(OURS_ALONE)
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = lock_folder(data, wait=False)
        site = open_site(settings)
    except BlockingIOError:
        raise InputError(f"{data}: expected a folder of no other server, given one in use: choose another") from None
    except OSError as error:
        raise InputError(f"{data}: expected a folder that can be written ({error.strerror}): choose another") from error
    config = uvicorn.Config(
        create_app(site),
        log_level="warning",
        access_log=False,
        server_header=False,
        http=protocol_with(settings.headers_within_s),
        limit_concurrency=settings.most_connections,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )
    _tell(listening, settings.token, site.notice)
    try:
        _run(uvicorn.Server(config), listening, site.feed.close)
    finally:
        unlock(lock)


def _tell(listening: socket.socket, token: str, notice: str) -> None:
    host, port = listening.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    click.echo(f"midstance is at {address}{f'?token={token}' if token else ''} (Ctrl-C ends it)")
    if token:
        click.echo("Whoever can listen on this network can read along: use one that you trust.")
    if notice:
        click.echo(f"Please note: {notice}.")


def _run(server: uvicorn.Server, listening: socket.socket, on_stop: Callable[[], None]) -> None:
    """Run a server until it is interrupted or terminated; asked again, it goes on stopping, which takes seconds.

    It runs beside the main thread: in it, it would answer a second Ctrl-C with a traceback.
    """
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns of every client that leaves in mid-answer
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="midstance-server")

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # an answer that is cut short now is no error
        on_stop()  # streams of events have no end of their own

    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, stop)
    thread.start()
    while thread.is_alive():
        thread.join(LOOK_EVERY_S)
