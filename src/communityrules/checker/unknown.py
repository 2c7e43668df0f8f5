"""Names that nothing declares: what was probably meant, and what to do about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from communityrules.checker import suggest
from communityrules.checker.words import KINDS
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.language import tree
from communityrules.language.glue import unglue
from communityrules.language.keywords import keyword_table
from communityrules.language.messages import GLUED
from communityrules.language.trouble.numerals import length_in_words
from communityrules.library.words import STAFF

if TYPE_CHECKING:
    from communityrules.checker.scope import Scope

UNKNOWN_NAME: Final = Message(
    code="CR201",
    severity="error",
    title=Bilingual("Unknown name", "未知的名称"),
    text=Bilingual("There is no {kind} named `{name}`.", "没有名为 `{name}` 的{kind}。"),
    hint=Bilingual("{suggestion}", "{suggestion}"),
)

UNKNOWN_RULE: Final = Message(
    code="CR203",
    severity="error",
    title=Bilingual("Unknown rule", "未知的规则"),
    text=Bilingual("There is no rule `{name}`.", "没有规则 `{name}`。"),
    hint=Bilingual("{suggestion}", "{suggestion}"),
)

#: After so many unknown names in one rulebook looking for near ones is not worth the time.
_SUGGESTIONS: Final = 60


def report_unknown(scope: Scope, kind: str, name: tree.Name, known: Iterable[str], *, quotable: bool = False) -> None:
    """Reports a name that nothing declares, with the nearest known one.

    `quotable`: the word itself, in quotes, could stand there too.
    """
    if name.text in scope.report.lost_words:
        return
    known = list(known)
    if kind == "group" and STAFF not in known:
        known.append(STAFF)
    if kind == "action" and _glued_action(scope, name, known):
        return
    mended = unglue(name.text, {*known, *(one for names in scope.declared.values() for one in names)})
    if mended is not None:
        word, rest = mended.split(" ")[1], mended.split(" ")[0]
        scope.report.add(GLUED, name.span, fix=Fix(name.span, mended), word=word, rest=rest, mended=mended)
        # What was meant is not unused as well.
        scope.used.update((kind, part) for kind in scope.declared for part in mended.split(" "))
        return
    scope.suggested += 1
    hint = _of_another_kind(scope, kind, name.text)
    near = suggest.closest(name.text, known) if scope.suggested <= _SUGGESTIONS else None
    near = _field_alone(scope, name.text, kind) or _for_good(name.text, kind, known) or near
    near = None if hint is not None else near
    fix = Fix(name.span, near) if near is not None else None
    if near is not None:
        # What was probably meant is not unused as well.
        scope.used.update((one, near) for one in scope.declared)
    elif hint is None and quotable and not scope.report.any_broken:
        fix = Fix(name.span, f'"{name.text}"')
        hint = Bilingual(
            f"Declare it, or, if the word itself is meant, write it in quotes: `{fix.replacement}`.",
            f"请先声明它;若指这个词本身,请加引号:`{fix.replacement}`。",
        )
    scope.report.add(
        UNKNOWN_NAME,
        name.span,
        fix=fix,
        name=name.text,
        kind=KINDS[kind],
        suggestion=hint or suggestion(near, known, KINDS[kind]),
    )


def _of_another_kind(scope: Scope, kind: str, word: str) -> Bilingual | None:
    """What to do with a name that is known and cannot stand here."""
    if kind == "group" and scope.library.resolve("groups", word) is not None:
        return Bilingual(
            "Name a group. What the author of an event owes is assigned: `then assign to event.member`.",
            "请写一个用户组。由事件发起人本人承担的,用指派:`则 指派 事件.成员`。",
        )
    if kind == "place" and (word == STAFF or word in scope.declared.get("group", {})):
        return Bilingual(
            f"`{word}` is a group. A condition names it alone, `if {word}`, a rule after `applies to`.",
            f"`{word}` 是用户组。在条件中单独写它:`若 {word}`;在规则中写在 `适用` 之后。",
        )
    return None


def _field_alone(scope: Scope, word: str, kind: str) -> str | None:
    """`text`, 角色: the name of a field without what it is a field of."""
    if kind != "name":
        return None
    for entity in ("message", "member"):
        names = scope.library.entities[entity].names
        for info in scope.library.entities[entity].fields:
            if word == info.names.zh:
                return f"{names.zh}.{info.names.zh}"
            if word in (info.names.en, info.names.en.removesuffix("s")):
                return f"{names.en}.{info.names.en}"
    return None


def _for_good(word: str, kind: str, actions: Collection[str]) -> str | None:
    """永久封禁: an action with its length before it."""
    forever = keyword_table().entry("words", "forever").zh
    head = next((one for one in (*forever, "永远", "终身") if word.startswith(one)), None)
    if kind != "action" or head is None or word[len(head) :] not in actions:
        return None
    return f"{word[len(head) :]} {forever[0]}"


def _glued_action(scope: Scope, name: tree.Name, actions: Collection[str]) -> bool:
    """禁言1天, 处罚标准, `mute1 day`: an action with what follows it; reports it when it is one."""
    heads = [one for one in actions if name.text.startswith(one) and len(one) < len(name.text)]
    head = max(heads, key=len, default=None)
    if head is None:
        return _glued_late(scope, name, actions)
    rest = name.text[len(head) :]
    names = {one for same in scope.declared.values() for one in same}
    if not (rest[0].isdigit() or rest in names or (head > "\u2e80" and len(head) > 1)):
        return False
    joined = next((one for one in ("并", "和") if rest.startswith(one) and rest[1:] in actions), "")
    length = length_in_words(rest, 0, len(rest))
    if length is not None and length[0] == len(rest):
        mended = f"{head} {length[1]}"
    else:
        mended = f"{head} {joined} {rest[1:]}" if joined else f"{head} {rest}"
    scope.report.add(GLUED, name.span, fix=Fix(name.span, mended), word=head, rest=rest, mended=mended)
    scope.used.update((kind, rest) for kind in scope.declared)
    return True


def _glued_late(scope: Scope, name: tree.Name, actions: Collection[str]) -> bool:
    """逾期驳回 after the comma that joins two actions: the word for `if late` with its action."""
    late = keyword_table().entry("words", "if_late").zh
    word = next((one for one in late if name.text.startswith(one) and name.text[len(one) :] in actions), None)
    if word is None:
        return False
    rest = name.text[len(word) :]
    mended = f"{word} {rest}"
    scope.report.add(GLUED, name.span, fix=Fix(name.span, mended), word=word, rest=rest, mended=mended)
    return True


def suggestion(near: str | None, known: list[str], kind: Bilingual) -> Bilingual:
    """What to do about an unknown name."""
    if near is not None:
        return Bilingual(f"Did you mean `{near}`?", f"是否想写 `{near}`?")
    if known and len(known) <= 12:
        names = suggest.one_of(known, 12)
        return Bilingual(f"There is {names}.", f"已有:{names}。")
    return Bilingual(f"Declare the {kind.en} or correct the name.", f"请声明这个{kind.zh},或改正名称。")
