"""Pose models: find an installed one, or build it from public packages. Importing fetches nothing."""

from midstance.models.lookup import ModelStatus, ensure_model, find_model, get_model, list_models

__all__ = ["ModelStatus", "ensure_model", "find_model", "get_model", "list_models"]
