"""A rulebook that was kept, was moved in memory, or took over what the version before it knew, answers as a new one."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from choices import Choices
from past import Past
from random_events import duties, events
from random_rules import LIBRARY, Maker

from communityrules.checker import checked
from communityrules.compiler.compile import compile_rulebook
from communityrules.compiler.evaluator import Evaluator
from communityrules.diagnostics.source import Source
from communityrules.kept import Kept
from communityrules.model.values import TEXT
from communityrules.moving import move_together

#: How many random rulebooks each test tries.
RULEBOOKS = 12
EVENTS = 20


def _same(one: Evaluator, other: Evaluator, draw: random.Random) -> int:
    """How many rules matched; both must say the same."""
    found = 0
    rulebook = one.rulebook
    past = Past(rulebook, lambda *_: None, {"raid": "calm"}, duties)
    for event in events(Choices(draw.randbytes(4_000)), EVENTS):
        past.add(event)
        ours, theirs = one.match(event, past), other.match(event, past)
        assert (ours.hits, _failures(ours)) == (theirs.hits, _failures(theirs)), event
        found += len(ours.hits)
    return found


def _failures(match: Any) -> list[tuple[str, int]]:
    return [(one.rule, one.line) for one in match.errors]


def _rulebook(draw: random.Random) -> checked.Rulebook:
    return Maker(Choices(draw.randbytes(8_000))).rulebook()


def test_kept_and_moved(tmp_path: Path) -> None:
    draw = random.Random(1)
    hits = 0
    for number in range(RULEBOOKS):
        rulebook = _rulebook(draw)
        new = Evaluator(rulebook, LIBRARY, indexed=True)
        place = Kept(tmp_path, Source("random", str(number)), None)
        place.keep(rulebook, (), new.patterns)
        found = Kept(tmp_path, Source("random", str(number)), None).find()
        assert found is not None
        kept, _, _, patterns = found
        assert repr(kept) == repr(rulebook)
        assert patterns == new.patterns
        hits += _same(new, Evaluator(kept, LIBRARY, indexed=True, patterns=patterns), draw)
        moved = move_together([kept])
        assert repr(moved) == repr(rulebook)
        hits += _same(new, compile_rulebook(moved, LIBRARY), draw)
    assert hits


@pytest.mark.parametrize("seed", range(4))
def test_many_edits(seed: int) -> None:
    draw = random.Random(seed)
    hits = 0
    rulebook = _rulebook(draw)
    before = Evaluator(rulebook, LIBRARY, indexed=True)
    for _ in range(RULEBOOKS):
        rulebook = _edited(draw, rulebook)
        # All others are let go: what is remembered must not speak of them.
        before = Evaluator(rulebook, LIBRARY, indexed=True, before=before)
        hits += _same(before, Evaluator(rulebook, LIBRARY, indexed=False), draw)
    assert hits


def _edited(draw: random.Random, rulebook: checked.Rulebook) -> checked.Rulebook:
    """The rulebook with one thing changed; the rules that stay are the same objects."""
    rules = list(rulebook.rules)
    at = draw.randrange(len(rules))
    match draw.randrange(6):
        case 0 if len(rules) > 2:
            del rules[at]
        case 1:
            rules.insert(draw.randrange(len(rules)), replace(rules[at], id=f"{rules[at].id}{len(rules)}"))
        case 2:
            condition = draw.choice(rules).condition
            rules[at] = replace(rules[at], condition=None if condition is None else checked.Not(condition))
        case 3:
            on = checked.Const(draw.choice(["room1", "general", "x"]), TEXT)
            channel = checked.FieldRef("event", "channel", TEXT)
            rules[at] = replace(rules[at], condition=checked.Compare("is_not", channel, on))
        case 4 if rulebook.lists:
            name = draw.choice(sorted(rulebook.lists))
            changed = replace(rulebook.lists[name], items=(*rulebook.lists[name].items, f"word{at}"))
            return replace(rulebook, lists={**rulebook.lists, name: changed})
        case _ if rulebook.definitions:
            name = draw.choice(sorted(rulebook.definitions))
            meaning = rulebook.definitions[name]
            if isinstance(meaning, checked.Logic | checked.Compare | checked.Contains | checked.Not):
                return replace(rulebook, definitions={**rulebook.definitions, name: checked.Not(meaning)})
    return replace(rulebook, rules=tuple(rules))
