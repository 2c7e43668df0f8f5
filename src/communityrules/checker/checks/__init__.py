"""Checks of a resolved rulebook: one file, one line in the table."""
