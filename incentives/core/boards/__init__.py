"""Boards: what one says, how its scores are read, ranked and divided, and who sees what of it."""
