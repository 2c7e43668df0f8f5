"""Patterns: what a writer puts between slashes, run in linear time."""

from communityrules.library.patterns.matcher import PatternMatcher, check_pattern, matcher, required_by, usable
from communityrules.library.patterns.refusals import REASONS, PatternRefused

__all__ = ["REASONS", "PatternMatcher", "PatternRefused", "check_pattern", "matcher", "required_by", "usable"]
