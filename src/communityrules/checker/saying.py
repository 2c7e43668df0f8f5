"""What texts to people say of the event at hand: `{settled.result}`, `{community.purpose}`, `{daily_posts}`.

A placeholder is a parameter, a state, or a dotted name that stands for a fact. Facts are resolved where the text
stands, and asked for where the text is used: a template may be used by rules on different events.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from communityrules.checker import checked, paths
from communityrules.checker.context import LOOSE, Context
from communityrules.checker.scope import Scope
from communityrules.checker.suggest import closest
from communityrules.checker.unknown import suggestion
from communityrules.checker.words import KINDS
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.diagnostics.source import Span
from communityrules.language import tree

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

UNKNOWN_PLACEHOLDER: Final = Message(
    code="CR611",
    severity="error",
    title=Bilingual("Unknown placeholder", "未知的占位名"),
    text=Bilingual(
        "`{{name}}` stands for nothing: `{name}` is neither a parameter nor a fact.",
        "`{{name}}` 无可代入:`{name}` 既不是参数,也不是事实。",
    ),
    hint=Bilingual("{suggestion}", "{suggestion}"),
)

PLACEHOLDER_NOT_AT_HAND: Final = Message(
    code="CR614",
    severity="error",
    title=Bilingual("Placeholder that is not at hand", "此处没有占位名所指的事实"),
    text=Bilingual(
        "This text says `{{name}}`, which is not at hand {where}.", "此文字用到 `{{name}}`,而{where}没有它。"
    ),
    hint=Bilingual(
        "Use facts of the event that the rule is on, or another text.", "请使用规则所当事件的事实,或另写一段文字。"
    ),
)

_BRACES: Final = re.compile(r"\{([^{}\n]*)\}")
_PATH: Final = re.compile(r"[^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*")
_PART: Final = re.compile(r"\w+")
#: Whose facts a placeholder can name; an event type by its name is another.
_ENTITIES: Final = ("member", "message", "event", "community")
_IN_A_PENALTY: Final = Bilingual("in what many rules share", "在多条规则共用之处")


def placeholders(text: tree.Text) -> Iterator[tuple[str, Span]]:
    """What stands in braces, with where it stands."""
    span = text.span
    for found in _BRACES.finditer(span.text):
        inner = found[1]
        start = span.start + found.start(1) + len(inner) - len(inner.lstrip())
        yield inner.strip(), Span(span.source, start, start + len(inner.strip()))


def texts_of(template: str, scope: Scope) -> list[tree.Text]:
    """What a template says, in all languages and at all times."""
    return [text.text for one in scope.templates.get(template, ()) for text in one.texts]


def names_in(text: str) -> Iterator[str]:
    """What stands in braces in a text that was read."""
    return (found[1].strip() for found in _BRACES.finditer(text))


def fills_of(texts: Iterable[tree.Text], resolver: Resolver, *, strict: bool) -> tuple[checked.Fill, ...]:
    """The facts that some texts say, each once; what stands for nothing is reported.

    Parameters are no facts: their value is looked up when the text is sent. With `strict` whatever stands in braces
    must be a name; otherwise braces around something else are only braces.
    """
    found: dict[str, checked.Fill] = {}
    for text in texts:
        for name, span in placeholders(text):
            if name in found or (not strict and _PATH.fullmatch(name) is None):
                continue
            fill = _fill(name, span, resolver)
            if fill is not None:
                found[name] = fill
    return tuple(found.values())


def check_at_hand(fills: Iterable[checked.Fill], span: Span, resolver: Resolver, context: Context) -> None:
    """Reports facts that a text says and that the events of its rule do not have. `span` is where the text is used."""
    for one in fills:
        if context.kind == "loose" or _at_hand(one, resolver, context):
            continue
        where = _IN_A_PENALTY if context.kind == "group" else paths.where(context, resolver.scope)
        values: dict[str, str | Bilingual] = {"name": one.name, "where": where}
        resolver.report.add(PLACEHOLDER_NOT_AT_HAND, context.use or span, values=values)
        return


def _at_hand(fill: checked.Fill, resolver: Resolver, context: Context) -> bool:
    if fill.event is not None:
        return context.events == (fill.event,)
    of_message = isinstance(fill.value, checked.FieldRef) and fill.value.root in ("message", "label")
    return not of_message or paths.has_message(resolver, context)


def _fill(name: str, span: Span, resolver: Resolver) -> checked.Fill | None:
    scope = resolver.scope
    if _PATH.fullmatch(name) is None:
        _unknown(name, span, resolver)
        return None
    parts = tuple(
        tree.Name(one[0], Span(span.source, span.start + one.start(), span.start + one.end()))
        for one in _PART.finditer(span.text)
    )
    head = parts[0].text
    entity = scope.library.resolve("entities", head)
    event = scope.event(head) if entity not in _ENTITIES else None
    known = entity in _ENTITIES or event is not None
    if len(parts) == 1:
        if scope.value_kind(head) == "parameter":
            scope.used.add(("parameter", head))
            return None
        known = scope.value_kind(head) == "state" or entity in ("member", "message")
    if not known:
        _unknown(name, span, resolver)
        return None
    value = resolver.value(tree.Path(parts, span), LOOSE)
    return checked.Fill(name, value, event if len(parts) > 1 else None) if value is not None else None


def _unknown(name: str, span: Span, resolver: Resolver) -> None:
    scope, report = resolver.scope, resolver.report
    if name in report.lost_words:
        return
    parameters = list(scope.declared.get("parameter", {}))
    near = closest(name, parameters)
    report.add(
        UNKNOWN_PLACEHOLDER,
        span,
        fix=Fix(span, near) if near is not None else None,
        name=name,
        suggestion=suggestion(near, parameters, KINDS["parameter"]),
    )
