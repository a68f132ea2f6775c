"""Files that are whole or not there, for the packages above this one."""

from midstance.storage._files import atomic_text, whole_file, whole_files

__all__ = ["atomic_text", "whole_file", "whole_files"]
