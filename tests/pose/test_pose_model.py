from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from midstance.pose.detector import anchors, merged
from midstance.pose.landmarker import refined
from midstance.pose.squares import Square, around, cut_out


def test_square_out_of_a_picture_and_back() -> None:
    """What is cut out lies where the square says: a dot in the piece is the dot in the picture, turned or not."""
    image = np.zeros((200, 300, 3), np.uint8)
    image[88:93, 148:153] = 255
    for turn in (0.0, 0.5, -2.0):
        square = Square(np.array([140.0, 100.0]), 80.0, turn)
        piece = cut_out(image, square, 160, repeat_edge=False)
        rows, columns = np.nonzero(piece[..., 0] > 128)
        back = square.to_picture(np.array([columns.mean(), rows.mean()]) / 160)
        np.testing.assert_allclose(back, (150, 90), atol=0.3)


@pytest.mark.parametrize(("repeat_edge", "beyond"), [(True, 200), (False, 0)])
def test_beyond_the_picture_is_its_edge_or_black(repeat_edge: bool, beyond: int) -> None:  # noqa: FBT001 - a case
    """The landmark model sees the last pixels go on, the detector black bars."""
    image = np.full((100, 50, 3), 200, np.uint8)
    piece = cut_out(image, around(50, 100), 100, repeat_edge=repeat_edge)
    assert piece[50, 50].tolist() == [200] * 3
    assert piece[50, 3].tolist() == [beyond] * 3


def test_anchors_are_the_models() -> None:
    """2254 places: two for each cell of 28 and of 14, and six for each of 7."""
    assert anchors().shape == (2 * 28**2 + 2 * 14**2 + 6 * 7**2, 2)
    np.testing.assert_allclose(anchors()[0], 0.5 / 28)
    np.testing.assert_allclose(anchors()[2 * 28**2 + 2], (1.5 / 14, 0.5 / 14))
    np.testing.assert_allclose(anchors()[-1], 6.5 / 7)


def test_overlapping_boxes_are_one_person_weighted_by_score() -> None:
    """Two boxes over each other give the mean of their points by score; one beside them is another person."""
    boxes = np.array([(0.1, 0.1, 0.3, 0.5), (0.7, 0.1, 0.9, 0.5), (0.11, 0.1, 0.31, 0.5)])
    points = np.array([0.2, 0.8, 0.22])[:, None, None] * np.ones((3, 4, 2))
    scores = np.array([0.6, 0.9, 0.9])
    found = list(merged(boxes, scores, points, 3))
    assert [round(float(p[0, 0]), 4) for p in found] == [0.8, 0.212]
    assert len(list(merged(boxes, scores, points, 1))) == 1
    assert list(merged(np.empty((0, 4)), np.empty(0), np.empty((0, 4, 2)), 3)) == []


def test_places_move_to_the_means_of_sure_maps() -> None:
    """A place goes to the mean of its map around it; outside of the square, or where the map is unsure, it stays."""
    maps = np.full((64, 64, 3), -20.0, np.float32)
    maps[30, 21, 0] = maps[30, 23, 0] = 5.0
    maps[30, 21, 1] = -1.0
    maps[60, 60, 2] = 5.0
    places = np.array([(20.4, 31.2), (20.4, 31.2), (70.0, 60.0)]) / 64
    found = refined(places, maps)
    np.testing.assert_allclose(found[0], np.array([22.0, 30.0]) / 64, atol=1e-6)
    np.testing.assert_array_equal(found[1:], places[1:])


AT_ONCE = """
import faulthandler, threading
faulthandler.dump_traceback_later(40, exit=True)
import subprocess
import sys

import numpy as np
from midstance.models import own_networks
from midstance.pose.runtime import Network
network = Network(own_networks()["side"], 4)
askers, start, sums = [network.asker() for _ in range(4)], threading.Barrier(4), []
def ask(asker):
    start.wait()
    sums.append(float(asker(np.ones((2, 4, 176, 112), np.float32))[0].sum()))
threads = [threading.Thread(target=ask, args=(asker,)) for asker in askers]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(set(sums)), len(sums))
"""


@pytest.mark.slow
def test_threads_that_begin_at_once_do_not_wait_for_each_other() -> None:
    """In a fresh process the first runs of four threads all end, and all give the same."""
    for _ in range(4):
        done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, timeout=60, check=True)
        assert done.stdout == "1 4\n"
