"""What is certain of the events that a rule is on, and what is to be expected of them.

Certain is what the wire format promises: a message has a text, if an empty one. Expected is what nobody would punish:
that a member sent it, that something is written in it. Only CR450 goes by what is expected.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from communityrules.checker import checked
from communityrules.checker.book import Book
from communityrules.frozen import dataclass, replace
from communityrules.library.patterns import PatternRefused, matcher

#: Of these the wire format refuses one that carries no message. A reply that a rule on messages hears may lack one, but
#: nobody asks for that by looking at the length.
_WITH_TEXT: Final = frozenset({"message", "edit"})

#: Texts so different that what fits them all tells nothing apart. One letter of a script each, so that `/[a-z]/`,
#: `/\d/` and `/\w/` miss some; blanks, so that `/\S/` does; a long one, so that a limit of length does. All of one
#: line: `/^.*$/` fits those only, and whoever writes it means every text.
_PROBES: Final = (
    "a", "Z", "hello", "See you at noon, bring tea.", "é", "я", "ب", "你", "今天下午见,带上茶叶。", "かな", "한글",
    "7", "2024-10-04", "٣", "!", "。", "_", "...", "😀", "👍🏽", "https://a.example/b?c=1", " ", "\u3000", "   ",
    "a long story 长长的故事 42! " * 400,
)  # fmt: skip


@cache
def fits_all(regex: str) -> bool:
    """Whether a pattern fits every text in which anything stands, as far as trying it on very different ones tells."""
    try:
        pattern = matcher(regex)
    except PatternRefused:
        return False  # reported where it is written
    return all(pattern.found(text) for text in _PROBES)


@cache
def fits_nothing_too(regex: str) -> bool:
    """Whether a pattern that `fits_all` fits the empty text as well."""
    return fits_all(regex) and matcher(regex).found("")


@dataclass(frozen=True, slots=True)
class Occasion:
    """The events that one version of a rule is on; none for a rule of a period."""

    events: tuple[str, ...]
    #: What `event.type` can be: rules on messages hear replies, and a message that answers another is a reply.
    types: tuple[str, ...]
    #: Each carries a text: promised, or at least usual.
    has_text: bool
    usually_text: bool
    #: The subject member of each is who sent it.
    of_sender: bool
    #: A text without content would be an exception. Not so where a rule names places: some are for pictures only.
    written: bool


def occasion_of(rule: checked.Rule, book: Book) -> Occasion:
    """What a rule's events have in common."""
    types = [book.scope.event_type(name) for name in rule.events]
    known = bool(types)
    return Occasion(
        rule.events,
        types=_types(rule.events),
        has_text=known and all(name in _WITH_TEXT for name in rule.events),
        usually_text=known and all(one is not None and one.carries_text and one.subject == "sender" for one in types),
        of_sender=known and all(one is None or one.subject == "sender" for one in types),
        written=not rule.places and not rule.in_places,
    )


def usual_occasions(rule: checked.Rule, book: Book) -> list[Occasion]:
    """One for each event type of a rule, of which `event.type` is taken to be what the rule says."""
    types = rule.events if "message" in rule.events else _types(rule.events)
    return [replace(occasion_of(replace(rule, events=(name,)), book), types=types) for name in rule.events]


def _types(events: tuple[str, ...]) -> tuple[str, ...]:
    heard = (one for name in events for one in (("message", "reply") if name in ("message", "reply") else (name,)))
    return tuple(dict.fromkeys(heard))
