"""Tests of `midstance.video`, and the clips they and others are tested with."""
