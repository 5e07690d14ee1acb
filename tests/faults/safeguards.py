"""Safeguards that can be left out, to show that each is needed."""

SAFEGUARDS = {}
