"""Generated functions that differ only in their constants are compiled once.

Of a large rulebook many rules have the same shape: other words, numbers and limits in the same places. Python takes
longer to compile a function than to write it, so what differs is made an argument, whose default is the constant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import CodeType, FunctionType
from typing import Any, Final

#: What differs from rule to rule: names of constants and of functions, and numbers that say nothing of the shape.
_DIFFERENT: Final = re.compile(r"\b(?:k|part|fill|explain|read)\d+\b|(?<![\w.-])(?:[2-9]|[1-9][0-9]{1,17})\b")
_COMMENT: Final = re.compile(r"  # line \d+ of the rules$", re.MULTILINE)
#: How many different functions are kept at most.
_MOST: Final = 4096


class Shapes:
    """The functions of one program that were compiled, by their text without what differs."""

    def __init__(self) -> None:
        self._known: dict[str, CodeType] = {}

    def define(self, lines: list[str], namespace: dict[str, Any]) -> None:
        """Defines functions, each from a line that begins with `def`, in a namespace."""
        starts = [at for at, line in enumerate(lines) if line.startswith("def ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            head, _, rest = lines[start].partition("(")
            name = head.removeprefix("def ")
            namespace[name] = self._function(name, rest.removesuffix("):"), lines[start + 1 : end], namespace)

    def _function(self, name: str, parameters: str, body: list[str], namespace: dict[str, Any]) -> FunctionType:
        values: list[Any] = []
        places: dict[str, str] = {}

        def place(found: re.Match[str]) -> str:
            said = found.group()
            known = places.get(said)
            if known is None:
                known = places[said] = f"c{len(places)}"
                values.append(_value(said, namespace))
            return known

        text = _DIFFERENT.sub(place, _COMMENT.sub("", "\n".join(body)))
        key = f"{parameters}\n{len(values)}\n{text}"
        code = self._known.get(key)
        if code is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            arguments = "".join(f", c{at}=None" for at in range(len(values)))
            code = self._known[key] = _compiled(f"def function({parameters}{arguments}):\n{text}\n")
        return FunctionType(code, namespace, name, tuple(values))


def _value(said: str, namespace: Mapping[str, Any]) -> Any:
    return int(said) if said[0].isdigit() else namespace[said]


def _compiled(text: str) -> CodeType:
    module = compile(text, "<rules of one shape>", "exec", dont_inherit=True)
    return next(one for one in module.co_consts if isinstance(one, CodeType))
