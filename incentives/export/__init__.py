"""Rows as files: one output format each."""
