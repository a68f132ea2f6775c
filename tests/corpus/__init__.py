"""Clips of every kind that a user may bring, made here, and what has to come of each."""
