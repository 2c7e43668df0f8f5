"""Rulebooks as data: the document in JSON that `export` writes and `import` reads."""
