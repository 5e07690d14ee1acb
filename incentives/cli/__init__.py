"""Commands of `flask --app wsgi`: one file each, found by its `command`."""
