"""What waits for approval before others see it."""

from __future__ import annotations

import re
from typing import Final

from communityrules.diagnostics.message import Language
from communityrules.tables.drafting import prohibitions, said
from communityrules.tables.drafting.norms import Norm
from communityrules.tables.drafting.phrases import entry, pattern
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
    match = pattern("review", "first").search(reading.left)
    if match is None or reading.guarded("example"):
        return []
    words = reading.words
    if re.search(r"发布(?:人员|者|人|员).{0,4}对[^,]{0,8}进行(?:审核|审查)", reading.left):
        # They review it themselves.
        reading.take(0, len(reading.left))
        return [Norm("todo", words, why=said.WHOLE)]
    named = re.search(entry("common", "staff"), match[0]) is not None
    again: re.Match[str] | None = match
    while again is not None:
        reading.take(*again.span())
        again = pattern("review", "first").search(reading.left)
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
