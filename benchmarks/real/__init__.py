"""Landmarks against points placed by hand on real clips, and against themselves."""
