"""What a rule's words say: its sentences one by one, each in the light of those before it."""

from __future__ import annotations

import re
from typing import Final

from communityrules.diagnostics.message import Language
from communityrules.tables.drafting import said
from communityrules.tables.drafting.bare import bare
from communityrules.tables.drafting.deadlines import NOT_OPENED, opened_by
from communityrules.tables.drafting.norms import Norm, Norms
from communityrules.tables.drafting.phrases import held_by, pattern
from communityrules.tables.drafting.sentence import Reading
from communityrules.tables.drafting.text import LONGEST, Sentence, even, sentences
from communityrules.tables.drafting.understanding import understood

#: A name or heading with one of these says that what stands under it is forbidden.
_FORBIDDING: Final = re.compile(
    r"禁止|严禁|不得|违禁|违规(?:内容|行为|信息)|不允许|不可接受|垃圾信息|骚扰|滥用|禁(?:发|言)内容|"
    r"forbidden|prohibited|not allowed|spam|abuse|do not post|don.t"
)
_ADVISED: Final = re.compile(r"\(建议\)|建议$|\(advice\)|\(advisory\)")


def read(name: str, content: str, language: Language, heading: str = "") -> Norms:
    """What a rule's words say. `heading` is what stands above it in a document."""
    found = Norms()
    words = content if content.strip() else name
    heard = even(f"{name} {heading}")
    listed = bool(name or heading) and _FORBIDDING.search(heard) is not None
    advice = bool(name) and _ADVISED.search(even(name)) is not None
    nameless = bool(heading) and not name
    for whole in _ladders_together(sentences(words)):
        sentence, title, advised, excepts, is_advice = bare(whole)
        if is_advice:
            advice = True
            continue
        heard += " " + title
        if len(sentence.even) > LONGEST:
            found.found.append(Norm("todo", sentence.words, why=said.WHOLE))
            continue
        if excepts and _except(Reading(sentence), found):
            continue
        before = len(found.found)
        followed = found.consequence is not None
        said_here = understood(sentence, NOT_OPENED, listed, language, followed)
        if any(one.why is said.UNKNOWN_TRIGGER for one in said_here.found):
            opened = opened_by(heard)
            if opened.events:
                said_here = understood(sentence, opened, listed, language, followed)
        found.found += [one.copied() for one in said_here.found]
        if advised:
            # What stands in brackets behind it speaks of all before it.
            _advise(found.found)
        if said_here.consequence is not None:
            found.consequence = said_here.consequence.copied()
        if nameless:
            _only_messages(found.found[before:], f"{heard} {sentence.even}")
        heard += " " + sentence.even
    if advice:
        _advise(found.found)
    return found


def _advise(norms: list[Norm]) -> None:
    for norm in norms:
        if norm.strength == "must":
            norm.strength = "should"
        elif norm.strength == "must_not":
            norm.strength = "advise_not"


_MESSAGES: Final = re.compile(r"发言|消息|信息|帖|发布|内容|聊天|链接|post|message|comment|chat|link")


def _only_messages(norms: list[Norm], heard: str) -> None:
    """Under a heading, `每天最多两条` may count something else than messages, unless it says so."""
    for norm in norms:
        if norm.kind == "message" and not norm.categories and not _MESSAGES.search(heard):
            norm.kind, norm.condition, norm.why = "todo", None, said.NARROWER


def _ladders_together(parts: tuple[Sentence, ...]) -> list[Sentence]:
    """Steps of one ladder that stand in sentences of their own (`首次警告;第二次禁言`) as one sentence."""
    if len(parts) < 2:
        return list(parts)
    found: list[Sentence] = []
    nth, actions = pattern("consequences", "nth_alone"), pattern("consequences", "any")
    for part in parts:
        held = held_by(part.even)
        stepped = (
            bool(nth.lines(held)) and nth.match(part.even, held=held) is not None
            and actions.search(part.even, held=held) is not None
        )  # fmt: skip
        if found and stepped and nth.search(found[-1].even) and actions.search(found[-1].even):
            last = found[-1]
            found[-1] = Sentence(f"{last.words};{part.words}", f"{last.even};{part.even}")
        else:
            found.append(part)
    return found


def _except(reading: Reading, found: Norms) -> bool:
    """An exception to what was said before: that is for people to see to, then."""
    earlier = [one for one in found.found if one.kind == "message" and one.categories]
    if not earlier or any(one.strength in ("must_not", "must") for one in reading.markers()):
        return False
    approval = reading.guarded("consent") or re.search(
        r"批准|同意|许可|允许|审核|授权|报备|approv|permi|consent|allow", reading.left
    )
    for norm in earlier:
        if approval:
            norm.waits = True
            norm.assumed = (*norm.assumed, said.HELD)
        else:
            norm.kind, norm.condition, norm.needs, norm.assumed = "found", None, (), ()
        norm.words = f"{norm.words} {reading.words}"
    return True
