"""Training of the networks that midstance adds to the pose model, on rendered runners alone."""
