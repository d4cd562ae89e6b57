"""Ways in: each knows the public API of jalon, nothing else."""
