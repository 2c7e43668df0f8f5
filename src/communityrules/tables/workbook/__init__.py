"""A rulebook as the sheets of a workbook, and back without loss."""
