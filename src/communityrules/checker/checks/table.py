"""Every check, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from communityrules.checker.book import Book

CHECKS: Final[tuple[Callable[[Book], None], ...]] = ()
