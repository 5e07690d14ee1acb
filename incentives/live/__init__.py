"""Which version the boards are at: announced by whoever calculates, streamed to whoever looks."""
