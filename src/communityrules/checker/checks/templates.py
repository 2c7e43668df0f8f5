"""Templates: one text in each language, one of them in the rulebook's own, at every time when a rule needs one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from communityrules.checker import checked, dates
from communityrules.checker.book import Book
from communityrules.checker.checks.parameters import SAME_DATE
from communityrules.checker.templates import in_order, versions_of
from communityrules.checker.versions import ENDS_BEFORE
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree

NO_TEXT: Final = Message(
    code="CR612",
    severity="warning",
    title=Bilingual("Template without a text in the rulebook's language", "话术缺少手册语言的文本"),
    text=Bilingual(
        "The template `{name}` has no text in {language}, the rulebook's language.",
        "话术 `{name}` 没有{language}文本,而手册用的是{language}。",
    ),
    hint=Bilingual('Add a line `{key} "…"`.', '请加一行 `{key} "…"`。'),
)

TEXT_TWICE: Final = Message(
    code="CR613",
    severity="error",
    title=Bilingual("Two texts in one language", "同一语言的两段文本"),
    text=Bilingual("The template `{name}` has this language already.", "话术 `{name}` 已有这种语言的文本。"),
    hint=Bilingual("Keep one of them.", "只保留一段。"),
)

OVERLAP: Final = Message(
    code="CR615",
    severity="error",
    title=Bilingual("Two texts of a template at one time", "话术的两段文本同时有效"),
    text=Bilingual(
        "`{name}` holds through `{last}`, and this one begins on `{day}` already.",
        "`{name}` 到 `{last}` 为止有效,而这一段自 `{day}` 起就有效。",
    ),
    hint=Bilingual("Let the first end earlier, or leave its last day out.", "请让前一段早些结束,或不写它的截止日。"),
)

NO_TEXT_THEN: Final = Message(
    code="CR616",
    severity="error",
    title=Bilingual("Template without a text for some time", "话术有一段时间没有文本"),
    text=Bilingual(
        "`{name}` has no text {when}, and rule `{rule}` needs one.", "`{name}` {when}没有文本,而规则 `{rule}` 需要。"
    ),
    hint=Bilingual(
        "Let a text hold at that time, too, or the rule not.", "请让某段文本在那时也有效,或让规则那时不实施。"
    ),
)

_LANGUAGES: Final = {"en": Bilingual("English", "英文"), "zh": Bilingual("Chinese", "中文")}


def check_templates(book: Book) -> None:
    """Every template. What it says in braces has been resolved (`checker.saying`)."""
    for name, nodes in book.scope.templates.items():
        for node in nodes:
            _check_languages(book, name, node)
        _check_dates(book, name, in_order(nodes))
    if book.complete:
        _check_gaps(book)


def _check_languages(book: Book, name: str, node: tree.TemplateDeclaration) -> None:
    seen: set[str] = set()
    for one in node.texts:
        if one.language in seen:
            book.report.add(TEXT_TWICE, one.span, name=name)
        seen.add(one.language)
    if book.head.language not in seen and book.complete:
        book.report.add(
            NO_TEXT, node.name.span, name=name, language=_LANGUAGES[book.head.language], key=book.head.language
        )


def _check_dates(book: Book, name: str, nodes: list[tree.TemplateDeclaration]) -> None:
    """Each holds before it ends, and none while another does that says for how long it holds."""
    for one in nodes:
        if one.start is not None and one.end is not None and one.end.value < one.start.value:
            book.report.add(ENDS_BEFORE, one.end.span, later=one.end.span.text, earlier=one.start.span.text)
    for before, one in pairwise(nodes):
        if one.start is None:
            continue
        if before.start is not None and before.start.value == one.start.value:
            book.report.add(SAME_DATE, one.start.span, name=name, day=one.start.span.text)
        elif before.end is not None and before.end.value >= one.start.value:
            book.report.add(OVERLAP, one.start.span, name=name, day=one.start.span.text, last=before.end.span.text)


def _check_gaps(book: Book) -> None:
    """Every rule has something to say for all the time in which it is in force."""
    dated = {
        name: nodes
        for name, nodes in book.scope.templates.items()
        if any(one.start is not None or one.end is not None for one in nodes)
    }
    reported: set[str] = set()
    for judged in book.rules if dated else ():
        rule = judged.rule
        for name in _said_by(rule, book):
            nodes = dated.get(name, [])
            if name in reported or not nodes:
                continue
            missing = _missing(versions_of(nodes, book.head), rule)
            if missing is not None:
                reported.add(name)
                start, end = (dates.day_text(one, book.head.zone) if one is not None else None for one in missing)
                book.report.add(NO_TEXT_THEN, nodes[0].name.span, name=name, rule=rule.id, when=_when(start, end))


def _missing(versions: tuple[checked.DatedTexts, ...], rule: checked.Rule) -> tuple[int | None, int | None] | None:
    """The first time in which a rule is in force and none of the texts is; None when there is none."""
    covered = rule.start
    for at, one in enumerate(versions):
        if one.start is not None and (covered is None or covered < one.start):
            # Before the first, or between two.
            gap_ends = one.start if rule.end is None else min(one.start, rule.end)
            return (None if at == 0 and covered is None else covered), gap_ends
        if one.end is None or (rule.end is not None and one.end >= rule.end):
            return None
        covered = one.end if covered is None else max(covered, one.end)
    return covered, rule.end


def _when(start: str | None, end: str | None) -> Bilingual:
    """`[start, end)` in words."""
    if start is None:
        return Bilingual(f"before {end}", f"{end} 之前")
    if end is None:
        return Bilingual(f"from {start} on", f"自 {start} 起")
    return Bilingual(f"from {start} until {end}", f"自 {start} 起至 {end} 之前")


def _said_by(rule: checked.Rule, book: Book) -> Iterator[str]:
    """The templates that a rule can send."""
    rest = [*rule.actions]
    for duty in rule.duties:
        rest += [*duty.if_late, *(action for one in duty.reminders for action in one.actions)]
    while rest:
        action = rest.pop(0)
        name, penalty = action.arguments.get("template"), action.arguments.get("penalty")
        if isinstance(name, str):
            yield name
        rest += action.if_late
        if isinstance(penalty, str) and penalty in book.penalties:
            rest += [one for step in book.penalties[penalty].steps for one in step.actions if one.do != "penalty"]
