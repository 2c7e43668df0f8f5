"""Process tables and two-way matrices of strangers as `table` declarations: each row is a rule."""
