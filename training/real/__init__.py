"""Points placed by hand on frames of real clips: a test set, never learnt from."""
