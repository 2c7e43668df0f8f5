"""A rule in whose row some cells were edited: only the lines of those clauses change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from communityrules.language import tree

#: The order of clauses in a rule, for where a new one goes.
_ORDER: Final[tuple[type, ...]] = (
    tree.Content, tree.Modality, tree.AppliesTo, tree.InPlaces, tree.Responsible, tree.Effective, tree.ReviewBy,
    tree.Trial, tree.Overrides, tree.OnEvents, tree.Every, tree.If, tree.Cooldown, tree.FoundBy, tree.Then,
    tree.Require, tree.Todo,
)  # fmt: skip
_Ruled = tree.Rule | tree.Amend

#: The lines of a rule, its head among them, in the spelling of the rulebook or always in the same one.
Print = Callable[[_Ruled], list[str]]


def spliced(stands: _Ruled, before: _Ruled, after: _Ruled, write: Print, compare: Print) -> list[str] | None:
    """The lines of a rule with its edits in them.

    `stands` is the rule as the rulebook has it, `before` and `after` as its row gave and gives it. None when the rule
    has to be written anew: its comments were edited, or its clauses do not stand on lines of their own.
    """
    if before.layout != after.layout or any(one.layout != tree.PLAIN for one in (*before.clauses, *after.clauses)):
        return None
    text = stands.span.source.text
    first = text.count("\n", 0, stands.span.start)
    last = text.count("\n", 0, max(stands.span.start, stands.span.end - 1)) + 1
    lines = text.split("\n")
    places = _places(stands, text)
    if places is None:
        return None

    def said(rule: _Ruled, clause: tree.Clause, how: Print) -> list[str]:
        return how(replace(rule, clauses=(clause,), layout=tree.PLAIN))[1:]

    head = lines[first : min((start for start, _ in places), default=last)]
    alone = [compare(replace(one, clauses=(), layout=tree.PLAIN))[0] for one in (before, after)]
    if alone[0] != alone[1]:
        head = [write(replace(after, clauses=(), layout=tree.PLAIN))[0] + _remark(stands.layout), *head[1:]]
    opening = lines[places[0][0]] if places else ""
    indent = opening[: len(opening) - len(opening.lstrip())] or "  "
    #: Line numbers of clauses, and what stands there instead.
    instead: dict[int, list[str]] = {}
    new: list[tree.Clause] = []
    for kind in dict.fromkeys(type(one) for one in (*stands.clauses, *after.clauses)):
        mine = [index for index, one in enumerate(stands.clauses) if type(one) is kind]
        was = [said(before, one, compare) for one in before.clauses if type(one) is kind]
        becomes = [one for one in after.clauses if type(one) is kind]
        if len(was) != len(mine):
            return None
        if not mine:
            new += becomes
            continue
        for number, index in enumerate(mine):
            told = becomes[number : number + 1] if number < len(mine) - 1 else becomes[number:]
            if [said(after, one, compare) for one in told] != [was[number]]:
                made = [indent + line.lstrip() for one in told for line in said(after, one, write)]
                if made:
                    made[-1] += _remark(stands.clauses[index].layout)
                instead[index] = made
    out = head
    ends: dict[type, int] = {}
    at = places[0][0] if places else last
    for index, (start, end) in enumerate(places):
        out += lines[at:start]
        out += instead[index] if index in instead else lines[start:end]
        ends[type(stands.clauses[index])] = len(out)
        at = end
    out += lines[at:last]
    for clause in new:
        made = [indent + line.lstrip() for line in said(after, clause, write)]
        earlier = _ORDER[: _ORDER.index(type(clause))] if type(clause) in _ORDER else _ORDER
        place = max((ends[one] for one in earlier if one in ends), default=len(head))
        out[place:place] = made
        ends = {one: end + len(made) if end >= place and one not in earlier else end for one, end in ends.items()}
        ends[type(clause)] = place + len(made)
    comments = lines[first - len(stands.layout.before) : first]
    return [*comments, *out]


def _remark(layout: tree.Layout) -> str:
    return f"  # {layout.after}" if layout.after is not None else ""


def _places(rule: _Ruled, text: str) -> list[tuple[int, int]] | None:
    """The first line of each clause and the one after its last; None where two share a line."""
    found: list[tuple[int, int]] = []
    end = text.count("\n", 0, rule.span.start) + 1
    for one in rule.clauses:
        start = text.count("\n", 0, one.span.start)
        opening = text.rfind("\n", 0, one.span.start) + 1
        if start < end or text[opening : one.span.start].strip():
            return None
        end = text.count("\n", 0, max(one.span.start, one.span.end - 1)) + 1
        found.append((start, end))
    return found
