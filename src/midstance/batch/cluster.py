"""Which cluster work goes to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cluster:
    """A Dask cluster.

    Attributes
    ----------
    scheduler : str
        Address of its scheduler.
    upload : bool
        Whether clips go with the task; else its workers see them under the same path.
    """

    scheduler: str
    upload: bool = False

    def check(self) -> None:
        """Connect once.

        Raises
        ------
        InputError
            If the scheduler does not answer, has no workers or they are of other versions.
        """
        from midstance.batch.executors import open_executor

        with open_executor(scheduler=self.scheduler):
            pass
