"""Readers of files against junk and against files that are nearly right."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.profile import FUZZ
from tests.fuzz.readers import TARGETS, refuses_politely

JSON_TARGETS = ("analysis", "state", "edits", "markers", "models")
ODD_NUMBERS = [10**400, -(10**400), 2**63, -1, 0, 1e308, 1e-320, float("inf"), float("nan"), True]
ODD_TEXTS = ["", "\0", "\ud800", "=1+1", "../../x", "<b>", "a\nb", "left", "٣", "x" * 2000]
odd = st.one_of(
    st.none(), st.sampled_from(ODD_NUMBERS), st.sampled_from(ODD_TEXTS), st.just([]), st.just({}), st.just([[]])
)


def test_what_is_right_is_read() -> None:
    """Each file to begin with is read as it stands: the fuzzers start from good ones."""
    refused = {name: [refuses_politely(t.read, seed) for seed in t.seeds()] for name, t in TARGETS.items()}
    assert refused.pop("manifest") == [False, False]
    assert refused.pop("bundle") == [False, True], "a compressed bundle is none that MediaPipe takes"
    assert not any(any(found) for found in refused.values()), refused


@pytest.mark.parametrize("name", TARGETS)
@FUZZ
@given(data=st.data())
def test_any_bytes_are_read_or_refused_in_one_line(name: str, data: st.DataObject) -> None:
    """Bytes without sense end in a result or in an error of ours."""
    refuses_politely(TARGETS[name].read, data.draw(st.binary(max_size=200)))


@pytest.mark.parametrize("name", TARGETS)
@FUZZ
@given(data=st.data())
def test_damaged_files_are_read_or_refused_in_one_line(name: str, data: st.DataObject) -> None:
    """A good file with a stretch cut out or replaced ends in a result or in an error of ours."""
    content = data.draw(st.sampled_from(TARGETS[name].seeds()))
    start = data.draw(st.integers(0, len(content)))
    stop = data.draw(st.integers(start, min(len(content), start + 40)))
    refuses_politely(TARGETS[name].read, content[:start] + data.draw(st.binary(max_size=20)) + content[stop:])


@pytest.mark.parametrize("name", JSON_TARGETS)
@FUZZ
@given(data=st.data())
def test_json_with_odd_values_is_read_or_refused_in_one_line(name: str, data: st.DataObject) -> None:
    """A value of another kind, missing, huge or not finite, anywhere in a good file, ends politely."""
    content = json.loads(data.draw(st.sampled_from(TARGETS[name].seeds())))
    for _ in range(data.draw(st.integers(1, 2))):
        content = spoilt(content, data)
    refuses_politely(TARGETS[name].read, json.dumps(content).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", ["landmarks", "manifest"])
@FUZZ
@given(data=st.data())
def test_tables_with_odd_cells_are_read_or_refused_in_one_line(name: str, data: st.DataObject) -> None:
    """A cell of another kind, too many or too few of them, or rows in another order, end politely."""
    rows = [line.split(",") for line in data.draw(st.sampled_from(TARGETS[name].seeds())).decode().splitlines()]
    for _ in range(data.draw(st.integers(1, 3))):
        row = rows[data.draw(st.integers(0, len(rows) - 1))]
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(st.sampled_from([*ODD_TEXTS, '"', "1e400", "-0", ","]))
    if data.draw(st.booleans()):
        rows = [rows[0], *data.draw(st.permutations(rows[1:]))]
    refuses_politely(TARGETS[name].read, "\n".join(map(",".join, rows)).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", JSON_TARGETS)
def test_json_nested_without_end_is_refused(name: str) -> None:
    """Brackets that no stack holds end in an error of ours."""
    for content in (b"[" * 200_000, b'{"a":' * 200_000):
        refuses_politely(TARGETS[name].read, content)


def spoilt(content: Any, data: st.DataObject) -> Any:
    """Return JSON with one value replaced, or one key taken away."""
    if isinstance(content, dict) and content:
        key = data.draw(st.sampled_from(sorted(content)))
        if data.draw(st.integers(0, 5)) == 0:
            return {k: v for k, v in content.items() if k != key}
        return content | {key: spoilt(content[key], data)}
    if isinstance(content, list) and content:
        at = data.draw(st.integers(0, len(content) - 1))
        return [spoilt(item, data) if i == at else item for i, item in enumerate(content)]
    return data.draw(odd)
