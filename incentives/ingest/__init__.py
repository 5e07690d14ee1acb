"""Files as they come: bytes in, values and issues out. Nothing here stores anything."""
