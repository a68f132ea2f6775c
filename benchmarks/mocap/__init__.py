"""Treadmill motion capture with force (RBDS) as truth, and virtual phones that film it."""
