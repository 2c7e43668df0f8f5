"""What `mask` shows: a message with all that its rule found in it covered."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from communityrules.compiler.match import Hit
from communityrules.compiler.plain import quote
from communityrules.engine.turn import Act, Turn
from communityrules.library.masking import mask, masked
from communityrules.model.decision import Evidence
from communityrules.model.event import Event

#: How often a rule is asked again what it finds in a text of which something is covered.
_ROUNDS: Final = 32


def with_text(turn: Turn, act: Act, hit: Hit, event: Event) -> Act:
    """The action with the text to be shown, where the message's text is at hand.

    A rule tells the first thing that it finds, so it is asked again until it finds nothing more. What no rule can
    point at, because it went by a score or a count, leaves personal data to be covered.
    """
    message = event.subject_message or event.message
    if message is None or not message.text:
        return act
    text = message.text
    first = shown = _covered(turn, text, hit.evidence)
    for _ in range(_ROUNDS):
        if shown == text:
            break
        text = shown
        again = _asked_again(turn, event, text, hit.rule.id)
        shown = _covered(turn, text, again) if again is not None else text
    if first == message.text:
        shown = masked(message.text)
    told: dict[str, object] = {**act.arguments, "text": shown}
    may = turn.book.confidence.of_text(event.type)
    if may:
        told["confidential"] = list(may)
    return replace(act, arguments=told)


def _asked_again(turn: Turn, event: Event, text: str, rule: str) -> tuple[Evidence, ...] | None:
    """What a rule finds in another text of the same event; None when it is not met any more."""
    changed = Event(*(getattr(event, name) for name in event.__struct_fields__))
    if changed.subject_message is not None:
        changed.subject_message = replace(changed.subject_message, text=text)
    if changed.message is not None:
        changed.message = replace(changed.message, text=text)
    match = turn.book.evaluator.match(changed, turn.judge.facts(event))
    return next((one.evidence for one in match.hits if one.rule.id == rule), None)


def _covered(turn: Turn, text: str, evidence: tuple[Evidence, ...]) -> str:
    """A text with what evidence points at covered, a character for each where no detector says better."""
    spans = sorted(
        {
            (one["start"], one["end"], str(one["what"]))
            for one in evidence
            if one["kind"] == "match" and "start" in one and quote(text[one["start"] : one["end"]]) == one["text"]
        },
        reverse=True,
    )
    done = len(text)
    for start, end, what in spans:
        if end > done:
            continue  # what overlaps it is covered already
        done = start
        found = text[start:end]
        detector = turn.book.evaluator.library.resolve("detectors", what)
        cover = mask(detector, found) if detector is not None else found
        if cover == found:
            cover = "".join("*" if char.isalnum() else char for char in found)
        text = text[:start] + cover + text[end:]
    return text
