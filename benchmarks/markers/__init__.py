"""How well markers on the pelvis are followed, against rendered truth."""
