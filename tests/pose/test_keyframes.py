"""When people are looked for, and where they are in between."""

import numpy as np

from midstance.pose.keyframes import EVERY_S, MOST_HELD, between, looks_again
from midstance.pose.squares import Square

APART_S = 0.08


def square(x: float, y: float = 300.0, side: float = 400.0, turn: float = 0.0) -> Square:
    """Return a square."""
    return Square(np.array([x, y]), side, turn)


def key_frames(rate_hz: float, count: int = 240) -> list[int]:
    """Return the frames that are looked at, of a clip of a rate."""
    found = [0]
    for i in range(1, count):
        if looks_again(found[-1] / rate_hz, i - found[-1], i / rate_hz):
            found.append(i)
    return found


def test_people_are_looked_for_at_a_rhythm_in_time() -> None:
    """At 60 frames a second every fifth is looked at, at 30 every third, at 10 all."""
    for rate_hz, step in ((60.0, 5), (30.0, 3), (10.0, 1)):
        assert set(np.diff(key_frames(rate_hz))) == {step}


def test_few_frames_wait_however_high_the_rate() -> None:
    """At 1000 frames a second no more pictures are held than at 60."""
    assert max(np.diff(key_frames(1000.0))) == MOST_HELD


def test_squares_move_evenly() -> None:
    """A quarter of the way from one look to the next, place, size and turn are a quarter on."""
    (found,) = between([square(100)], [square(120, 308, 420, 0.04)], 0.25, APART_S) or []
    np.testing.assert_allclose(found.centre_px, [105, 302])
    assert (found.side_px, found.turn_rad) == (405, 0.01)


def test_people_are_told_apart_in_any_order() -> None:
    """Two people stay themselves where the detector names them in another order."""
    found = between([square(100), square(500)], [square(510), square(96)], 0.5, APART_S) or []
    assert [float(s.centre_px[0]) for s in found] == [98, 505]


def test_nothing_is_told_where_people_differ() -> None:
    """Another number of people, a jump, a sudden growth or turn, or a long gap: look again."""
    here = [square(100)]
    for there in ([], [square(100), square(500)], [square(180)], [square(100, side=500)], [square(100, turn=0.5)]):
        assert between(here, there, 0.5, APART_S) is None
    assert between(here, here, 0.5, 3 * EVERY_S) is None
    assert between([], [], 0.5, APART_S) == []
