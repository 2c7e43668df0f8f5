"""A plain interpreter of checked rulebooks: walks the tree for every event, remembers nothing, hurries nowhere.

Written from the descriptions in `checker.checked` and `compiler.evidence`, without a look at the generated code, so
that the two can be held against each other. It shares with the product only the library: folding, detectors, links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from communityrules.checker import checked
from communityrules.library.declare import Library
from communityrules.library.fold import at_word_edges, fold, fold_text
from communityrules.library.links import find_links, links_of, mentions_of
from communityrules.library.matching import DomainMatcher
from communityrules.model.event import Event, Member, Message

DAY = 86_400_000_000
TYPED = (
    checked.Const, checked.FieldRef, checked.ParameterRef, checked.StateRef, checked.DefinitionRef,
    checked.AggregateRef, checked.FunctionCall, checked.Arithmetic,
)  # fmt: skip
OPPOSITE = {"is": "is_not", "is_not": "is", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED = {"is": "is", "is_not": "is_not", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
STAFF = ("owner", "admin", "moderator", "service")


@dataclass
class Answer:
    """One rule that matched."""

    rule: checked.Rule
    evidence: list[dict[str, Any]]
    trial: bool
    overridden_by: str | None = None


@dataclass
class Answers:
    hits: list[Answer]
    #: Rules that failed.
    failed: list[checked.Rule]


def kind_of(node: Any) -> str:
    return node.type.kind if isinstance(node, TYPED) else "boolean"


def exact(value: Any) -> Any:
    """A number as a fraction; everything else as it is."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return Fraction(repr(value))
    return Fraction(value) if isinstance(value, int | Decimal | Fraction) else value


class Interpreter:
    def __init__(self, rulebook: checked.Rulebook, library: Library) -> None:
        self.rulebook = rulebook
        self.library = library
        self.zone = ZoneInfo(rulebook.timezone)

    # --- rules -----------------------------------------------------------------------------------------------

    def match(self, event: Event, facts: Any) -> Answers:
        run = Run(self, event, facts)
        answers = Answers([], [])
        closed: set[str] = set()
        for rule in self.rulebook.rules:
            if rule.every is not None:
                continue
            if rule.found_by is not None:
                if event.type != "finding" or event.target.rule != rule.id:
                    continue
            elif event.type not in rule.events and not (event.type == "reply" and "message" in rule.events):
                continue
            if rule.first_match in closed:
                continue
            self.ask(rule, run, answers)
            if answers.hits and answers.hits[-1].rule is rule and rule.first_match is not None:
                if not answers.hits[-1].trial:
                    closed.add(rule.first_match)
        mark_overridden(answers.hits)
        return answers

    def match_period(self, rule: checked.Rule, event: Event, facts: Any) -> Answers:
        answers = Answers([], [])
        self.ask(rule, Run(self, event, facts, law=event.time - 1, fallback=False), answers)
        mark_overridden(answers.hits)
        return answers

    def ask(self, rule: checked.Rule, run: Run, answers: Answers) -> None:
        try:
            if self.considered(rule, run) and (rule.condition is None or run.test(rule.condition)):
                trial = rule.trial_end is not None and run.law < rule.trial_end
                pieces: list[dict[str, Any]] = []
                for piece in run.why(rule):
                    if piece not in pieces:
                        pieces.append(piece)
                answers.hits.append(Answer(rule, pieces, trial))
        except Exception:
            answers.failed.append(rule)

    def considered(self, rule: checked.Rule, run: Run) -> bool:
        if rule.start is not None and run.law < rule.start:
            return False
        if rule.end is not None and run.law >= rule.end:
            return False
        place = run.event.place if run.event.place is not None else run.event.channel
        if rule.places and place not in rule.places:
            return False
        if place in rule.excluded_places:
            return False
        if rule.found_by is not None:
            finder = run.event.member
            if finder is None or not self.in_group(rule.found_by, finder, run.event.time, run.facts):
                return False
        for group in rule.excluded:
            if run.member_of(group):
                return False
        return not rule.applies_to or any(run.about(group) for group in rule.applies_to)

    def in_group(self, group: str, member: Member, time: int, facts: Any) -> bool:
        event = Event("", time, "", "", member=member, subject=member)
        return Run(self, event, facts, fallback=False).member_of(group)

    # --- measures ----------------------------------------------------------------------------------------------

    def observe(self, aggregate: checked.Aggregate, event: Event, facts: Any) -> tuple[tuple[Any, ...], Any] | None:
        run = Run(self, event, facts)
        if aggregate.where is not None and not run.test(aggregate.where):
            return None
        keys = []
        for key in aggregate.keys:
            value = run.value(key)
            if value is None:
                return None
            keys.append(value)
        if aggregate.value is None:
            return tuple(keys), None
        value = run.value(aggregate.value)
        return None if value is None else (tuple(keys), value)


def mark_overridden(hits: list[Answer]) -> None:
    """Who wins is settled from the top: what nobody overrides stands, what stands strikes what it names."""
    standing: list[int] = []
    struck: dict[int, list[int]] = {}

    def strikers(of: int) -> list[int]:
        return [
            at
            for at, hit in enumerate(hits)
            if not hit.trial and hits[of].rule.id in hit.rule.overrides and hit.rule.id != hits[of].rule.id
        ]

    for _ in range(len(hits) + 1):
        for at in range(len(hits)):
            if at in standing or at in struck:
                continue
            if any(one in standing for one in strikers(at)):
                struck[at] = strikers(at)
            elif all(one in struck for one in strikers(at)):
                standing.append(at)
    for at, by in struck.items():
        hits[at].overridden_by = hits[min(one for one in by if one in standing)].rule.id


class Run:
    """One event being looked at."""

    def __init__(
        self, interpreter: Interpreter, event: Event, facts: Any, law: int | None = None, fallback: bool = True
    ) -> None:
        self.book = interpreter.rulebook
        self.interpreter = interpreter
        self.library = interpreter.library
        self.event = event
        self.facts = facts
        self.law = event.time if law is None else law
        declared = self.library.events.get(event.type)
        self.sender_is_subject = sender = fallback and (declared is None or declared.subject == "sender")
        self.subject = event.subject or (event.member if sender else None)
        self.message: Message | None = event.subject_message or (event.message if sender else None)

    # --- values ------------------------------------------------------------------------------------------------

    def value(self, node: Any) -> Any:
        match node:
            case checked.Const():
                return node.value
            case checked.FieldRef():
                return self.field(node)
            case checked.ParameterRef():
                return self.parameter(node.name)
            case checked.StateRef():
                return self.facts.state(node.name)
            case checked.DefinitionRef():
                body = self.book.definitions[node.name]
                return self.test(body) if node.type.kind == "boolean" else self.value(body)
            case checked.AggregateRef():
                keys = []
                for key in node.keys:
                    value = self.value(key)
                    if value is None:
                        return None
                    keys.append(value)
                return self.facts.aggregate(node.index, tuple(keys))
            case checked.FunctionCall():
                arguments = [self.value(one) for one in node.arguments]
                if any(one is None for one in arguments):
                    return None
                function = self.library.functions[node.function]
                return function.run(*([self.book.timezone] if function.zoned else []), *arguments)
            case checked.Arithmetic():
                return self.arithmetic(node)
            case _:
                return self.test(node)

    def parameter(self, name: str) -> Any:
        found = None
        for start, value in self.book.parameters[name].values:
            if start is None or start <= self.law:
                found = value
        return found

    def field(self, ref: checked.FieldRef) -> Any:
        found = self.raw_field(ref)
        if ref.root == "label":
            wanted = {"number": (int, float, Decimal), "boolean": (bool,), "text": (str,)}[ref.type.kind]
            if not isinstance(found, wanted) or (ref.type.kind == "number" and isinstance(found, bool)):
                return None
        return exact(found) if ref.type.kind == "number" and found is not None else found

    def raw_field(self, ref: checked.FieldRef) -> Any:
        event, name = self.event, ref.name
        if ref.root in ("member", "sender"):
            who = self.subject if ref.root == "member" else event.member
            if who is None:
                return None
            if ref.custom:
                return who.fields.get(name)
            if name == "tenure":
                return None if who.joined is None else event.time - who.joined
            if name == "labels":
                return tuple(sorted(label for label, end in who.labels.items() if end is None or event.time < end))
            return getattr(who, name)
        if ref.root in ("message", "label"):
            if self.message is None:
                return None
            if ref.root == "label":
                return self.message.labels.get(name)
            if ref.custom:
                return self.message.fields.get(name)
            text = self.message.text
            derived = {"links": links_of, "mentions": mentions_of, "length": len}
            return derived[name](text) if name in derived else getattr(self.message, name)
        if ref.root == "target":
            return getattr(event.target, name)
        if ref.root == "event":
            return getattr(event, name)
        return event.fields.get(name)

    def arithmetic(self, node: checked.Arithmetic) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        if left is None or right is None:
            return None
        if isinstance(left, date):
            return (left - right).days * DAY
        left, right = exact(left), exact(right)
        if node.operator == "/":
            return None if right == 0 else left / right
        return {"+": left + right, "-": left - right, "*": left * right}[node.operator]

    # --- conditions ----------------------------------------------------------------------------------------------

    def test(self, node: Any) -> bool:
        match node:
            case checked.Not():
                return not self.test(node.operand)
            case checked.Logic():
                if node.operator == "and":
                    return all(self.test(one) for one in node.operands)
                return any(self.test(one) for one in node.operands)
            case checked.AtLeast():
                return len(self.first_true(node)) >= node.number
            case checked.Compare():
                return self.compare(node)
            case checked.InRange():
                return self.in_range(node)
            case checked.Contains():
                return self.contains(node)
            case checked.OneOf():
                return self.one_of(node)
            case checked.Affix():
                text = self.value(node.operand)
                return text is not None and self.affix(node, text) is not None
            case checked.Matches():
                return self.fits(node) is not None
            case checked.Empty():
                return self.empty(self.value(node.operand)) != node.negated
            case checked.InGroup():
                return self.member_of(node.group)
            case checked.DefinitionRef():
                return self.test(self.book.definitions[node.name])
            case _:
                return self.value(node) is True

    def first_true(self, node: checked.AtLeast) -> list[Any]:
        found: list[Any] = []
        for one in node.conditions:
            if len(found) == node.number:
                break
            if self.test(one):
                found.append(one)
        return found

    def member_of(self, group: str) -> bool:
        if group == "everyone":
            return True
        if group == "staff" and "staff" not in self.book.groups:
            return self.subject is not None and any(fold_text(role) in STAFF for role in self.subject.roles)
        return self.test(self.book.groups[group]) if self.subject is not None else False

    def about(self, group: str) -> bool:
        """Whether the event is about a member of the group, or about the group as a whole."""
        return self.member_of(group) or (not self.sender_is_subject and self.event.subject_group == group)

    def empty(self, value: Any) -> bool:
        if value is None:
            return True
        return not value.strip() if isinstance(value, str) else isinstance(value, tuple) and not value

    def side(self, node: Any, other: str, exactly: bool) -> Any:
        value = self.value(node)
        if value is None:
            return None
        kind = kind_of(node)
        if kind == "instant" and other == "time_of_day":
            return self.minute(value)
        if kind == "instant" and other == "date":
            return self.local(value).date()
        if kind == "text" and other == "text" and not exactly:
            return fold_text(value)
        return exact(value)

    def local(self, moment: int) -> datetime:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)).astimezone(self.interpreter.zone)

    def minute(self, moment: int) -> int:
        local = self.local(moment)
        return local.hour * 60 + local.minute

    def compare(self, node: checked.Compare) -> bool:
        left = self.side(node.left, kind_of(node.right), node.exactly)
        if left is None:
            return False
        right = self.side(node.right, kind_of(node.left), node.exactly)
        if right is None:
            return False
        match node.operator:
            case "is":
                return bool(left == right)
            case "is_not":
                return bool(left != right)
            case "<":
                return bool(left < right)
            case "<=":
                return bool(left <= right)
            case ">":
                return bool(left > right)
            case _:
                return bool(left >= right)

    def in_range(self, node: checked.InRange) -> bool:
        operand = self.side(node.operand, kind_of(node.low), True)
        if operand is None:
            return False
        ends = []
        for end in (node.low, node.high):
            value = self.side(end, kind_of(node.operand), True)
            if value is None:
                return False
            ends.append(value)
        low, high = ends
        if kind_of(node.low) == "time_of_day":
            inside = low <= operand < high if low <= high else operand >= low or operand < high
        else:
            inside = low <= operand <= high
        return bool(inside) != node.outside

    def one_of(self, node: checked.OneOf) -> bool:
        kind = kind_of(node.operand)
        wanted = next((kind_of(one) for one in node.items if isinstance(one, checked.Const)), kind)
        operand = self.side(node.operand, wanted, True)
        if operand is None:
            return False
        found = any(self.is_item(node, operand, item) for item in node.items)
        return found != node.negated

    def is_item(self, node: checked.OneOf, operand: Any, item: Any) -> bool:
        kind = kind_of(node.operand)
        if isinstance(item, checked.DetectorRef):
            spans = self.library.detectors[item.name].find(operand)
            return any((one.start, one.end) == (0, len(operand)) for one in spans)
        if isinstance(item, checked.ListRef):
            words = self.book.lists[item.name]
            if kind != "text" or node.exactly or words.exactly:
                return operand in words.items
            return any(fold_text(operand) == fold_text(word) for word in words.items)
        value = self.side(item, kind, True)
        if value is None:
            return False
        if kind == "text" and kind_of(item) == "text" and not node.exactly:
            return fold_text(operand) == fold_text(value)
        return bool(operand == value)

    # --- looking through texts -------------------------------------------------------------------------------------

    def places(self, text: str, word: str, exactly: bool) -> Iterator[tuple[int, int]]:
        """Where a word stands in the original, every way it can be cut out of the text."""
        folded = fold(text)
        looked, wanted = (folded.original, word) if exactly else (folded.text, fold_text(word))
        for start in range(len(looked)):
            end = start + len(wanted)
            if wanted and looked[start:end] == wanted and at_word_edges(looked, start, end):
                yield (start, end) if exactly else folded.span(start, end)

    def groups(self, node: Any) -> list[tuple[str | None, list[Any], bool]]:
        """What is looked for: (name or None, words, exactly) in order; written words stand together; a detector has
        its name and no words; parameters last."""
        found: list[tuple[str | None, list[Any], bool]] = []
        last: list[tuple[str | None, list[Any], bool]] = []
        written = [one.value for one in self.matchers(node) if isinstance(one, checked.Const)]
        for one in self.matchers(node):
            if isinstance(one, checked.Const):
                if written:
                    found.append((None, written, node.exactly))
                written = []
            elif isinstance(one, checked.ListRef):
                words = self.book.lists[one.name]
                found.append((one.name, list(words.items), node.exactly or words.exactly))
            elif isinstance(one, checked.DetectorRef):
                found.append((one.name, [], False))
            else:
                value = self.parameter(one.name)
                last.append((one.name, [] if value is None else [value], node.exactly))
        return found + last

    @staticmethod
    def matchers(node: Any) -> tuple[Any, ...]:
        matchers: tuple[Any, ...] = node.matchers if isinstance(node, checked.Contains) else node.items
        return matchers

    def is_detector(self, name: str | None, words: list[Any]) -> bool:
        return (
            not words
            and name in self.library.detectors
            and name not in self.book.parameters
            and name not in self.book.lists
        )

    def earliest(self, text: str, name: str | None, words: list[Any], exactly: bool) -> tuple[str, int, int] | None:
        if self.is_detector(name, words):
            for one in self.library.detectors[name or ""].find(text):
                return name or "", one.start, one.end
            return None
        found = [(*place, at, word) for at, word in enumerate(words) for place in self.places(text, word, exactly)]
        if not found:
            return None
        start, end, _, word = min(found)
        return name or word, start, end

    def contains(self, node: checked.Contains) -> bool:
        operand = self.value(node.operand)
        return operand is not None and self.holding(node, operand) is not None

    def holding(self, node: checked.Contains, operand: Any) -> list[Any] | None:
        """What makes it true: for `any` the first thing found, for `all` each; None when it is false."""
        wanted = []
        for name, words, exactly in self.groups(node):
            if node.mode == "any" or self.is_detector(name, words):
                wanted.append((name, words, exactly))
            elif words:
                wanted += [(name, [word], exactly) for word in words]
            elif name in self.book.parameters:
                return None
        found = []
        for name, words, exactly in wanted:
            if kind_of(node.operand) == "list":
                one: Any = self.item(node, operand, name, words, exactly)
            else:
                one = self.earliest(operand, name, words, exactly)
            if one is not None and node.mode == "any":
                return [one]
            if one is None and node.mode == "all":
                return None
            found.append(one)
        return found if node.mode == "all" else None

    def item(self, node: Any, items: Any, name: str | None, words: list[Any], exactly: bool) -> tuple[str, Any] | None:
        operand = node.operand
        if self.is_detector(name, words):
            for one in items:
                if list(self.library.detectors[name or ""].find(one)):
                    return name or "", one
            return None
        if isinstance(operand, checked.FieldRef) and (operand.root, operand.name) == ("message", "links"):
            for link, entry in DomainMatcher(words).find(items):
                return name or entry, link
            return None
        of = operand.type.item
        as_is = exactly or (of is not None and of.kind != "text")
        for one in items:
            for word in words:
                if one == word or (not as_is and fold_text(one) == fold_text(word)):
                    return name or str(word), one
        return None

    def affix(self, node: checked.Affix, text: str) -> tuple[str, int, int] | None:
        for name, words, exactly in self.groups(node):
            found = []
            if self.is_detector(name, words):
                start, end = len(text) - len(text.lstrip()), len(text.rstrip())
                for one in self.library.detectors[name or ""].find(text):
                    if (one.start == start) if node.end == "start" else (one.end == end):
                        return name or "", one.start, one.end
            for at, word in enumerate(words):
                folded = fold(text)
                looked, wanted = (folded.original, word) if exactly else (folded.text, fold_text(word))
                start = (
                    len(looked) - len(looked.lstrip()) if node.end == "start" else len(looked.rstrip()) - len(wanted)
                )
                end = start + len(wanted)
                if wanted and start >= 0 and looked[start:end] == wanted and at_word_edges(looked, start, end):
                    span = (start, end) if exactly else folded.span(start, end)
                    found.append((len(wanted), -at, word, span))
            if found:
                _, _, word, span = max(found)
                return name or word, *span
        return None

    def fits(self, node: checked.Matches) -> tuple[int, int] | str | None:
        operand = self.value(node.operand)
        if operand is None:
            return None
        if isinstance(operand, tuple):
            return next((one for one in operand if re.search(node.regex, one)), None)
        found = re.search(node.regex, operand)
        return found.span() if found else None

    # --- why ---------------------------------------------------------------------------------------------------------

    def why(self, rule: checked.Rule) -> Iterator[dict[str, Any]]:
        if rule.condition is not None:
            yield from self.tell(rule.condition, True)
        elif rule.found_by is not None:
            note: dict[str, Any] = {"kind": "finding", "member": self.event.member.id if self.event.member else None}
            if self.event.message is not None and self.event.message.text:
                note["text"] = self.event.message.text
            yield note
        elif rule.every is None:
            yield {"kind": "event", "what": self.event.type}
        if rule.applies_to and "everyone" not in rule.applies_to:
            group = next(one for one in rule.applies_to if self.about(one))
            yield {"kind": "member", "what": group, "member": self.subject.id if self.subject else None}

    def tell(self, node: Any, truth: bool) -> Iterator[dict[str, Any]]:
        match node:
            case checked.Const():
                return
            case checked.Not():
                yield from self.tell(node.operand, not truth)
            case checked.DefinitionRef():
                yield from self.tell(self.book.definitions[node.name], truth)
            case checked.Logic():
                if (node.operator == "and") == truth:
                    for one in node.operands:
                        yield from self.tell(one, truth)
                else:
                    for one in node.operands:
                        if self.test(one) == truth:
                            yield from self.tell(one, truth)
                            return
            case checked.AtLeast():
                for one in self.first_true(node) if truth else [one for one in node.conditions if not self.test(one)]:
                    yield from self.tell(one, truth)
            case checked.InGroup():
                who = self.subject.id if self.subject else None
                yield {"kind": "member" if truth else "not_member", "what": node.group, "member": who}
            case _:
                yield from self.tell_leaf(node, truth)

    def tell_leaf(self, node: Any, truth: bool) -> Iterator[dict[str, Any]]:
        match node:
            case checked.Compare():
                yield self.tell_compare(node, truth)
            case checked.InRange():
                yield self.tell_range(node, truth)
            case checked.Empty():
                if node.negated == truth:
                    yield {"kind": "present", "what": self.name(node.operand), "value": self.shown(node.operand)}
                else:
                    yield {"kind": "empty", "what": self.name(node.operand)}
            case checked.OneOf():
                if self.value(node.operand) is None:
                    yield {"kind": "absent", "what": self.name(node.operand)}
                else:
                    kind = "not_one_of" if node.negated == truth else "one_of"
                    yield {"kind": kind, "what": self.name(node.operand), "value": self.shown(node.operand)}
            case checked.Contains() | checked.Affix() | checked.Matches():
                yield from self.tell_text(node, truth)
            case _:
                yield {"kind": "fact", "what": self.name(node), "value": self.value(node)}

    def tell_compare(self, node: checked.Compare, truth: bool) -> dict[str, Any]:
        left, right = node.left, node.right
        operator: str = node.operator if truth else OPPOSITE[node.operator]
        limits = (checked.Const, checked.ParameterRef)
        if isinstance(left, limits) and not isinstance(right, limits):
            left, right, operator = right, left, MIRRORED[operator]
        if not truth:
            for one in (node.left, node.right):
                if self.value(one) is None:
                    return {"kind": "absent", "what": self.name(one)}
        if self.counts(left) and not self.counts(right):
            most = self.book.aggregates[left.index].limit  # type: ignore[union-attr]
            value = self.value(left)
            note: dict[str, Any] = {
                "kind": "count",
                "what": self.name(left),
                "value": value,
                "limit": self.shown(right),
            }
            if operator not in (">", ">="):
                note["operator"] = operator
            if most is not None and value >= most:
                note["value"] = most
                note["at_least"] = True
            return note
        kind = {"state": "state", "instant": "time"}.get(kind_of(left), "compare")
        return {
            "kind": kind, "what": self.name(left), "value": self.shown(left), "operator": operator, "limit": self.shown(right),
        }  # fmt: skip

    def counts(self, node: Any) -> bool:
        return isinstance(node, checked.AggregateRef) and self.book.aggregates[node.index].function in (
            "count",
            "distinct",
        )

    def tell_range(self, node: checked.InRange, truth: bool) -> dict[str, Any]:
        for one in (node.operand, node.low, node.high):
            if self.value(one) is None:
                return {"kind": "absent", "what": self.name(one)}
        return {
            "kind": "time" if kind_of(node.operand) in ("instant", "time_of_day") else "range",
            "what": self.name(node.operand),
            "value": self.shown(node.operand),
            "operator": "outside" if node.outside == truth else "between",
            "low": self.shown(node.low),
            "high": self.shown(node.high),
        }

    def tell_text(self, node: Any, truth: bool) -> Iterator[dict[str, Any]]:
        field = self.name(node.operand)
        operand = self.value(node.operand)
        if not truth:
            if operand is None:
                yield {"kind": "absent", "what": field}
            else:
                looked = (
                    node.name if isinstance(node, checked.Matches) else ", ".join(map(self.name, self.matchers(node)))
                )
                yield {"kind": "no_match", "field": field, "what": looked}
            return
        if isinstance(node, checked.Matches):
            found = self.fits(node)
            if isinstance(found, str):
                yield {"kind": "match", "field": field, "what": node.name, "text": found}
            elif found is not None:
                yield self.quoted(field, node.name, operand, *found)
        elif isinstance(node, checked.Affix):
            place = self.affix(node, operand)
            assert place is not None
            yield self.quoted(field, place[0], operand, place[1], place[2])
        elif kind_of(node.operand) == "list":
            for what, item in self.holding(node, operand) or []:
                note = {"kind": "match", "field": field, "what": what, "text": item}
                if isinstance(node.operand, checked.FieldRef) and node.operand.name == "links":
                    text = self.message.text if self.message is not None else ""
                    link = next(one for one in find_links(text) if one.text == item)
                    note = self.quoted(field, what, text, link.start, link.end)
                yield note
        else:
            for what, start, end in self.holding(node, operand) or []:
                yield self.quoted(field, what, operand, start, end)

    @staticmethod
    def quoted(field: str, what: str, text: str, start: int, end: int) -> dict[str, Any]:
        return {"kind": "match", "field": field, "what": what, "text": text[start:end], "start": start, "end": end}

    # --- words and values as shown -------------------------------------------------------------------------------------

    def name(self, node: Any) -> str:
        match node:
            case checked.FieldRef():
                return node.what or f"{node.root}.{node.name}"
            case checked.AggregateRef():
                return node.what or self.book.aggregates[node.index].what
            case checked.FunctionCall():
                return f"{node.function}({', '.join(map(self.name, node.arguments))})"
            case checked.Arithmetic():
                return f"{self.name(node.left)} {node.operator} {self.name(node.right)}"
            case checked.Const():
                return str(node.value)
            case checked.Compare() | checked.InRange() | checked.OneOf() | checked.Empty() | checked.Contains():
                return node.what
            case _:
                return str(node.name)

    def shown(self, node: Any) -> Any:
        return self.plain(self.value(node), kind_of(node))

    def plain(self, value: Any, kind: str) -> Any:
        if value is None or isinstance(value, bool | str):
            return value
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, tuple):
            return [self.plain(one, "") for one in value]
        if kind == "instant":
            local = self.local(int(value))
            return local.isoformat()
        if kind == "time_of_day":
            return f"{value // 60:02d}:{value % 60:02d}"
        number = exact(value) / 1_000_000 if kind == "duration" else exact(value)
        if number.denominator == 1:
            return int(number)
        rounded = Context(prec=15, rounding=ROUND_HALF_EVEN).divide(
            Decimal(number.numerator), Decimal(number.denominator)
        )
        return float(rounded)
