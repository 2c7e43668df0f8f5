"""Code for the conditions that look through texts and lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from communityrules.checker import checked
from communityrules.compiler import expressions, fields, finders
from communityrules.compiler.kinds import type_of
from communityrules.compiler.writer import Program, Writer
from communityrules.library.disguise.steps import USUAL, Seeing
from communityrules.library.fold import fold, fold_short, fold_text
from communityrules.library.links import links_of, mentions_of
from communityrules.library.matching import WordMatcher
from communityrules.library.patterns import PatternMatcher, usable

Look = checked.Matcher | checked.Expression

# --- texts ---------------------------------------------------------------------------------------------------


def folded(w: Writer, node: checked.Expression) -> str:
    """A text operand folded, with the way back to the original; None when absent."""
    look = w.program.make(("function", fold), lambda: fold)
    return w.shared(("fold", node), lambda inner: inner.applied(look, expressions.value(inner, node)))


def folded_text(w: Writer, node: checked.Expression) -> str:
    """A text folded, for comparing; None when absent."""
    if isinstance(node, checked.Const):
        return w.program.constant(fold_text(node.value)) if isinstance(node.value, str) else "None"
    if isinstance(node, checked.FieldRef) and (node.root, node.name) == ("message", "text"):
        first, again = w.bind(folded(w, node))
        return f"({again}.text if {first} is not None else None)"
    look = w.program.make(("function", fold_short), lambda: fold_short)
    return w.shared(("fold_text", node), lambda inner: inner.applied(look, expressions.value(inner, node)))


def message_list(w: Writer, name: str, node: checked.FieldRef) -> str:
    """`message.links` and `message.mentions`, worked out when first asked."""
    look = links_of if name == "links" else mentions_of
    function = w.program.make(("function", look), lambda: look)
    text = checked.FieldRef("message", "text", node.type)
    return w.shared((name,), lambda inner: inner.applied(function, expressions.value(inner, text)))


def contains(w: Writer, node: checked.Contains) -> str:
    """Whether a text or a list contains any or all of what is looked for."""
    if type_of(node.operand).kind == "list":
        return _list_contains(w, node)
    first, again = w.bind(folded(w, node.operand))
    build = text_finders(w.program, node)
    looks = [
        f"{_any_word(w, node.operand, w.program.build(('finder', key), make))}{finder}.found({again})"
        for (key, make), (_, finder) in zip(
            build.fixed(node.matchers), build.written(w, _fixed(node.matchers)), strict=True
        )
    ]
    dated = build.written(w, [one for one in node.matchers if isinstance(one, checked.ParameterRef)])
    looks += [f"{check}{finder}.found({again})" for check, finder in dated]
    return _joined(first, looks, node.mode)


def _fixed(matchers: Sequence[Look]) -> list[Look]:
    return [one for one in matchers if not isinstance(one, checked.ParameterRef)]


def _any_word(w: Writer, operand: checked.Expression, finder: object) -> str:
    """A check before looking for the words of one list: whether any word at all, of all lists that look through this
    text, is there. Most texts hold none, and then one pass does for all lists."""
    if w.plan.lazy or not isinstance(finder, finders.Words) or finder.exactly:
        # Where there is an index, it has looked.
        return ""
    key = ("any word", operand)
    together = w.plan.words.setdefault(key, [])
    if finder not in together:
        together.append(finder)

    def write(inner: Writer) -> str:
        if inner.plan.counting:
            return "None"
        every = inner.program.make(
            ("any word", tuple(map(id, together))),
            lambda: WordMatcher([word for one in together for word in one.words], seeing=_every(together)),
        )
        return f"{every}.maybe({folded(inner, operand)})"

    code = w.shared(key, write)
    return f"{code} and " if w.plan.counting or len(together) > 1 else ""


def _every(together: Sequence[finders.Words]) -> Seeing:
    """Whatever one of some lists does."""
    return Seeing(frozenset(step for one in together for step in one.seeing.steps))


def _joined(first: str, looks: Sequence[str], mode: str) -> str:
    if not looks:
        return "False" if mode == "any" else f"({first} is not None)"
    joint = " or " if mode == "any" else " and "
    return f"({first} is not None and ({joint.join([f'({look})' if ' and ' in look else look for look in looks])}))"


class Builder:
    """Finders for what a condition looks for: written words together, each list and detector by itself."""

    def __init__(
        self,
        rulebook: checked.Rulebook,
        kind: str,
        exactly: bool,
        separate: bool,
        words: Callable[[Sequence[Any], bool, str | None], object],
        detector: Callable[[str], object],
    ) -> None:
        self._rulebook = rulebook
        self._kind = kind
        self._exactly = exactly
        #: One finder for each word, because all of them must be there.
        self._separate = separate
        self._words = words
        self._detector = detector

    def fixed(self, matchers: Sequence[Look]) -> list[tuple[Any, Callable[[], object]]]:
        """Keys and builders in order; written words stand where the first of them did."""
        found: list[tuple[Any, Callable[[], object]]] = []
        written = tuple(one.value for one in matchers if isinstance(one, checked.Const))
        for matcher in matchers:
            if isinstance(matcher, checked.Const):
                if written:
                    found += self._of(written, self._exactly, None)
                written = ()
            elif isinstance(matcher, checked.ListRef):
                word_list = self._rulebook.lists[matcher.name]
                found += self._of(word_list.items, self._exactly or word_list.exactly, matcher.name)
            elif isinstance(matcher, checked.DetectorRef):
                name = matcher.name
                found.append(((self._kind, "detector", name), partial(self._detector, name)))
        return found

    def _of(self, words: tuple[Any, ...], exactly: bool, name: str | None) -> list[tuple[Any, Callable[[], object]]]:
        if name is not None and not self._separate:
            return [((self._kind, "list", name, exactly), partial(self._words, words, exactly, name))]
        groups = [(word,) for word in words] if self._separate else [words]
        return [((self._kind, name, exactly, group), partial(self._words, group, exactly, name)) for group in groups]

    def built(self, program: Program, matchers: Sequence[Look]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """The finders themselves: those that stay the same, and for each parameter those of its dated values."""
        fixed = tuple(program.build(("finder", key), make) for key, make in self.fixed(matchers))
        given = [self.dated(one) for one in matchers if isinstance(one, checked.ParameterRef)]
        return fixed, tuple(program.build(("dated", key), make) for key, make in given)

    def written(self, w: Writer, matchers: Sequence[Look]) -> list[tuple[str, str]]:
        """How the finders are written in code, each with the check that it is there at all."""
        found = [("", w.program.make(("finder", key), make)) for key, make in self.fixed(matchers)]
        for one in matchers:
            if isinstance(one, checked.ParameterRef):
                key, make = self.dated(one)
                values = w.program.make(("dated", key), make)
                first, again = w.bind(f"dated({values}, {expressions.law(w)})")
                found.append((f"{first} is not None and ", again))
        return found

    def dated(self, parameter: checked.ParameterRef) -> tuple[Any, Callable[[], object]]:
        values = self._rulebook.parameters[parameter.name].values
        words, exactly, name = self._words, self._exactly, parameter.name

        def make() -> object:
            return tuple((start, words((value,), exactly, name)) for start, value in values)

        return (self._kind, "parameter", name, exactly), make


def text_finders(program: Program, node: checked.Contains | checked.Affix | checked.OneOf) -> Builder:
    """Builds finders for a text operand."""
    library = program.library
    separate = isinstance(node, checked.Contains) and node.mode == "all"
    return Builder(
        program.rulebook,
        "text",
        node.exactly,
        separate,
        lambda words, exactly, name: finders.Words(
            [one for one in words if isinstance(one, str)], exactly, name, seeing(program.rulebook, name)
        ),
        lambda name: finders.Detected(name, library.detectors[name]),
    )


def seeing(rulebook: checked.Rulebook, name: str | None) -> Seeing:
    """How the words of a list are looked for, or, without one, those that a condition names."""
    words = rulebook.lists.get(name) if name is not None else None
    steps = rulebook.steps if words is None or words.steps is None else words.steps
    edges = None if words is None else words.edges
    return Seeing(USUAL if steps is None else frozenset(steps), edges or "words")


def affix(w: Writer, node: checked.Affix) -> str:
    """Whether a text begins or ends with one of several things."""
    first, again = w.bind(folded(w, node.operand))
    look = "leading" if node.end == "start" else "trailing"
    looked = text_finders(w.program, node).written(w, node.items)
    return _joined(first, [f"{check}{finder}.{look}({again}) is not None" for check, finder in looked], "any")


def pattern(program: Program, regex: str) -> PatternMatcher:
    """The pattern of a condition, built when it is first asked."""
    built: PatternMatcher = program.build(("pattern", regex), lambda: usable(regex))
    return built


def matches(w: Writer, node: checked.Matches) -> str:
    matcher = w.program.constant(pattern(w.program, node.regex))
    first, again = w.bind(expressions.value(w, node.operand))
    if type_of(node.operand).kind == "list":
        return f"({first} is not None and any_matches({matcher}, {again}))"
    return f"({first} is not None and {matcher}.found({again}))"


# --- lists ---------------------------------------------------------------------------------------------------


def item_finders(w: Writer, node: checked.Contains) -> Builder:
    """Builds finders for a list operand. Ids compare as they are, links by domain."""
    library = w.program.library
    operand = node.operand
    links = isinstance(operand, checked.FieldRef) and (operand.root, operand.name) == ("message", "links")
    item = type_of(operand).item
    as_is = node.exactly or (item is not None and item.kind != "text")

    def words(given: Sequence[Any], exactly: bool, name: str | None) -> object:
        if links:
            return finders.Domains([one for one in given if isinstance(one, str)], name)
        return finders.Equal.of(given, exactly or as_is, name)

    return Builder(
        w.program.rulebook,
        f"items {links} {as_is}",
        node.exactly,
        node.mode == "all",
        words,
        lambda name: finders.DetectedItem(name, library.detectors[name]),
    )


def _list_contains(w: Writer, node: checked.Contains) -> str:
    first, again = w.bind(expressions.value(w, node.operand))
    build = item_finders(w, node)
    if node.mode == "all":
        looks = [f"{check}{finder}.item({again}) is not None" for check, finder in build.written(w, node.matchers)]
        return _joined(first, looks, "all")
    fixed = build.fixed(node.matchers)
    looks = []
    if fixed:
        key = ("any", tuple(key for key, _ in fixed))
        some = w.program.make(key, lambda: finders.AnyItem(build.built(w.program, node.matchers)[0]))
        looks.append(f"{some}({again})")
    dated = [one for one in node.matchers if isinstance(one, checked.ParameterRef)]
    looks += [f"{check}{finder}.item({again}) is not None" for check, finder in build.written(w, dated)]
    return _joined(first, looks, "any")


def link_text(w: Writer, operand: checked.Expression) -> str:
    """Code for the text that a list of links was read from; None for other lists."""
    if isinstance(operand, checked.FieldRef) and (operand.root, operand.name) == ("message", "links"):
        return fields.text(w)
    return "None"


# --- one of several --------------------------------------------------------------------------------------------


_FIXED = checked.Const | checked.ListRef | checked.DetectorRef


def one_of(w: Writer, node: checked.OneOf) -> str:
    """Whether a value is one of several: what stands in the rules is looked at before what must be worked out."""
    fixed = [one for one in node.items if isinstance(one, _FIXED)]
    if type_of(node.operand).kind == "text":
        first, again = w.bind(folded(w, node.operand))
        looks = [f"{finder}.whole({again})" for _, finder in text_finders(w.program, node).written(w, fixed)]
    else:
        wanted = next((type_of(one) for one in node.items if isinstance(one, checked.Const)), type_of(node.operand))
        first, again = w.bind(expressions.side(w, node.operand, wanted, True))
        values = [value for one in fixed for value in _values(w, one)]
        looks = [f"{again} in {w.program.make(('set', tuple(values)), lambda: frozenset(values))}"] if values else []
    for one in node.items:
        if not isinstance(one, _FIXED):
            looks.append(_equals(w, node, again, one))
    inside = f"({' or '.join(looks)})" if looks else "False"
    return f"({' and '.join([*w.given(first), ('not ' if node.negated else '') + inside])})"


def _values(w: Writer, item: checked.Const | checked.ListRef | checked.DetectorRef) -> Sequence[Any]:
    if isinstance(item, checked.Const):
        return (item.value,)
    return w.program.rulebook.lists[item.name].items if isinstance(item, checked.ListRef) else ()


def _equals(w: Writer, node: checked.OneOf, mine: str, item: checked.Expression) -> str:
    """Whether the operand, written `mine`, equals a value that only the event tells."""
    operand = type_of(node.operand)
    alike = operand.kind == "text" and type_of(item).kind == "text" and not node.exactly
    if operand.kind == "text":
        mine = f"{mine}.text" if alike else f"{mine}.original"
    first, again = w.bind(expressions.side(w, item, operand, not alike))
    return f"({' and '.join([*w.given(first), f'{mine} == {again}'])})"
