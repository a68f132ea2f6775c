"""Agreement of estimates with their truth: the product's own, which `midstance compare-truth` shows as well."""

from midstance.science.agreement import Agreement, agreement

__all__ = ["Agreement", "agreement"]
