"""The canonical text of a rulebook, kept packed, so that the digest of one a little changed is soon made.

Of ten thousand rules the text has ten million letters, and writing it anew takes a second. What stands before the rules
is kept as the state of the hash behind it, the rules in packed blocks with the state before each.
"""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from communityrules.checker import canonical, checked

if TYPE_CHECKING:
    from hashlib import _Hash

#: How many rules stand in a block.
_RULES: Final = 128

#: `rules[start:end]` became these.
Splice = tuple[int, int, Sequence[checked.Rule]]


class Written:
    """The canonical text of one rulebook. Nothing in it changes."""

    __slots__ = ("_blocks", "_lengths", "_pending", "_state", "_states", "digest")

    #: The number of rules in each block, and their texts.
    _blocks: list[tuple[int, bytes]]
    #: The bytes of each rule's text.
    _lengths: array[int]

    def __init__(self, rulebook: checked.Rulebook) -> None:
        before, after = _around(rulebook)
        self._begin(hashlib.sha256(before))
        self._pending += _texts(rulebook.rules)
        self._end(after)

    def changed(self, rulebook: checked.Rulebook, splices: Iterable[Splice], *, same_before: bool) -> Written:
        """That of a rulebook whose rules differ by these splices, given in order. `same_before`: whether it says the
        same in all that the canonical form names before the rules."""
        found = Written.__new__(Written)
        before, after = _around(rulebook, only_after=same_before)
        found._begin(self._states[0].copy() if same_before else hashlib.sha256(before))
        known = same_before
        at = 0
        for start, end, rules in (*splices, (len(self._lengths), len(self._lengths), ())):
            known = found._keep(self, at, start, known=known)
            found._pending += _texts(rules)
            at = end
        found._end(after)
        return found

    def put_away(self) -> tuple[list[tuple[int, bytes]], bytes]:
        """What stands in memory beside what will be let go; nothing can be asked before it is taken out again."""
        away = self._blocks, self._lengths.tobytes()
        self._blocks, self._lengths = [], array("I")
        return away

    def take_out(self, away: tuple[list[tuple[int, bytes]], bytes]) -> None:
        """The other way round."""
        self._blocks = away[0]
        self._lengths = array("I", away[1])

    def _begin(self, state: _Hash) -> None:
        self._lengths = array("I")
        self._blocks = []
        #: Before each block, and behind the last.
        self._states: list[_Hash] = []
        self._state = state
        self._pending: list[bytes] = []

    def _end(self, after: bytes) -> None:
        self._flush()
        self._states.append(self._state.copy())
        self._state.update(after)
        self.digest: str = self._state.hexdigest()

    def _keep(self, old: Written, start: int, end: int, *, known: bool) -> bool:
        """Take over the texts of some rules; `known`: whether all before them was taken over, and still is."""
        at = 0
        for block, (size, packed) in enumerate(old._blocks):
            first, at = at, at + size
            if at <= start or first >= end:
                continue
            if first < start or at > end:
                texts = _cut(zlib.decompress(packed), old._lengths[first:at])
                self._pending += texts[max(start - first, 0) : end - first]
                known = False
                continue
            known = known and not self._pending and block == len(self._blocks)
            self._flush()
            self._states.append(old._states[block] if known else self._state.copy())
            self._enter(size, packed, old._lengths[first:at])
            self._state = old._states[block + 1].copy() if known else self._hashed(zlib.decompress(packed))
        return known

    def _flush(self) -> None:
        for start in range(0, len(self._pending), _RULES):
            part = self._pending[start : start + _RULES]
            data = b",".join(part)
            self._states.append(self._state.copy())
            self._enter(len(part), zlib.compress(data, 1), map(len, part))
            self._hashed(data)
        self._pending = []

    def _enter(self, size: int, packed: bytes, lengths: Iterable[int]) -> None:
        self._blocks.append((size, packed))
        self._lengths.extend(lengths)

    def _hashed(self, data: bytes) -> _Hash:
        if len(self._blocks) > 1:
            self._state.update(b",")
        self._state.update(data)
        return self._state


def _texts(rules: Iterable[checked.Rule]) -> list[bytes]:
    return [canonical.bytes_of(one) for one in rules]


def _cut(data: bytes, lengths: Iterable[int]) -> list[bytes]:
    found: list[bytes] = []
    at = 0
    for length in lengths:
        found.append(data[at : at + length])
        at += length + 1
    return found


def _around(rulebook: checked.Rulebook, *, only_after: bool = False) -> tuple[bytes, bytes]:
    """The canonical text up to the first rule, and from the end of the last one on."""
    names = canonical.said_of(rulebook)
    place = names.index("rules")
    before = ",".join(_part(rulebook, name) for name in names[:place]) if not only_after else ""
    after = "".join(f",{_part(rulebook, name)}" for name in names[place + 1 :])
    opening = "," if place else ""
    return (
        f'{{{before}{opening}"rules":['.encode("utf-8", "surrogatepass"),
        f"]{after}}}".encode("utf-8", "surrogatepass"),
    )


def _part(rulebook: checked.Rulebook, name: str) -> str:
    value: Any = canonical.FORM if name == "form" else getattr(rulebook, name)
    return f'"{name}":{canonical.text_of(value)}'
