"""What can be done: one verb a file, one transaction each. Load, let core decide, save, tell."""
