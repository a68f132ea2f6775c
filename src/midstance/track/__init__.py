"""Follow markers on the body through the frames of a clip."""
