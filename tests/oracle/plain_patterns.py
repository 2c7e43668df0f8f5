"""The plain interpreter: patterns on Python's own engine, which spells some things in another way.

Only for patterns of tests, examples and packs: those of strangers could hang it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_EDGE: Final = "(?:(?<![A-Za-z0-9_])(?=[A-Za-z0-9_])|(?<=[A-Za-z0-9_])(?![A-Za-z0-9_]))"
_HAN: Final = r"\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufad9"
_PART: Final = re.compile(r"\\x\{([0-9a-fA-F]+)\}|\\p\{Han\}|\\z|\\b|\\.|\[\^?\]?|\]|[^\\\[\]]+", re.DOTALL)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern for Python: `\\b` the edge of a Latin word, `\\x{…}`, `\\p{Han}` and `\\z` in Python's spelling."""
    written, inside = [], False
    for part in _PART.finditer(pattern):
        text = part.group()
        if part[1] is not None:
            text = f"\\U{int(part[1], 16):08x}"
        elif text == r"\p{Han}":
            text = _HAN if inside else f"[{_HAN}]"
        elif text == r"\z":
            text = r"\Z"
        elif text == r"\b" and not inside:
            text = _EDGE
        elif text.startswith("[") and not inside:
            inside = True
        elif text == "]":
            inside = False
        elif text == "[":
            text = r"\["
        written.append(text)
    return re.compile("".join(written))
