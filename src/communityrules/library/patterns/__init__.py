"""Patterns: what a writer puts between slashes, run in linear time."""

from communityrules.library.patterns.literals import Required
from communityrules.library.patterns.matcher import PatternMatcher, check_pattern, matcher, required_by, usable
from communityrules.library.patterns.refusals import REASONS, PatternRefused

__all__ = [
    "REASONS",
    "PatternMatcher",
    "PatternRefused",
    "Required",
    "check_pattern",
    "matcher",
    "required_by",
    "usable",
]
