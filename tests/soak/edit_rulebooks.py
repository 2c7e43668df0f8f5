"""Edit rulebooks at random, and hold what is checked by what has changed against what is checked anew.

    python tests/soak/edit_rulebooks.py [--budget SECONDS] [--count 100000] [--seed 1]

Rulebooks of `examples` and made ones are edited again and again: lines, words, lists, numbers, names, headers and whole
declarations change, come, go and move; some edits break the text, some of those are taken back. Promised: the checked
rulebook with its digest, every diagnostic with its places, wording and fix, and the decisions of what is compiled of
it are those of the same text in a process that knows nothing of earlier ones. The first text of which that is not so is
printed with the one before it, and the exit status is 1. `--budget` ends the run early after that many seconds.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from edits import BOOKS, edited, made

from communityrules import loads
from communityrules.checker import basis as remembering
from communityrules.checker import checked
from communityrules.checker.basis import Basis
from communityrules.checker.check import CheckResult, check, check_anew
from communityrules.compiler.compile import compile_rulebook
from communityrules.compiler.evaluator import Evaluator
from communityrules.diagnostics.formats import render_json
from communityrules.diagnostics.message import Diagnostic, RulesError
from communityrules.diagnostics.source import Source
from communityrules.diagnostics.text import render_text
from communityrules.engine.engine import Engine
from communityrules.engine.errors import EventError
from communityrules.engine.incoming import wire_types
from communityrules.language import reader
from communityrules.library.table import STANDARD
from communityrules.model.values import Type
from communityrules.model.zones import zone
from communityrules.wire.decisions import encode_decision
from communityrules.wire.errors import WireError

_QUOTED = re.compile('["“「]([^"“”「」\n]*)["”」]')
#: Events that are judged by each rulebook, and edits that are tried on each text.
_EVENTS, _EDITS = 10, 40
#: Up to when timers fire after them, in microseconds: 5 March 2025.
_UNTIL = 1_741_132_800_000_000


class DifferError(Exception):
    """What is checked by what has changed is not what is checked anew."""


@contextmanager
def forgetful() -> Iterator[None]:
    """In here no declaration is read by what is remembered of others."""
    usual = vars(reader)["load_grammar"]
    apart = dataclasses.replace(usual(), shapes=None)
    # As a test would patch it.
    vars(reader)["load_grammar"] = lambda: apart
    try:
        yield
    finally:
        vars(reader)["load_grammar"] = usual


def told(diagnostics: tuple[Diagnostic, ...]) -> list[Any]:
    """All that diagnostics say, as people and programs are told."""
    told: list[Any] = [render_json(diagnostics, "en"), render_text(diagnostics, "en"), render_text(diagnostics, "zh")]
    for one in diagnostics:
        fix = one.fix and (one.fix.span.start, one.fix.span.end, one.fix.replacement)
        told.append((one.code, one.span and (one.span.start, one.span.end), fix, sorted(map(repr, one.values.items()))))
    return told


def said(rulebook: checked.Rulebook) -> dict[str, str]:
    """All that a rulebook says. Mappings are equal in any order."""
    values = {one: getattr(rulebook, one) for one in rulebook.__match_args__}
    found: dict[str, str] = {
        name: repr(sorted(one.items()) if isinstance(one, dict) else one) for name, one in values.items()
    }
    found["steps"] = repr([[(step.span.start, step.span.end) for step in one.steps] for one in rulebook.tests])
    return found


def _value(chance: random.Random, kind: Type, words: list[str]) -> Any:
    match kind.kind:
        case "number":
            return chance.randrange(12)
        case "boolean":
            return chance.random() < 0.5
        case "instant":
            return "2025-03-01T10:00:00Z"
        case "list":
            return chance.choices(words, k=2)
        case "member" | "message":
            return chance.choice(("amy", "bob", "m1"))
        case _:
            return chance.choice(words)


def events(chance: random.Random, evaluator: Evaluator, text: str) -> Iterator[dict[str, Any]]:
    """Events of the kinds that a rulebook knows, with the words that stand in it."""
    types = wire_types(evaluator.rulebook, evaluator.library)
    words = [*_QUOTED.findall(text), "hello", ""][:200]
    kinds = sorted(set(types.events) - set(types.raised))
    for number in range(_EVENTS):
        kind = "message" if chance.random() < 0.6 else chance.choice(kinds)
        body: dict[str, Any] = {
            "id": f"e{number}",
            "type": kind,
            "time": f"2025-03-{1 + number // 6:02}T{8 + number % 6:02}:{chance.randrange(60):02}:00Z",
            "community": "c",
            "member": {"id": chance.choice(("amy", "bob")), "joined": "2025-02-27T00:00:00Z"},
        }
        for name, one in types.member.items():
            if name not in body["member"] and chance.random() < 0.7:
                body["member"][name] = _value(chance, one, words)
        for name, one in types.events[kind].items():
            if name not in body and chance.random() < 0.7:
                body[name] = _value(chance, one, words)
        if kind in ("message", "reply", "edit", "announcement", "complaint", "feedback"):
            body["message"] = {"id": f"x{number}", "text": " ".join(chance.choices(words, k=2))}
        yield body


def decisions(evaluator: Evaluator, given: list[dict[str, Any]]) -> list[Any]:
    """What an engine decides of events, and of the timers up to some days after."""
    found: list[Any] = []
    place = zone(evaluator.rulebook.timezone)
    with Engine(evaluator) as engine:
        for event in given:
            try:
                found.append(encode_decision(engine.judge(event), place))
            except (WireError, EventError) as error:
                found.append(str(error))
        found += [encode_decision(one, place) for _, one in zip(range(50), engine.advance(_UNTIL), strict=False)]
    return found


class Session:
    """One rulebook in an editor."""

    def __init__(self, name: str, text: str, chance: random.Random, by_loading: bool) -> None:
        self._name = name
        self.text = text
        self._chance = chance
        self._by_loading = by_loading
        #: Held, so that the next text is checked by them.
        self._good: list[Any] = []
        self._rules: tuple[checked.Rule, ...] = ()
        self._evaluator: Evaluator | None = None
        self.followed = 0

    def look(self, text: str) -> bool:
        """Compare both ways of checking a text: whether it is good. DifferError."""
        source = Source(self._name, text)
        with forgetful():
            anew = check_anew(source, STANDARD, None)
        found, diagnostics, evaluator = self._by_loads(text) if self._by_loading else self._by_check(text)
        if (found is None) != (anew.rulebook is None):
            raise DifferError(f"good or not: {[one.code for one in anew.diagnostics]}")
        theirs, ours = told(anew.diagnostics), told(diagnostics)
        if ours != theirs:
            raise DifferError(f"diagnostics:\n{ours}\n{theirs}")
        self.text = text
        if found is None or evaluator is None or anew.rulebook is None:
            return False
        self._compare_bases(anew.basis)
        if found != anew.rulebook:
            raise DifferError("the rulebook is another")
        one, other = said(found), said(anew.rulebook)
        for name in one:
            if one[name] != other[name]:
                raise DifferError(f"{name}:\n{one[name]}\n{other[name]}")
        given = list(events(self._chance, evaluator, text))
        ours = decisions(evaluator, given)
        theirs = decisions(compile_rulebook(anew.rulebook, STANDARD), given)
        for event, mine, right in zip([*given, *[{}] * 50], ours, theirs, strict=False):
            if mine != right:
                raise DifferError(f"decisions of {event}:\n{mine!r}\n{right!r}")
        if len(ours) != len(theirs):
            raise DifferError("decisions of timers")
        return True

    def _compare_bases(self, anew: Basis | None) -> None:
        """What the next text is checked by is as if it were made now. DifferError."""
        last = self._good[-1]
        found = last.basis if isinstance(last, CheckResult) else None
        if found is None or anew is None:
            return
        for name in ("starts", "kinds", "called", "counts", "counting", "duties"):
            if getattr(found, name) != getattr(anew, name):
                raise DifferError(f"basis: {name}:\n{getattr(found, name)}\n{getattr(anew, name)}")
        # Of these it may know some that there were once.
        for name in ("asked", "referred", "raised", "shared"):
            if not getattr(found, name) >= getattr(anew, name):
                raise DifferError(f"basis: {name}: {getattr(anew, name) - getattr(found, name)}")
        if {one: lenders for one, lenders in found.loans.items() if lenders} != dict(anew.loans):
            raise DifferError(f"basis: loans:\n{found.loans}\n{anew.loans}")
        if not set(found.others) >= set(anew.others) or found.wide < anew.wide:
            raise DifferError(f"basis: others:\n{found.others}\n{anew.others}")

    def _by_check(self, text: str) -> tuple[checked.Rulebook | None, tuple[Diagnostic, ...], Evaluator | None]:
        result = check(Source(self._name, text))
        if result.rulebook is None:
            return None, result.diagnostics, None
        self._hold(result, result.rulebook)
        self._evaluator = compile_rulebook(result.rulebook, STANDARD, before=self._evaluator)
        return result.rulebook, result.diagnostics, self._evaluator

    def _by_loads(self, text: str) -> tuple[checked.Rulebook | None, tuple[Diagnostic, ...], Evaluator | None]:
        try:
            book = loads(text, self._name)
        except RulesError as error:
            return None, error.diagnostics, None
        self._hold(book, book.checked)
        return book.checked, book.diagnostics, book.evaluator

    def _hold(self, one: Any, rulebook: checked.Rulebook) -> None:
        """Keep a good result, by which the next text is checked; the rules that stayed tell that this one was."""
        kept = {id(rule) for rule in self._rules}
        self.followed += any(id(rule) in kept for rule in rulebook.rules)
        self._rules = rulebook.rules
        self._good = [*self._good[-2:], one]


def run(chance: random.Random, number: int, texts: list[str], stop: float) -> tuple[int, int, int]:
    """Edits on one text: how many were tried, how many gave a good rulebook, how many were followed. DifferError."""
    text = made(chance) if chance.random() < 0.5 else chance.choice(texts)
    session = Session(f"book{number}", text, chance, by_loading=chance.random() < 0.3)
    before: list[str] = [text]
    tried = good = 0
    try:
        is_good = session.look(text)
        while tried < _EDITS and time.monotonic() < stop:
            tried += 1
            if not is_good and chance.random() < 0.7:
                text = chance.choice(before[-4:])
            elif chance.random() < 0.05:
                text = chance.choice(before)
            else:
                text = edited(chance, session.text, texts)
            is_good = session.look(text)
            if is_good:
                good += 1
                before.append(text)
    except Exception as error:
        error.add_note(
            f"--- the last good text\n{before[-1]}\n--- the text before\n{session.text}\n--- the text\n{text}"
        )
        raise
    return tried, good, session.followed


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--count", type=int, default=100_000, help="edits after which to stop")
    asked.add_argument("--budget", type=float, default=3600.0, help="seconds after which to stop")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    # Short texts are checked as a whole otherwise.
    remembering.LEAST = 0
    texts = [path.read_text(encoding="utf-8") for path in BOOKS]
    stop = time.monotonic() + given.budget
    tried = good = followed = number = 0
    while tried < given.count and time.monotonic() < stop:
        number += 1
        try:
            # Each by its own seed, so that one can be tried alone.
            more = run(random.Random(given.seed * 1_000_003 + number), number, texts, stop)
        except Exception as error:  # noqa: BLE001  # any exception at all is the finding
            notes = "\n".join(getattr(error, "__notes__", ()))
            print(f"rulebook {number} of seed {given.seed}: {type(error).__name__}: {error}\n{notes}")
            return 1
        tried, good, followed = tried + more[0], good + more[1], followed + more[2]
    print(f"{tried} edits of {number} rulebooks, {good} of them good, {followed} checked by what changed: all as anew")
    return 0


if __name__ == "__main__":
    sys.exit(main())
