"""Many runs at once: read a manifest or a folder, analyse on one machine or several, sum up.

`read_batch` reads and checks the input, `run_batch` does the work and writes `summary.csv` and `index.html`.
Heavy packages are loaded where the work is done.
"""

from midstance.batch.reading import read_batch
from midstance.batch.rows import Row
from midstance.batch.run import BatchOptions, BatchProgress, run_batch
from midstance.batch.state import Done

__all__ = ["BatchOptions", "BatchProgress", "Done", "Row", "read_batch", "run_batch"]
