"""Rendered treadmill runners with exact truth: a tool beside midstance, never a part of it.

World frame everywhere: x forward (the way the runner faces), y to the runner's left, z up, metres;
the top of the belt is z = 0. Angles are in degrees in names that end in ``_deg`` and in radians elsewhere.
"""
