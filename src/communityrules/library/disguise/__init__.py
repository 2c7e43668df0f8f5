"""Seeing words through disguise: the steps, the tables they read, and the check of what was found."""
