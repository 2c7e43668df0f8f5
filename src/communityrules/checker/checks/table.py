"""Every check, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from communityrules.checker.book import Book
from communityrules.checker.checks.consequences import check_consequences, check_objects
from communityrules.checker.checks.constancy import check_constancy
from communityrules.checker.checks.cycles import check_cycles
from communityrules.checker.checks.duties import check_duties
from communityrules.checker.checks.emptiness import check_emptiness
from communityrules.checker.checks.expectations import check_expectations
from communityrules.checker.checks.gifts import check_gifts
from communityrules.checker.checks.ladders import check_ladders
from communityrules.checker.checks.match_all import check_match_all
from communityrules.checker.checks.modality import check_modality
from communityrules.checker.checks.parameters import check_parameters
from communityrules.checker.checks.patterns import check_patterns
from communityrules.checker.checks.templates import check_templates
from communityrules.checker.checks.thresholds import check_thresholds
from communityrules.checker.checks.unfinished import check_unfinished
from communityrules.checker.checks.unused import check_unused

CHECKS: Final[tuple[Callable[[Book], None], ...]] = (
    check_modality,
    check_consequences,
    check_objects,
    check_ladders,
    check_gifts,
    check_duties,
    check_match_all,
    check_cycles,
    check_constancy,
    check_thresholds,
    check_parameters,
    check_emptiness,
    check_patterns,
    check_templates,
    check_expectations,
    check_unfinished,
    # After all that marks names as used.
    check_unused,
)
