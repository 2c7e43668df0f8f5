"""Text and syntax tree: reading a rulebook in either spelling, and printing it in one layout."""
