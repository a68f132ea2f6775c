"""Hands rows to workers until every row has ended, whatever happens to the workers."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from midstance.batch.executors import RETRIES, Workers
from midstance.batch.rows import Row
from midstance.batch.task import Outcome, Task
from midstance.science.one_line import one_line

LOOK_EVERY_S = 0.5


@dataclass
class Dispatch:
    """Runs rows on the workers of an executor, and opens another executor when one breaks."""

    open_workers: Callable[[], AbstractContextManager[Workers]]
    task_of: Callable[[Row], Task]
    """May raise OSError, which fails its row."""
    ended: Callable[[Row, Outcome], None]
    """Told of every row once."""
    looked: Callable[[Collection[Row]], None]
    """Told now and then which rows are in work."""
    _deaths: Counter[str] = field(default_factory=Counter)

    def run(self, rows: Sequence[Row]) -> None:
        """Run rows to their end.

        Rows in whose presence a worker died are tried again one at a time, so that the one to blame does not take
        others with it, and `RETRIES` times at most.
        """
        waiting = list(rows)
        while waiting:
            suspects = [row for row in waiting if row.folder in self._deaths]
            others = [row for row in waiting if row.folder not in self._deaths]
            now, later = (suspects[:1], suspects[1:] + others) if suspects else (others, [])
            with self.open_workers() as workers:
                waiting = self._round(workers, now) + later

    def _round(self, workers: Workers, rows: Sequence[Row]) -> list[Row]:
        """Run rows until they have ended or the executor breaks; return those that are to be tried again."""
        queue, at_work, lost = deque(rows), dict[Future[Outcome], Row](), list[Row]()
        while at_work or (queue and not lost):
            if queue and not lost:
                lost += self._fill(workers, queue, at_work)
            ended, _ = wait(at_work, timeout=LOOK_EVERY_S, return_when=FIRST_COMPLETED)
            for future in ended:
                row = at_work.pop(future)
                if _is_lost(future):
                    lost.append(row)
                else:
                    self.ended(row, _outcome(future))
            self.looked(at_work.values())
        return [row for row in lost if self._may_retry(row)] + list(queue)

    def _fill(self, workers: Workers, queue: deque[Row], at_work: dict[Future[Outcome], Row]) -> list[Row]:
        """Hand out rows while there is room; return the row at which the executor proved broken, if any."""
        room = workers.room() - len(at_work)
        while queue and room > 0:
            row = queue.popleft()
            try:
                at_work[workers.executor.submit(workers.work, self.task_of(row))] = row
            except BrokenExecutor:
                return [row]
            except OSError as error:
                self.ended(row, Outcome(f"expected clips that can be read, given '{error.strerror or error}'"))
                continue
            room -= 1
        return []

    def _may_retry(self, row: Row) -> bool:
        self._deaths[row.folder] += 1
        if self._deaths[row.folder] <= RETRIES:
            return True
        self.ended(row, Outcome(f"its worker process died {self._deaths[row.folder]} times: out of memory?"))
        return False


def _is_lost(future: Future[Outcome]) -> bool:
    return not future.cancelled() and isinstance(future.exception(), BrokenExecutor)


def _outcome(future: Future[Outcome]) -> Outcome:
    """Return how a task ended; what it did not expect fails its row alone."""
    if future.cancelled():
        return Outcome("the cluster let go of it: is its scheduler still there?")
    error = future.exception()
    if error is None:
        return future.result()
    return Outcome(f"unexpected {type(error).__name__}: {one_line(str(error))[:300]}")
