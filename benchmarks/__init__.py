"""What the numbers are worth (`python -m benchmarks.accuracy`) and what they cost (`python -m benchmarks.speed`)."""
