"""Pose models: find an installed one, or build it from public packages. Importing fetches nothing."""

from midstance.models.lookup import ModelStatus, ensure_model, find_model, get_model, list_models
from midstance.models.own import own_networks

__all__ = ["ModelStatus", "ensure_model", "find_model", "get_model", "list_models", "own_networks"]
