"""The findings against runners whose pattern is known: who is flagged, who is not."""
