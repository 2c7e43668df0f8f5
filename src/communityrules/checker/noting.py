"""`note member.city as join_request.city`: which declared field of whom is written, and what is noted there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from communityrules.checker import checked
from communityrules.checker.context import Context
from communityrules.checker.types import is_open_label, type_of
from communityrules.checker.wording import shortened
from communityrules.checker.words import type_word
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.diagnostics.source import Span
from communityrules.frozen import replace
from communityrules.language import tree
from communityrules.model.values import MEMBER, Type

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

NOT_NOTED: Final = Message(
    code="CR480",
    severity="error",
    title=Bilingual("Field that rules cannot note", "规则不能记下的字段"),
    text=Bilingual(
        "`{name}` cannot be noted: it is no field of members that this rulebook declares.",
        "`{name}` 不能记下:它不是本手册声明的成员字段。",
    ),
    hint=Bilingual("{advice}", "{advice}"),
)

WRONG_TYPE: Final = Message(
    code="CR481",
    severity="error",
    title=Bilingual("Fact of the wrong type", "记下的事实类型不符"),
    text=Bilingual("`{name}` is {wanted}, and `{value}` is {given}.", "`{name}` 是{wanted},而 `{value}` 是{given}。"),
    hint=Bilingual(
        "Note a fact of the same type, or declare the field of that type.",
        "请记下同一类型的事实,或把字段声明为该类型。",
    ),
)

NO_FACT: Final = Message(
    code="CR482",
    severity="error",
    title=Bilingual("What is no fact of the event", "不是事件中的事实"),
    text=Bilingual(
        "`{value}` is neither a fact of the event nor a value, so it cannot be noted.",
        "`{value}` 既不是事件中的事实,也不是值,不能记下。",
    ),
    hint=Bilingual("{advice}", "{advice}"),
)

_A_FACT: Final = Bilingual(
    'Name a field such as `join_request.answers`, or write a value such as `"yes"` or `3`.',
    '请写字段,例如 `申请入群.答案`,或写值,例如 `"是"` 或 `3`。',
)
_THE_VALUE: Final = Bilingual(
    'In a test write the value itself, such as `"yes"` or `3`.', '在测试中请写值本身,例如 `"是"` 或 `3`。'
)

_PERSONS: Final = frozenset({"member", "sender", "whom", "named"})
_BUILT_IN: Final = Bilingual(
    "What hosts say of members is theirs; declare a field of your own, such as `member (city: text)`.",
    "成员的内置字段由平台给出;请声明自己的字段,例如 `成员 (city: 文本)`。",
)


def field(path: tree.Path, resolver: Resolver, context: Context) -> checked.FieldRef | None:
    """The declared field of a member that a path names; None after reporting what is wrong."""
    found = resolver.value(path, context)
    if found is None:
        return None
    if isinstance(found, checked.FieldRef) and found.root in _PERSONS and found.custom:
        return found
    own = list(resolver.scope.member_fields)
    advice = _BUILT_IN
    if own:
        example = f"member.{own[0]}"
        advice = Bilingual(f"Name one that it declares, such as `{example}`.", f"请写已声明的字段,例如 `{example}`。")
    resolver.report.add(NOT_NOTED, path.span, name=path.text, advice=advice)
    return None


def holder(written: checked.FieldRef, context: Context) -> checked.FieldRef | None:
    """Who it is whose field is written, named so that what is done late still falls on the same member.

    None in what many rules share: there it is whoever the penalty falls on.
    """
    match written.root:
        case "member" if context.kind != "group":
            return checked.FieldRef("member", "id", MEMBER)
        case "sender":
            return checked.FieldRef("sender", "id", MEMBER)
        case "whom":
            return checked.FieldRef("target", "member", MEMBER)
        case "named":
            return written.by
        case _:
            return None


def fact(
    argument: tree.Argument, written: checked.FieldRef, resolver: Resolver, context: Context
) -> checked.Noted | None:
    """What is noted in a field; None after reporting what is wrong."""
    if not isinstance(argument.value, tree.Path | tree.Text | tree.Number | tree.Duration | tree.Day | tree.Flag):
        return None
    value = resolver.value(argument.value, context)
    if value is None:
        return None
    if is_open_label(value) and written.type.kind in ("number", "boolean", "text"):
        value = replace(value, type=written.type)
    if not isinstance(value, checked.FieldRef | checked.Const | checked.ParameterRef):
        resolver.report.add(NO_FACT, argument.value.span, value=shortened(argument.value.span), advice=_A_FACT)
        return None
    if type_of(value) != written.type:
        _wrong_type(argument.value.span, type_of(value), written, resolver)
        return None
    return checked.Noted(value)


def expected(
    argument: tree.Argument, written: checked.FieldRef, resolver: Resolver, context: Context
) -> checked.Noted | None:
    """What a test expects to be noted: a value, or the name of a member; None after reporting what is wrong."""
    value = argument.value
    if not isinstance(value, tree.Path):
        return fact(argument, written, resolver, context)
    if len(value.parts) == 1 and written.type.kind in ("member", "message"):
        return checked.Noted(checked.Const(value.text, written.type))
    resolver.report.add(NO_FACT, value.span, value=value.text, advice=_THE_VALUE)
    return None


def _wrong_type(span: Span, given: Type, written: checked.FieldRef, resolver: Resolver) -> None:
    values: dict[str, str | Bilingual] = {
        "name": written.what, "value": shortened(span), "wanted": type_word(written.type), "given": type_word(given),
    }  # fmt: skip
    resolver.report.add(WRONG_TYPE, span, values=values)
