"""Tables and other people's rule files ⇄ rulebooks: read into a syntax tree, with a report of what was carried over."""
