"""What is wrong where the parser cannot go on, and how to go on all the same."""
