"""From a draft to a rule of the language."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.language import tree
from communityrules.language.printing.clauses import ClausePrinter
from communityrules.language.printing.words import Words
from communityrules.library.names import LibraryNames
from communityrules.tables import making
from communityrules.tables.automoderator.documents import Document, Entry, Mapping, shown
from communityrules.tables.automoderator.draft import RuleDraft

#: Characters of a rule's name.
_NAME: Final = 80
#: Actions that a rule may ask for that only advises.
_ADVISING: Final = frozenset({"approve", "reply", "remind", "notify", "label", "alert"})
_ORDER: Final = ("delete", "hold", "flag", "approve", "reply", "remind", "notify", "label", "alert")

_TOO_WIDE: Final = Bilingual(
    "a condition is missing without which the rule would hit more than it should, so it does nothing yet; "
    "when that is written it should do:",
    "缺少一个条件,照此执行会误伤,因此暂不生效;补上后应当:",
)
_WAITS: Final = Bilingual("it waits for a condition of the rule that is missing", "等待该规则缺少的条件")
_FROM: Final = Bilingual("line {line}", "第 {line} 行")
_UNNAMED: Final = Bilingual("Rule of line {line}", "第 {line} 行的规则")


def finished(
    draft: RuleDraft, document: Document, reason: str | None, events: tuple[str, ...] = (), *, exempt: bool = False
) -> list[tree.Declaration]:
    """The rule of a draft, after what it declares."""
    book = draft.book
    moderators = making.name(book.group("moderators")) if exempt else None
    name = _name(draft, document, reason)
    clauses: list[tree.Clause] = []
    if reason is not None and reason != name:
        clauses.append(tree.Content(making.text(reason), making.NOWHERE))
    does = [one.name.text for one in draft.actions]
    kind = "should" if does and all(one in _ADVISING for one in does) else "must_not"
    clauses.append(tree.Modality("should" if kind == "should" else "must_not", making.NOWHERE))
    if moderators is not None:
        clauses.append(tree.AppliesTo((), (moderators,), making.NOWHERE))
    if events:
        clauses.append(tree.OnEvents(tuple(making.name(one) for one in events), making.NOWHERE))
    if draft.conditions:
        clauses.append(tree.If(making.every(*dict.fromkeys(draft.conditions)), making.NOWHERE))
    if draft.actions:
        asked = dict.fromkeys(sorted(draft.actions, key=lambda one: _ORDER.index(one.name.text)))
        then = tree.Then(tuple(asked), making.NOWHERE)
        if draft.too_wide:
            draft.comments += [book.say(_TOO_WIDE), printed(then, draft)]
            _waits(draft)
        else:
            clauses.append(then)
    clauses += [tree.Todo(making.text(one[:_LONGEST_TODO]), making.NOWHERE) for one in dict.fromkeys(draft.todos)]
    before = [book.say(_FROM, line=str(document.line)), *(one for one in document.comments if one != name)]
    rule = tree.Rule(
        making.rule_id(draft.id), making.text(name), tuple(clauses), making.NOWHERE,
        making.layout(*before, *draft.comments),
    )  # fmt: skip
    if not draft.declarations:
        return [rule]
    # The comments introduce the rule together with the patterns that belong to it.
    first = replace(draft.declarations[0], layout=replace(rule.layout, blank=True))
    return [first, *draft.declarations[1:], replace(rule, layout=tree.PLAIN)]


def _waits(draft: RuleDraft) -> None:
    """What the rule would do is not in force, however well it could be said."""
    account = draft.book.account
    account.items = [
        replace(one, grade="not", why=_WAITS)
        if one.rule == draft.id and one.grade != "not" and one.construct.rpartition(".")[2].lower().startswith(_ACTING)
        else one
        for one in account.items
    ]


_ACTING: Final = ("action", "comment", "message", "modmail", "set_")

#: Characters of a `todo`.
_LONGEST_TODO: Final = 1_000


def printed(clause: tree.Clause, draft: RuleDraft) -> str:
    """A clause as it would stand in the rulebook."""
    nothing = tree.File((), (), making.NOWHERE)
    return ClausePrinter(Words(nothing, LibraryNames(), draft.book.language)).clause(clause)


def idle(draft: RuleDraft, why: Bilingual) -> None:
    """A rule that AutoModerator never runs either: without effect on both sides, so nothing is lost."""
    account = draft.book.account
    account.items = [
        replace(one, grade="exact", why=why, rule=None) if one.rule == draft.id else one for one in account.items
    ]


def _name(draft: RuleDraft, document: Document, reason: str | None) -> str:
    candidates = [reason or "", *reversed(document.comments)]
    if isinstance(document.value, Mapping):
        candidates += [_summary(one) for one in document.value.entries if one.key.lower() not in _TELLS_NOTHING]
    for one in candidates:
        said = " ".join(re.sub(r"\{\{[^}]*\}\}", "", one).split()).strip(" -:=*[]")
        if any(char.isalnum() for char in said):
            return said if len(said) <= _NAME else said[: _NAME - 1] + "…"
    return draft.book.say(_UNNAMED, line=str(document.line))


_TELLS_NOTHING: Final = ("priority", "moderators_exempt", "type", "action")


def _summary(entry: Entry) -> str:
    return f"{entry.key}: {shown(entry.value)}"
