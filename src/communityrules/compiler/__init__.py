"""Checked rules to an evaluator: generated Python, with a line map from what runs to what the writer wrote."""
