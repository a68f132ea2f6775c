"""Agreement of estimates with their truth (Bland and Altman 1986)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

WIDEST_SLOPE_ERROR = 0.15
"""A slope is told only where its standard error is at most this: else the truth varies too little to tell."""


@dataclass(frozen=True)
class Agreement:
    """How estimates agree with their truth. NaN where there are too few."""

    n: int
    bias: float
    """Mean of estimate minus truth."""
    sd: float
    """Of the differences (n - 1)."""
    rmse: float
    slope: float
    """Of estimate on truth by least squares; NaN where the truth varies too little to tell it."""

    @property
    def limits(self) -> tuple[float, float]:
        """Limits of agreement: bias less and plus 1.96 SD."""
        return self.bias - 1.96 * self.sd, self.bias + 1.96 * self.sd


def agreement(truth: ArrayLike, estimate: ArrayLike) -> Agreement:
    """Compare estimates with their truth; pairs with a missing value are left out."""
    x, y = np.asarray(truth, dtype=np.float64), np.asarray(estimate, dtype=np.float64)
    both = np.isfinite(x) & np.isfinite(y)
    x, y = x[both], y[both]
    if not len(x):
        return Agreement(0, *[float("nan")] * 4)
    error = y - x
    return Agreement(
        n=len(x),
        bias=float(error.mean()),
        sd=float(error.std(ddof=1)) if len(x) > 1 else float("nan"),
        rmse=float(np.sqrt((error**2).mean())),
        slope=_slope(x, y),
    )


def _slope(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    spread = float(((x - x.mean()) ** 2).sum())
    if len(x) < 4 or spread == 0:
        return float("nan")
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / spread)
    residual = y - y.mean() - slope * (x - x.mean())
    standard_error = float(np.sqrt((residual**2).sum() / (len(x) - 2) / spread))
    return slope if standard_error <= WIDEST_SLOPE_ERROR else float("nan")
