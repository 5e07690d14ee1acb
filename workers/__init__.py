"""Background work: jobs by name, the processes that run them, the ticker that keeps time."""
