"""The web app against requests that its description allows, and against many that it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from schemathesis.checks import not_a_server_error

from midstance.storage.landmarks_csv import write_landmarks
from midstance.web.database import close_database, open_database
from midstance.web.folders import Folders
from midstance.web.states import State
from midstance.web.tables import SessionRow
from tests.fuzz.app_schema import app_schema
from tests.fuzz.profile import APP_FUZZ, LONG
from tests.support.runner import Camera, Gait, film
from tests.web.server import Server

pytestmark = pytest.mark.xdist_group("fuzz_app")


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that has a finished session, one to be started, and one with an upload that was broken off."""
    server = Server(tmp_path_factory.mktemp("fuzzed") / "data")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def openapi(fuzzed: Server, tmp_path_factory: pytest.TempPathFactory) -> schemathesis.BaseSchema:
    """The description of that server."""
    path = tmp_path_factory.mktemp("landmarks") / "side.csv"
    write_landmarks(film(Gait(duration_s=4.0, variability=0.02), Camera(noise_px=0.5)).landmarks, path)
    done = fuzzed.new_session(runner="R-01")
    fuzzed.upload(done, "side", path.read_bytes())
    _declare_done(fuzzed.data, done.rpartition("/")[2])
    empty = fuzzed.new_session(runner="Zoë")
    half = fuzzed.new_clip(empty, "side", 100)
    sessions = [address.rpartition("/")[2] for address in (done, empty)]
    clips = [fuzzed.get(done)["clips"][0]["id"], half["id"]]
    found = schemathesis.openapi.from_dict(app_schema(tmp_path_factory.mktemp("schema"), sessions, clips))
    for phase in (found.config.phases.coverage, found.config.phases.examples):
        phase.enabled = LONG
    return found


def _declare_done(data: Path, session_id: str) -> None:
    """Write down that an analysis has ended; the landmarks are there, and it is made again from them when asked for."""
    database = open_database(Folders(data).database)
    with database.begin() as db:
        db.get_one(SessionRow, session_id).state = State.DONE
    close_database(database)


schema = schemathesis.pytest.from_fixture("openapi")


@schema.parametrize()
@APP_FUZZ
def test_every_address_answers_or_refuses(case: schemathesis.Case[Any], fuzzed: Server) -> None:
    """No request ends in a failure of the server; each refusal below /api has a code and one line."""
    answer = case.call(base_url=fuzzed.address, timeout=30, allow_redirects=False)
    case.validate_response(answer, checks=[not_a_server_error])
    check_answer(answer)


def check_answer(answer: schemathesis.Response) -> None:
    """Check the form of an answer that refuses, and that no answer lacks the headers that guard it."""
    assert "default-src 'none'" in answer.headers["content-security-policy"][0]
    assert answer.headers["x-content-type-options"] == ["nosniff"]
    if answer.status_code >= 400 and urlsplit(str(answer.request.url)).path.startswith("/api/"):
        error = json.loads(answer.content)["error"]
        assert error["code"]
        assert len(error["message"].splitlines()) == 1
