"""`python -m midstance.plots` draws plots for the process that started it; see `midstance.plots.hand`."""

import sys

from midstance.plots.hand import draw_as_told

if __name__ == "__main__":
    sys.exit(draw_as_told())
