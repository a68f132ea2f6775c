"""Learn where the pose model's landmarks lie against joint centres."""
