"""Which names the parts of a rulebook speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from communityrules.language import tree


def nodes(part: Any) -> Iterator[Any]:
    """A part of a tree and all within it, outermost first."""
    rest = [part]
    while rest:
        one = rest.pop()
        if isinstance(one, tuple):
            rest.extend(reversed(one))
        elif is_dataclass(one) and not isinstance(one, tree.Layout):
            yield one
            rest.extend(reversed([getattr(one, each.name) for each in fields(one) if each.name != "span"]))


def names(part: Any) -> set[str]:
    """The names that stand in a part of a tree, whatever they name."""
    return {one.text for one in nodes(part) if isinstance(one, tree.Name)}


def reached(parts: Iterable[Any], declared: Iterable[tree.Declaration]) -> list[Any]:
    """Those declarations that the parts name, or what they name names, in the order of the text."""
    named: dict[str, Any] = {}
    for each in declared:
        name = getattr(each, "name", None)
        if isinstance(name, tree.Name):
            named.setdefault(name.text, each)
    found: set[str] = set()
    rest = [name for part in parts for name in names(part)]
    while rest:
        name = rest.pop()
        if name in named and name not in found:
            found.add(name)
            rest.extend(names(named[name]))
    return [one for own, one in named.items() if own in found]
