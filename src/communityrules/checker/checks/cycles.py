"""Circles: between the events that the engine raises, between rules that borrow from or override each other."""

from __future__ import annotations

from typing import Final

from communityrules.checker.book import Book
from communityrules.checker.borrowing import LONGEST_LOAN
from communityrules.checker.checks.match_all import is_sanction
from communityrules.checker.definitions import circles
from communityrules.checker.expressions import TOO_DEEP
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree

RAISED_IN_CIRCLE: Final = Message(
    code="CR503",
    severity="error",
    title=Bilingual("Rules that set each other off", "互相触发的规则"),
    text=Bilingual("Rule `{rule}` would set itself off again: {path}.", "规则 `{rule}` 会再次触发自己:{path}。"),
    hint=Bilingual(
        "Put one of these rules on what a member does, not on what the engine did.",
        "请让其中一条规则当成员的行为,而不是当引擎的处置。",
    ),
)

BORROWED_IN_CIRCLE: Final = Message(
    code="CR504",
    severity="error",
    title=Bilingual("Consequence borrowed from itself", "处置借自自身"),
    text=Bilingual("What rule `{rule}` does comes back to itself: {path}.", "规则 `{rule}` 的处置又回到自身:{path}。"),
    hint=Bilingual("Write the consequence out in one of them.", "请在其中一条规则里直接写出处置。"),
)

OVERRIDDEN_IN_CIRCLE: Final = Message(
    code="CR505",
    severity="error",
    title=Bilingual("Rules that override each other", "互相优先的规则"),
    text=Bilingual("Rule `{rule}` would override itself: {path}.", "规则 `{rule}` 会优先于自己:{path}。"),
    hint=Bilingual("Remove one of the `overrides`.", "请删去其中一个 `优先于`。"),
)


def check_cycles(book: Book) -> None:
    """All three kinds."""
    _raised(book)
    places = {text.id.text: text.id for text in reversed(book.texts)}
    borrowed: dict[str, list[str]] = {}
    overridden: dict[str, list[str]] = {}
    for text in book.texts:
        then, overrides = text.get(tree.Then), text.get(tree.Overrides)
        for one in then.consequences if then is not None else ():
            if isinstance(one, tree.AsRule):
                borrowed.setdefault(text.id.text, []).append(one.rule.text)
        for rule in overrides.rules if overrides is not None else ():
            overridden.setdefault(text.id.text, []).append(rule.text)
    _long_loans(borrowed, places, book)
    for uses, message in ((borrowed, BORROWED_IN_CIRCLE), (overridden, OVERRIDDEN_IN_CIRCLE)):
        for circle in circles(uses):
            first = min(circle, key=lambda name: places[name].span.start)
            at = circle.index(first)
            path = " → ".join(f"`{one}`" for one in (*circle[at:], *circle[:at], first))
            book.report.add(message, places[first].span, rule=first, path=path)


def _long_loans(borrowed: dict[str, list[str]], places: dict[str, tree.RuleId], book: Book) -> None:
    """Reports rules that borrow from rules that borrow, and so on, for too long."""
    length: dict[str, int] = {}
    for start in borrowed:
        trail = [start]
        # A chain of single loans is all that grows long; circles are told elsewhere.
        while (following := borrowed.get(trail[-1])) and following[0] not in trail and len(trail) <= LONGEST_LOAN:
            if following[0] in length:
                break
            trail.append(following[0])
        base = length.get((borrowed.get(trail[-1]) or [""])[0], 0)
        for steps, name in enumerate(reversed(trail)):
            length[name] = base + steps + 1
        if length[start] > LONGEST_LOAN:
            book.report.add(TOO_DEEP, places[start].span, most=str(LONGEST_LOAN))


def _raised(book: Book) -> None:
    """Rules on events of the engine's that raise such events at once: sanctions and alerts.

    A rule on such an event is no offence, so it raises no breach; late duties, settlements come in later decisions.
    """
    edges, rules = raised(book)
    for circle in circles(edges):
        pairs = list(zip(circle, (*circle[1:], circle[0]), strict=True))
        rule = rules[pairs[0]]
        path = " → ".join(f"`{rules[pair].text}` ({pair[0]})" for pair in (*pairs, pairs[0]))
        book.report.add(RAISED_IN_CIRCLE, rule.span, rule=rule.text, path=path)


def raised(book: Book) -> tuple[dict[str, list[str]], dict[tuple[str, str], tree.RuleId]]:
    """From each event that the engine raises to those that rules on it raise, and the first such rule."""
    edges: dict[str, list[str]] = {}
    rules: dict[tuple[str, str], tree.RuleId] = {}
    for judged in book.rules:
        heard = [one for one in judged.rule.events if _is_raised(one, book)]
        if not heard:
            continue
        raises = []
        if any(is_sanction(one, book) for one in judged.rule.actions):
            raises.append("sanctioned")
        if any(one.do == "alert" for one in judged.rule.actions):
            raises.append("alert")
        for event in heard:
            for one in raises:
                if one not in edges.setdefault(event, []):
                    edges[event].append(one)
                rules.setdefault((event, one), judged.text.id)
    return edges, rules


def _is_raised(event: str, book: Book) -> bool:
    declared = book.scope.event_type(event)
    return declared is not None and declared.raised
