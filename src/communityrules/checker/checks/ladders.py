"""Penalties climb: steps in order, without gaps, each within reach, each a sanction."""

from __future__ import annotations

from typing import Final

from communityrules.checker.book import Book
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.diagnostics.source import Span
from communityrules.language import tree

NO_STEPS: Final = Message(
    code="CR430",
    severity="error",
    title=Bilingual("Penalty without steps", "处罚没有档次"),
    text=Bilingual(
        "The penalty `{name}` does nothing, whatever the number of offences.", "处罚 `{name}` 无论违规几次都没有处置。"
    ),
    hint=Bilingual("Add `1st: warn` or `always: …`.", "请加上 `第1次:警告` 或 `一律:…`。"),
)

OUT_OF_ORDER: Final = Message(
    code="CR431",
    severity="error",
    title=Bilingual("Step out of order", "档次顺序不对"),
    text=Bilingual(
        "Step {number} of `{name}` stands where step {wanted} is due.",
        "`{name}` 的第 {number} 次写在了第 {wanted} 次的位置。",
    ),
    hint=Bilingual("Number the steps from 1, one after the other.", "档次请从 1 起依次编号。"),
)

UNREACHABLE: Final = Message(
    code="CR432",
    severity="error",
    title=Bilingual("Step that is never reached", "永远到不了的档次"),
    text=Bilingual(
        "No offence ever comes to this step of `{name}`: {reason}.", "`{name}` 的这一档永远到不了:{reason}。"
    ),
    hint=Bilingual(
        "Remove the step, or put it before the one that ends the ladder.", "请删去这一档,或移到结束阶梯的那一档之前。"
    ),
)

NOT_A_SANCTION: Final = Message(
    code="CR433",
    severity="error",
    title=Bilingual("Penalty within a penalty", "处罚中的处罚"),
    text=Bilingual(
        "A step of `{name}` counts another offence with `{action}`.", "`{name}` 的档次又用 `{action}` 计一次违规。"
    ),
    hint=Bilingual("Write what the step does, such as `mute 1 day`.", "请写出这一档的处置,例如 `禁言 1天`。"),
)

TWO_APPEALS: Final = Message(
    code="CR434",
    severity="error",
    title=Bilingual("Two ways to appeal", "两种申诉方式"),
    text=Bilingual("The penalty `{name}` says twice how to appeal.", "处罚 `{name}` 写了两次申诉方式。"),
    hint=Bilingual("Keep one of them.", "只保留一处。"),
)

_ALWAYS: Final = Bilingual("`always` covers every offence", "`一律` 已包括每一次违规")
_ON: Final = Bilingual("`then on` covers every later offence", "`此后` 已包括以后的每一次违规")
_FOREVER: Final = Bilingual("an earlier step already lasts forever", "前面的档次已是永久")
_TWICE: Final = Bilingual("another step has the same number", "已有同一编号的档次")


def check_ladders(book: Book) -> None:
    """Every penalty of the rulebook."""
    for name, node in book.scope.declared.get("penalty", {}).items():
        _check(name, node, book)


def _check(name: str, node: tree.PenaltyDeclaration, book: Book) -> None:
    steps = [one for one in node.lines if isinstance(one, tree.PenaltyStep)]
    for second in [one for one in node.lines if isinstance(one, tree.Appeal)][1:]:
        book.report.add(TWO_APPEALS, second.span, name=name)
    if not steps:
        if book.complete:
            book.report.add(NO_STEPS, node.name.span, name=name)
        return
    ended: Bilingual | None = None
    seen: set[int] = set()
    wanted = 1
    always = any(one.when == "always" for one in steps)
    for step in steps:
        for action in step.actions:
            if book.scope.library.resolve("actions", action.name.text) == "penalty":
                book.report.add(NOT_A_SANCTION, action.span, name=name, action=action.name.text)
        reason = ended
        if reason is None and always and step.when != "always":
            reason = _ALWAYS
        if reason is None and isinstance(step.when, int) and step.when in seen:
            reason = _TWICE
        if reason is not None:
            book.report.add(UNREACHABLE, step.span, name=name, reason=reason)
            continue
        if isinstance(step.when, int):
            seen.add(step.when)
            if step.when != wanted and book.complete:
                book.report.add(OUT_OF_ORDER, _head(step), name=name, number=str(step.when), wanted=str(wanted))
            wanted = max(wanted, step.when) + 1
        elif step.when == "then_on" and wanted == 1:
            book.report.add(OUT_OF_ORDER, _head(step), name=name, number="…", wanted="1")
        if step.when == "always":
            ended = _ALWAYS
        elif step.when == "then_on":
            ended = _ON
        elif any(_lasts_forever(one, book) for one in step.actions):
            ended = _FOREVER


def _head(step: tree.PenaltyStep) -> Span:
    """The number of a step, before its actions."""
    if not step.actions:
        return step.span
    source = step.span.source
    end = step.actions[0].span.start
    text = source.text[step.span.start : end].rstrip().rstrip(":：").rstrip()
    return Span(source, step.span.start, max(step.span.start + len(text), step.span.start + 1))


def _lasts_forever(action: tree.Action, book: Book) -> bool:
    """Whether an action puts an end to writing for good; a ban without a length does."""
    name = book.scope.library.resolve("actions", action.name.text)
    if name not in ("mute", "ban"):
        return False
    lengths = [one.value for one in action.arguments if isinstance(one.value, tree.Duration | tree.DurationRange)]
    return any(isinstance(one.value, tree.Forever) for one in action.arguments) or (name == "ban" and not lengths)
