"""From tree to text, in either spelling."""
