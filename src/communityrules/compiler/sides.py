"""Rules that are told apart together, each by its bit: what they ask, and what they need a text to hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from communityrules.checker import checked
from communityrules.compiler import guards, texts
from communityrules.compiler.sifted import Told
from communityrules.compiler.splits import Split
from communityrules.compiler.writer import Program
from communityrules.library.fold import whole_characters
from communityrules.library.matching import Needed, needed

#: Rules that ask one value, each by its bit.
Asked = list[tuple[int, Split]]
#: What a rule needs a text to hold; and where that is one pattern, the pattern.
_Looked = tuple[list[Needed], str | None]


@dataclass(slots=True)
class Side:
    """Rules that are told apart together, each by its bit, and what is known of them. A rule that matches in several
    ways has a bit for each."""

    #: For each bit the rule's place in the rulebook.
    rules: list[int] = field(default_factory=list)
    #: By what is asked, the rules that ask it.
    splits: dict[tuple[str, int], Asked] = field(default_factory=dict)
    groups: dict[str, list[tuple[int, bool]]] = field(default_factory=dict)
    #: Conditions that are asked as they are, each with the rules that have it and whether it must hold.
    wholes: dict[tuple[str, int], tuple[checked.Expression, list[tuple[int, bool]]]] = field(default_factory=dict)
    #: What they look for, by the text.
    looks: dict[checked.Expression, dict[int, list[Needed]]] = field(default_factory=dict)
    #: Patterns, of which a text may have to hold more.
    patterns: dict[checked.Expression, dict[int, str]] = field(default_factory=dict)
    #: By the bit, by what a rule is told apart before anything else is asked: keys of `splits`, `groups` and `wholes`;
    #: and the condition that is asked then, None where that is all; and whether none is asked behind it.
    told: dict[int, Told] = field(default_factory=dict)

    @property
    def everyone(self) -> int:
        """All bits."""
        return (1 << len(self.rules)) - 1

    def add(self, index: int, found: Iterable[guards.Guard], looks: Mapping[checked.Expression, _Looked]) -> None:
        bit = len(self.rules)
        self.rules.append(index)
        keys: list[Any] = []
        left: guards.Left | None = None
        looked, behind = 0, False
        for guard in found:
            if left is not None:
                behind = True
            elif guard.__class__ is Split or guard.__class__ is guards.Whole:
                keys.append(guard.key)
            elif guard.__class__ is guards.Left:
                left = guard
            elif guard.__class__ is guards.Belonging:
                keys.append(guard.group)
            else:
                looked += 1
            if guard.__class__ is Split:
                key = guard.key
                asked = self.splits.get(key)
                if asked is None:
                    asked = self.splits[key] = []
                asked.append((bit, guard))
            elif guard.__class__ is guards.Belonging:
                self.groups.setdefault(guard.group, []).append((bit, guard.wanted))
            elif guard.__class__ is guards.Whole:
                self.wholes.setdefault(guard.key, (guard.condition, []))[1].append((bit, guard.wanted))
        # Of several looks at a text only one is had.
        if looked == len(looks) and (left is None or left.condition is not None):
            self.told[bit] = keys, left.condition if left is not None else None, not behind
        for operand, (wanted, pattern) in looks.items():
            self.looks.setdefault(operand, {})[bit] = wanted
            if pattern is not None:
                self.patterns.setdefault(operand, {})[bit] = pattern


def looked_for(program: Program, found: Iterable[guards.Guard]) -> dict[checked.Expression, _Looked]:
    """By the text, what a rule needs to be in it; of several looks at one the one for what is rarest."""
    looking = [guard for guard in found if guard.__class__ is guards.Look]
    if not looking:
        return {}
    best: dict[checked.Expression, guards.Look] = {}
    for guard in looking:
        known = best.get(guard.operand)
        if known is None or _worth(known) < _worth(guard):
            best[guard.operand] = guard
    looked: dict[checked.Expression, _Looked] = {}
    for operand, look in best.items():
        looks = [_need(program, one) for one in look.sources]
        if all(one.disguised is not None for one in looks):
            looked[operand] = looks, look.sources[0].pattern if len(look.sources) == 1 else None
    return looked


def _worth(look: guards.Look) -> int:
    """How seldom a text holds something: as seldom as the shortest word."""
    return min((len(word.encode()) for one in look.sources for word in one.words), default=0)


def _need(program: Program, source: guards.Source) -> Needed:
    match source.literal:
        case "folded":
            return Needed(folded=source.words)
        case "as it is":
            return Needed(plain=source.words)
        case None:
            if source.exactly:
                # The same as below, without making what looks for them.
                return Needed(plain=_as_looked_for(source.words))
            return needed(source.words, texts.seeing(program.rulebook, source.name))


def _as_looked_for(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a list that stands as it is, without halves of characters and what is no word."""
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        words = tuple(map(whole_characters, words))
    return words if all(words) else tuple(filter(None, words))
