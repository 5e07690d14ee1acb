"""Programs for those who work on the project; nothing of it is needed to run the service."""
