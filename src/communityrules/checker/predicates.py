"""`contains`, `has`, `is one of`, `starts with`, `matches`, `is empty` and their like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from communityrules.checker import checked, comparisons
from communityrules.checker.context import Context
from communityrules.checker.types import is_open_label, type_of
from communityrules.checker.wording import text_of
from communityrules.checker.words import a_kind, operator_word, type_word
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.diagnostics.source import Span
from communityrules.language import tree
from communityrules.model.values import TEXT, Type

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

NOT_SEARCHABLE: Final = Message(
    code="CR219",
    severity="error",
    title=Bilingual("Thing that cannot be looked for", "无法用来查找的内容"),
    text=Bilingual(
        "`{what}` is {kind}; `{operator}` looks for {wanted}.", "`{what}` 是{kind};`{operator}` 查找的是{wanted}。"
    ),
    hint=Bilingual("{advice}", "{advice}"),
)

_GIVE_WORDS: Final = Bilingual(
    "Give a quoted text, a list or a detector; a pattern goes after `matches`.",
    "请给出加引号的文本、词表或检测器;格式用在 `匹配` 之后。",
)
_GIVE_PATTERN: Final = Bilingual(
    "Give the name of a pattern, or one between slashes such as `/[0-9]+/`; words are found with `contains`.",
    "请给出格式的名称,或写在斜线之间,例如 `/[0-9]+/`;找词请用 `包含`。",
)

_TEXTS: Final = Bilingual("texts, lists and detectors", "文本、词表和检测器")
_PATTERNS: Final = Bilingual("patterns", "格式")


def predicate(node: tree.Predicate, resolver: Resolver, context: Context) -> checked.Expression | None:
    """One predicate."""
    if node.operator in ("between", "outside"):
        return comparisons.range_(node, resolver, context)
    if node.operator in ("one_of", "not_one_of"):
        return _one_of(node, resolver, context)
    operand = resolver.value(node.left, context)
    if operand is None:
        return None
    if node.operator in ("empty", "not_empty"):
        return checked.Empty(operand, node.operator == "not_empty", what=text_of(node))
    if is_open_label(operand):
        operand = comparisons.as_type(operand, TEXT)
    type_ = type_of(operand)
    declared = resolver.scope.library.operators.get(node.operator)
    if declared is not None and type_.kind not in declared.left:
        resolver.report.add(
            comparisons.NO_ORDER,
            node.left.span,
            fix=_meant(node, type_),
            what=text_of(node.left),
            type=type_word(type_),
            operator=operator_word(node.operator),
        )
        return None
    if node.operator == "matches":
        return _matches(node, operand, resolver)
    return _looks_for(node, operand, type_, resolver, context)


#: What looks for the same in a text, and in a list.
_IN_TEXTS: Final = {"has": "contains", "has_any": "contains_any", "has_all": "contains_all"}
_IN_LISTS: Final = {operator: other for other, operator in _IN_TEXTS.items()}


def _meant(node: tree.Predicate, type_: Type) -> Fix | None:
    """`message contains …`, `message.text has …`: the text of a message, the operator of the other kind."""
    if type_.kind == "message" and node.operator not in _IN_TEXTS:
        source, end = node.left.span.source, node.left.span.end
        return Fix(Span(source, end, end), ".文本" if node.left.span.text > "\u2e80" else ".text")
    other = (_IN_TEXTS if type_ == TEXT else _IN_LISTS if type_.kind == "list" else {}).get(node.operator)
    if other is None or not node.right:
        return None
    between = Span(node.span.source, node.left.span.end, node.right[0].span.start)
    word = between.text.strip(" \t(（").split("\n")[0]
    known = operator_word(node.operator)
    if word not in (known.en, known.zh):
        return None
    start = between.start + between.text.index(word)
    meant = operator_word(other)
    return Fix(Span(node.span.source, start, start + len(word)), meant.zh if word == known.zh else meant.en)


def _looks_for(
    node: tree.Predicate, operand: checked.Expression, type_: Type, resolver: Resolver, context: Context
) -> checked.Expression | None:
    what = text_of(node)
    found: list[checked.Matcher] = []
    patterns: list[checked.Expression] = []
    for one in flat(node.right):
        pattern = _pattern(one, operand, resolver, what) if type_ == TEXT and _affix(node) is None else None
        if pattern is not None:
            patterns.append(pattern)
            continue
        matcher = _matcher(one, type_, node, resolver, context)
        if matcher is None:
            return None
        found.append(matcher)
    affix = _affix(node)
    if affix is not None:
        return checked.Affix(operand, affix, tuple(found), node.exactly, what=what)
    mode: Literal["any", "all"] = "all" if node.operator in ("contains_all", "has_all") else "any"
    parts: list[checked.Expression] = list(patterns)
    if found:
        parts.insert(0, checked.Contains(operand, tuple(found), mode, node.exactly, what=what))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else checked.Logic("or" if mode == "any" else "and", tuple(parts))


def _affix(node: tree.Predicate) -> Literal["start", "end"] | None:
    return "start" if node.operator == "starts_with" else "end" if node.operator == "ends_with" else None


def _pattern(
    node: tree.Expression, operand: checked.Expression, resolver: Resolver, what: str
) -> checked.Expression | None:
    """A declared pattern among the things looked for."""
    name = _name(node)
    if name is None or resolver.scope.value_kind(name.text) != "pattern":
        return None
    declared: tree.PatternDeclaration = resolver.scope.find("pattern", name)
    return checked.Matches(operand, declared.regex.pattern, name.text, what=what)


def _matcher(
    node: tree.Expression, type_: Type, predicate_: tree.Predicate, resolver: Resolver, context: Context
) -> checked.Matcher | None:
    """What is looked for in a text, or among the items of a list."""
    item = type_.item if type_.kind == "list" and type_.item is not None else TEXT
    name = _name(node)
    if name is not None:
        kind = resolver.scope.value_kind(name.text)
        if kind == "list":
            resolver.scope.used.add(("list", name.text))
            return checked.ListRef(name.text)
        detector = resolver.scope.library.resolve("detectors", name.text) if kind is None else None
        if detector is not None and type_.kind == "text":
            return checked.DetectorRef(detector)
        if kind is None and detector is None and not resolver.scope.is_library_name(name.text):
            _unknown_word(name, resolver)
            return None
        if kind in ("pattern", "group") or detector is not None:
            resolver.scope.used.add((kind or "detector", name.text))
            _unfit(node, predicate_, a_kind(kind or "detector"), _TEXTS, resolver)
            return None
    if isinstance(node, tree.Regex):
        _unfit(node, predicate_, a_kind("pattern"), _TEXTS, resolver)
        return None
    found = resolver.value(node, context)
    if found is None:
        return None
    if isinstance(found, checked.Const | checked.ParameterRef) and found.type == item:
        return found
    if isinstance(found, checked.Const) and found.type == TEXT and item.kind in ("member", "message"):
        return checked.Const(found.value, item)
    _unfit(node, predicate_, type_word(type_of(found)), _TEXTS, resolver)
    return None


def _unfit(
    node: tree.Expression, predicate_: tree.Predicate, kind: Bilingual, wanted: Bilingual, resolver: Resolver
) -> None:
    resolver.report.add(
        NOT_SEARCHABLE,
        node.span,
        what=text_of(node),
        kind=kind,
        operator=operator_word(predicate_.operator),
        wanted=wanted,
        advice=_GIVE_WORDS,
    )


def _unknown_word(name: tree.Name, resolver: Resolver) -> None:
    library = resolver.scope.library
    known = [
        *resolver.scope.declared.get("list", {}),
        *resolver.scope.declared.get("pattern", {}),
        *(spelling for one in library.detectors.values() for spelling in (one.names.en, one.names.zh)),
    ]
    resolver.scope.unknown("list", name, known, quotable=True)


def _one_of(node: tree.Predicate, resolver: Resolver, context: Context) -> checked.Expression | None:
    items: list[checked.Matcher | checked.Expression] = []
    left: checked.Expression | None = None
    for one in flat(node.right):
        name = _name(one)
        if name is not None and resolver.scope.value_kind(name.text) == "list":
            operand = left or resolver.value(node.left, context)
            if operand is None:
                return None
            left = comparisons.as_type(operand, TEXT) if is_open_label(operand) else operand
            if type_of(left).kind not in ("text", "member", "message"):
                _unfit(one, node, a_kind("list"), type_word(type_of(left)), resolver)
                return None
            resolver.scope.used.add(("list", name.text))
            items.append(checked.ListRef(name.text))
            continue
        known = resolver.alike.sides(node.left, "is", one, context)
        if known is not None:
            left = known[0]
            items.append(known[1])
            continue
        pair = comparisons.both(node.left, one, resolver, context)
        if pair is None or not comparisons.check_types(*pair, "is", node.left, one, resolver):
            return None
        if type_of(pair[0]).kind == "instant" and type_of(pair[1]).kind == "date":
            _unfit(one, node, type_word(type_of(pair[1])), type_word(type_of(pair[0])), resolver)
            return None
        resolver.alike.note(node.left, "is", one, context, *pair)
        left = pair[0]
        items.append(pair[1])
    if left is None:
        return None
    exactly = node.exactly or comparisons.is_id(left)
    return checked.OneOf(left, tuple(items), node.operator == "not_one_of", exactly, what=text_of(node))


def _matches(node: tree.Predicate, operand: checked.Expression, resolver: Resolver) -> checked.Expression | None:
    what = text_of(node, node.right[-1] if node.right else None)
    found: list[checked.Expression] = []
    for one in flat(node.right):
        name = _name(one)
        if isinstance(one, tree.Regex):
            resolver.patterns.append(one)
            found.append(checked.Matches(operand, one.pattern, one.pattern, what=what))
            continue
        if name is not None and resolver.scope.value_kind(name.text) == "pattern":
            declared: tree.PatternDeclaration = resolver.scope.find("pattern", name)
            found.append(checked.Matches(operand, declared.regex.pattern, name.text, what=what))
            continue
        if name is not None and type_of(operand) == TEXT:
            detector = resolver.scope.library.resolve("detectors", name.text)
            if detector is not None and resolver.scope.value_kind(name.text) is None:
                found.append(checked.Contains(operand, (checked.DetectorRef(detector),), "any", False, what=what))
                continue
        if name is not None and resolver.scope.value_kind(name.text) is None:
            known = resolver.scope.declared.get("pattern", {})
            resolver.scope.unknown("pattern", name, known)
            return None
        kind = resolver.scope.value_kind(name.text) if name is not None else None
        if kind is not None and name is not None:
            resolver.scope.used.add((kind, name.text))
        fix = (
            Fix(node.span, what.replace("matches", "contains any of")) if kind == "list" and "matches" in what else None
        )
        resolver.report.add(
            NOT_SEARCHABLE,
            one.span,
            fix=fix,
            what=text_of(one),
            kind=a_kind(kind or "value"),
            operator=operator_word(node.operator),
            wanted=_PATTERNS,
            advice=_GIVE_PATTERN,
        )
        return None
    if not found:
        return None
    return found[0] if len(found) == 1 else checked.Logic("or", tuple(found))


def flat(nodes: tuple[tree.Expression, ...]) -> list[tree.Expression]:
    """The things after an operator, without parentheses around single ones."""
    found: list[tree.Expression] = []
    for one in nodes:
        inner = one
        while isinstance(inner, tree.Group):
            inner = inner.inner
        found.append(inner)
    return found


def _name(node: tree.Expression) -> tree.Name | None:
    return node.parts[0] if isinstance(node, tree.Path) and len(node.parts) == 1 else None
