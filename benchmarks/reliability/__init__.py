"""What was done to break midstance, and what came of it: the counts of `RELIABILITY.md`."""
