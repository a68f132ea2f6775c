"""Many clips, several workers, long clips: `python -m benchmarks.scale` writes SCALE.md."""
