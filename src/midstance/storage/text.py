"""Text files that are whole or not there, for the packages above this one."""

from midstance.storage._files import atomic_text

__all__ = ["atomic_text"]
