from __future__ import annotations

import pytest

from midstance.batch import task
from midstance.batch.task import alone, runtime_of, software_versions
from midstance.pose.runtime import Precision
from midstance.science.errors import InputError


def test_a_worker_without_the_precision_of_the_client_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers of one batch are those of one machine: a worker that cannot give them says so."""
    monkeypatch.setattr(task, "best_precision", lambda: "single")
    with pytest.raises(InputError, match="knows half precision"), alone(software_versions(), "half"):
        pass


@pytest.mark.parametrize(("precision", "runtime"), [("half", "openvino"), ("single", "openvino-single")])
def test_a_worker_that_knows_more_takes_the_precision_of_the_client(
    monkeypatch: pytest.MonkeyPatch, precision: Precision, runtime: str
) -> None:
    """A worker that knows half precision gives either, as the client would."""
    monkeypatch.setattr(task, "best_precision", lambda: "half")
    with alone(software_versions(), precision):
        assert runtime_of(precision) == runtime
