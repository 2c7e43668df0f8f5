"""From what the grammar recognises to the syntax tree: one method for each rule of the grammar."""

from communityrules.language.building.builder import Builder

__all__ = ["Builder"]
