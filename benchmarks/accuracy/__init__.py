"""Accuracy: the numbers of midstance against truth in 3-D and on the force plate."""
