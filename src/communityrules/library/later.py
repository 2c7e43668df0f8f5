"""Regular expressions of the library's own that are compiled when first used.

Compiling all of them would take longer than the rest of an import, and most rulebooks use few detectors.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial


def later(source: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """Gives the compiled pattern, the same one each time. Only for patterns written here, never for those of rules."""
    return cache(partial(re.compile, source, flags))
