"""midstance: running-gait video analysis."""
