"""What the numbers are worth (`benchmarks.accuracy`) and what they cost (`benchmarks.speed`, `benchmarks.scale`)."""
