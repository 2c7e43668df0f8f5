"""What waits for approval before others see it."""

from __future__ import annotations

import re
from typing import Final

from communityrules.diagnostics.message import Language
from communityrules.tables.drafting import prohibitions, said
from communityrules.tables.drafting.norms import Norm
from communityrules.tables.drafting.phrases import Phrase, pattern
from communityrules.tables.drafting.scope import publishers
from communityrules.tables.drafting.sentence import Reading

#: Without one of these words nothing waits.
_REVIEWED: Final = re.compile(
    r"[审批准核]|同意|许可|把关|review|approv|check|moderat|vet|clear|screen|look|examin|sign|held"
)


def review(reading: Reading, language: Language) -> list[Norm]:
    """What a sentence lets wait: everything sent, announcements, join requests, or a category of messages."""
    if not _REVIEWED.search(reading.left):
        return []
    match = pattern("review", "first").search(reading.left, held=reading.held)
    if reading.guarded("example"):
        return []
    if match is None:
        return _in_other_words(reading, language)
    words = reading.words
    if re.search(r"发布(?:人员|者|人|员).{0,4}对[^,]{0,8}进行(?:审核|审查)", reading.left):
        # They review it themselves.
        reading.take(0, len(reading.left))
        return [Norm("todo", words, why=said.WHOLE)]
    named = pattern("common", "staff").found_in(match[0], held=reading.held)
    again: re.Match[str] | None = match
    while again is not None:
        reading.take(*again.span())
        again = pattern("review", "first").search(reading.left, held=reading.held)
    if reading.guarded("except", "if", "manner"):
        reading.take(0, len(reading.left))
        return [Norm("todo", words, why=said.NARROWER)]
    assumed = () if named else (said.REVIEWER,)
    if re.search(r"可以?|can|may", match[0]) and not re.search(
        r"[须需应要才方先未不得]|后再|only|must|before|first|with", match[0]
    ):
        # 经批准可以发 allows something; it does not say that all else must be approved.
        reading.take(0, len(reading.left))
        return [Norm("todo", words, why=said.NOT_ASKED)]
    rest = reading.left
    whom = publishers(language) if pattern("scope", "publishers").search(reading.sentence.even) else None
    if pattern("review", "joining").search(rest):
        reading.take(0, len(rest))
        return [Norm("review", words, events=("join_request",), assumed=assumed, waits=True)]
    # What else the sentence names narrows what waits.
    stripped = reading.rest(0, len(rest), pattern("review", "anything"))
    if stripped and not reading.rest(0, len(rest), *_words()):
        stripped = ""
    if not stripped:
        events: tuple[str, ...] = ("message", "announcement")
        before = pattern("review", "announcement").search(rest) is not None
        if before and not re.search(r"信息|内容|消息|帖|post|message|content|information", rest):
            events = ("announcement",)
        reading.take(0, len(rest))
        return [Norm("review", words, events=events, assumed=assumed, scope=whom, waits=True)]
    known = prohibitions.categories_of(stripped)
    reading.take(0, len(rest))
    if known is None:
        return [Norm("todo", words, why=said.NARROWER)]
    norm = prohibitions.of_categories(known, words, language)
    norm.waits = True
    norm.strength = "must"
    norm.assumed = (*norm.assumed, *assumed)
    return [norm]


_DENIED: Final = re.compile(r"不|无|免|非|勿|未|没|(?<![a-z])(?:not|no|never|without|nothing|nobody)(?![a-z])|n't")
#: Denials that ask for what they deny: not before, not until.
_NOT_BEFORE: Final = re.compile(
    r"(?:审核|审批|审查|批准|同意)[^,]{0,6}前,?[^,]{0,8}(?:不得|不能|不可|禁止|不予|请勿|不要|不允许|严禁)"
    r"|(?<![a-z])(?:not|never|nothing|no)(?![a-z])[^,.;]*(?<![a-z])(?:until|before|prior to)(?![a-z])[^,.;]*"
    r"(?:review|approv|check|vet|moderat|clear|look)"
)


def _words() -> tuple[Phrase, ...]:
    return tuple(pattern("review", one) for one in ("checked", "order", "between"))


def _in_other_words(reading: Reading, language: Language) -> list[Norm]:
    """A sentence made of nothing but words of sending, looking at and doing first, in whatever order, where the one who
    sends is a publisher or everything sent is meant."""
    left, held = reading.left, reading.held
    if not pattern("review", "checked").found_in(left, held=held) or not pattern("review", "order").found_in(
        left, held=held
    ):
        return []
    if pattern("review", "afterwards").found_in(left, held=held) or reading.guarded("except", "manner", "vague"):
        return []
    if any(one.strength in ("may", "not_asked", "advise_not") for one in reading.markers()):
        return []
    if _DENIED.search(left) and not _NOT_BEFORE.search(left):
        return []
    if reading.rest(0, len(left), *_words()):
        return []
    whom = publishers(language) if pattern("scope", "publishers").search(reading.sentence.even) else None
    assumed = () if pattern("common", "staff").found_in(left, held=held) else (said.REVIEWER,)
    announced = pattern("review", "announcement").search(left) is not None and not re.search(
        r"信息|内容|消息|帖|post|message|content|information", left
    )
    reading.take(0, len(left))
    events = ("announcement",) if announced else ("message", "announcement")
    return [Norm("review", reading.words, events=events, assumed=assumed, scope=whom, waits=True)]
