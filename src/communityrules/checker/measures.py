"""Calls: measures over past events, and functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from communityrules.checker import amounts, backlog, checked, comparisons, sizes, tallies
from communityrules.checker.context import Context
from communityrules.checker.definitions import names_in
from communityrules.checker.scope import spellings
from communityrules.checker.types import is_open_label, type_of
from communityrules.checker.wording import text_of
from communityrules.checker.words import type_word
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.frozen import replace
from communityrules.language import tree
from communityrules.library.declare import Aggregate, Function
from communityrules.library.operators import accepts
from communityrules.model.values import NUMBER, TEXT

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

NESTED: Final = Message(
    code="CR220",
    severity="error",
    title=Bilingual("Measure inside a measure", "统计中的统计"),
    text=Bilingual("`{what}` stands inside another measure.", "`{what}` 位于另一个统计之内。"),
    hint=Bilingual(
        "Count in two rules: let the first label or alert and the second count that.",
        "分成两条规则:前一条贴标签或告警,后一条再计数。",
    ),
)

NOT_MEASURABLE: Final = Message(
    code="CR221",
    severity="error",
    title=Bilingual("Measure of the wrong thing", "统计对象不对"),
    text=Bilingual("`{function}` measures {wanted}, not `{what}`.", "`{function}` 统计的是{wanted},而不是 `{what}`。"),
    hint=Bilingual("Such as {example}.", "例如 {example}。"),
)

NO_WINDOW: Final = Message(
    code="CR222",
    severity="error",
    title=Bilingual("Measure without a window", "统计没有时间范围"),
    text=Bilingual("`{what}` does not say over which time.", "`{what}` 没有说明统计多长时间。"),
    hint=Bilingual("Add `within 1 day` or `today`.", "请加上 `最近 1天` 或 `今日`。"),
)

BAD_KEY: Final = Message(
    code="CR223",
    severity="error",
    title=Bilingual("Key that is not one value", "键不是单个值"),
    text=Bilingual(
        "`{what}` is {type} and cannot be what a measure is kept by.", "`{what}` 是{type},不能作为统计的键。"
    ),
    hint=Bilingual("Keep it by a text, a number, a member or a message.", "请按文本、数值、成员或消息统计。"),
)

WRONG_ARGUMENTS: Final = Message(
    code="CR224",
    severity="error",
    title=Bilingual("Wrong arguments of a function", "函数的参数不符"),
    text=Bilingual("`{function}` takes {wanted}, not {given}.", "`{function}` 的参数是{wanted},而不是{given}。"),
    hint=Bilingual("Give it {wanted}.", "请给出{wanted}。"),
)

NO_PAST: Final = Message(
    code="CR225",
    severity="error",
    title=Bilingual("Function with a window or keys", "函数不能带时间范围或键"),
    text=Bilingual(
        "`{function}` is not a measure: `by`, `within` and `where` mean nothing to it.",
        "`{function}` 不是统计,不能带 `按`、`最近`、`其中`。",
    ),
    hint=Bilingual(
        "Remove them, or use `count`, `distinct`, `sum` or `average`.",
        "请删去,或改用 `计数`、`去重计数`、`合计`、`平均`。",
    ),
)

_EVENT: Final = Bilingual("an event", "事件")
_EVENTS: Final = Bilingual("two or more events", "两个以上的事件")
_FIELD: Final = Bilingual("a field of an event", "事件的字段")
_EXAMPLES: Final = {
    "duties": Bilingual("`open_duties(reply by duty.owner)`", "`未结(回复 按 职责.责任人)`"),
    "event": Bilingual("`count(message by member today)`", "`计数(消息 按 成员 今日)`"),
    "events": Bilingual(
        "`sequence(join, message by member within 10 minutes)`", "`先后(入群, 消息 按 成员 最近 10分钟)`"
    ),
    "field": Bilingual("`average(rating.score by rating.target this month)`", "`平均(评价.分数 按 评价.对象 本月)`"),
}


class Measures:
    """The measures of a rulebook, each once."""

    def __init__(self, known: Iterable[checked.Aggregate] = ()) -> None:
        """`known` have their numbers already."""
        self._found: dict[checked.Aggregate, int] = {one: index for index, one in enumerate(known)}
        self._listed = list(self._found)

    def __len__(self) -> int:
        return len(self._listed)

    def __getitem__(self, index: int) -> checked.Aggregate:
        return self._listed[index]

    def index(self, measure: checked.Aggregate) -> int:
        """The number of a measure; equal ones share it."""
        number = self._found.setdefault(measure, len(self._listed))
        if number == len(self._listed):
            self._listed.append(measure)
        return number

    @property
    def all(self) -> tuple[checked.Aggregate, ...]:
        return tuple(self._listed)

    @contextmanager
    def scratch(self) -> Iterator[None]:
        """What is entered meanwhile is forgotten again: for definitions that are only looked at."""
        kept = self._found, self._listed
        self._found, self._listed = {}, []
        try:
            yield
        finally:
            self._found, self._listed = kept


def call(node: tree.Call, resolver: Resolver, context: Context) -> checked.Expression | None:
    """A measure or a function."""
    library = resolver.scope.library
    name = library.resolve("aggregates", node.function.text)
    if name is not None:
        return _measure(node, library.aggregates[name], resolver, context)
    name = library.resolve("functions", node.function.text)
    if name is not None:
        return _function(node, name, resolver, context)
    known = [
        *spellings(one.names for one in library.aggregates.values()),
        *spellings(one.names for one in library.functions.values()),
    ]
    resolver.scope.unknown("function", node.function, known)
    return None


def _measure(node: tree.Call, declared: Aggregate, resolver: Resolver, context: Context) -> checked.AggregateRef | None:
    name = declared.names.en
    if context.kind == "counted":
        resolver.report.add(NESTED, node.span, what=text_of(node))
        return None
    if declared.over == "duties":
        return backlog.measure(node, name, resolver, context)
    events = _events(node, declared, resolver)
    if events is None:
        return None
    counted = Context("counted", events, use=context.use)
    value = None
    read = _text_of(node.arguments[0], declared) if declared.over == "field" else None
    if read is not None:
        value = resolver.value(read, counted)
        if value is None:
            return None
        if declared.takes is not None:
            if is_open_label(value):
                value = comparisons.as_type(value, declared.takes)
            if type_of(value) != declared.takes:
                _not_measurable(node, declared, node.arguments[0], resolver)
                return None
    keys = [_key(one, resolver, counted) for one in node.by]
    judged = replace(context, query=context.kind != "loose")
    queries = [resolver.value(one, judged) if key is not None else None for one, key in zip(node.by, keys, strict=True)]
    if declared.compared and read is not None:
        queries.append(resolver.value(read, judged))
    where = resolver.condition(node.where, counted) if node.where is not None else None
    window = _window(node, declared, resolver)
    known_keys = tuple(one for one in keys if one is not None)
    known_queries = tuple(one for one in queries if one is not None)
    if (
        len(known_queries) < len(queries)
        or len(known_keys) < len(keys)
        or (where is None and node.where is not None)
        or (window is None and (node.window is not None or declared.needs_window))
    ):
        return None
    type_ = declared.returns or (type_of(value) if value is not None else NUMBER)
    what = text_of(node)
    measure = checked.Aggregate(name, events, value, known_keys, where, window, type_, what=what)  # type: ignore[arg-type]  # the library's names are those of the contract
    return checked.AggregateRef(resolver.measures.index(measure), known_queries, type_, what=what)


def _events(node: tree.Call, declared: Aggregate, resolver: Resolver) -> tuple[str, ...] | None:
    """The event types that are measured; None after reporting what stands in their place."""
    scope = resolver.scope
    if declared.over == "field":
        if len(node.arguments) == 1:
            heads = [scope.event(head) for head in _heads(node.arguments[0])]
            known = {one: None for one in heads if one is not None}
            if len(known) == 1:
                return tuple(known)
            carrying = _carrying(node.arguments[0], declared, resolver)
            if carrying is not None:
                return (carrying,)
        for head in node.arguments:
            if isinstance(head, tree.Path) and not _known_head(head, resolver):
                return None
        _not_measurable(node, declared, node.arguments[0] if node.arguments else None, resolver)
        return None
    if len(node.arguments) < (2 if declared.over == "events" else 1) or (
        declared.over == "event" and len(node.arguments) > 1
    ):
        _not_measurable(node, declared, None, resolver)
        return None
    events: list[str] = []
    for one in node.arguments:
        if not isinstance(one, tree.Path) or len(one.parts) > 1:
            _not_measurable(node, declared, one, resolver)
            return None
        event = scope.event(one.parts[0].text)
        if event is None:
            if scope.value_kind(one.parts[0].text) is not None or scope.is_library_name(one.parts[0].text):
                _not_measurable(node, declared, one, resolver)
            else:
                scope.unknown("event", one.parts[0], scope.event_names())
            return None
        scope.used.add(("event", event))
        events.append(event)
    return tuple(events)


def _carrying(node: tree.Expression, declared: Aggregate, resolver: Resolver) -> str | None:
    """The event type that stands for the text it carries: `similar(message …)`."""
    if not declared.compared or not isinstance(node, tree.Path) or len(node.parts) > 1:
        return None
    event = resolver.scope.event(node.parts[0].text)
    known = resolver.scope.event_type(event) if event is not None else None
    if event is None or known is None or not known.carries_text:
        return None
    resolver.scope.used.add(("event", event))
    return event


def _text_of(node: tree.Expression, declared: Aggregate) -> tree.Expression:
    """What is read of an event: of one that stands for its text, `message.text`."""
    if declared.compared and isinstance(node, tree.Path) and len(node.parts) == 1:
        return tree.Path((tree.Name("message", node.span), tree.Name("text", node.span)), node.span)
    return node


def _heads(node: tree.Expression) -> list[str]:
    """The first parts of the dotted names in an expression."""
    if isinstance(node, tree.Path):
        return [node.parts[0].text] if len(node.parts) > 1 else []
    if isinstance(node, tree.Arithmetic):
        return [*_heads(node.left), *_heads(node.right)] if not _deep(node) else []
    if isinstance(node, tree.Group):
        return _heads(node.inner) if not _deep(node) else []
    if isinstance(node, tree.Call):
        return [head for one in node.arguments for head in _heads(one)] if not _deep(node) else []
    return []


def _deep(node: tree.Expression) -> bool:
    return len(names_in(node)) > 1000


def _known_head(path: tree.Path, resolver: Resolver) -> bool:
    head = path.parts[0]
    scope = resolver.scope
    if scope.event(head.text) or scope.value_kind(head.text) or scope.is_library_name(head.text):
        return True
    scope.unknown("event", head, scope.event_names())
    return False


def _not_measurable(node: tree.Call, declared: Aggregate, argument: tree.Expression | None, resolver: Resolver) -> None:
    wanted = {"event": _EVENT, "events": _EVENTS, "field": _FIELD}[declared.over]
    if declared.takes is not None:
        number = type_word(declared.takes)
        wanted = Bilingual(f"{wanted.en} that is {number.en}", f"{wanted.zh}({number.zh})")
    resolver.report.add(
        NOT_MEASURABLE,
        (argument or node).span,
        function=node.function.text,
        wanted=wanted,
        what=text_of(argument or node),
        example=_EXAMPLES[declared.over],
    )


def _key(node: tree.Expression, resolver: Resolver, counted: Context) -> checked.Expression | None:
    found = resolver.value(node, counted)
    if found is None:
        return None
    if is_open_label(found):
        found = comparisons.as_type(found, TEXT)
    if type_of(found).kind in ("list", "labels", "instant", "nothing"):
        resolver.report.add(BAD_KEY, node.span, what=text_of(node), type=type_word(type_of(found)))
        return None
    return found


def _window(
    node: tree.Call, declared: Aggregate, resolver: Resolver
) -> checked.SlidingWindow | checked.CalendarWindow | None:
    if isinstance(node.window, tree.Calendar):
        return checked.CalendarWindow(node.window.unit)
    if isinstance(node.window, tree.Sliding):
        micros = amounts.length(node.window.duration, resolver)
        return checked.SlidingWindow(micros) if micros is not None else None
    if declared.needs_window:
        resolver.report.add(NO_WINDOW, node.span, fix=_with_window(node), what=text_of(node))
    return None


def _with_window(node: tree.Call) -> Fix | None:
    """The measure over today, in the spelling it is written in; conditions of its own come last."""
    text = node.span.text
    if node.where is not None or not text.endswith((")", ")")):
        return None
    return Fix(node.span, f"{text[:-1].rstrip()} {'today' if text.isascii() else '今日'}{text[-1]}")


def _function(node: tree.Call, name: str, resolver: Resolver, context: Context) -> checked.Expression | None:
    declared = resolver.scope.library.functions[name]
    if node.by or node.window is not None or node.where is not None:
        resolver.report.add(NO_PAST, node.span, function=node.function.text)
        return None
    if declared.of_group:
        return sizes.size(node, resolver, context)
    if declared.weighted:
        return tallies.tally(node, resolver, context)
    found = [resolver.value(one, context) for one in node.arguments]
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return None
    arguments: list[checked.Expression] = []
    for index, one in enumerate(known):
        if is_open_label(one) and index < len(declared.parameters):
            one = comparisons.as_type(one, declared.parameters[index])
        arguments.append(one)
    given = [type_of(one) for one in arguments]
    fits = 0 <= len(declared.parameters) - len(given) <= declared.optional and all(
        map(accepts, declared.parameters, given)
    )
    # A date is no instant until somebody says where; only a written one has the rulebook's zone. Functions that are
    # handed the zone take a date as it is.
    arguments = [
        comparisons.day_as_instant(one, type_, resolver)
        for one, type_ in zip(arguments, declared.parameters, strict=False)
    ]
    if not fits or any(
        type_.kind == "instant" and type_of(one).kind == "date" and not declared.zoned
        for one, type_ in zip(arguments, declared.parameters, strict=False)
    ):
        resolver.report.add(
            WRONG_ARGUMENTS,
            node.span,
            function=node.function.text,
            wanted=_wanted(declared),
            given=_listed([type_word(one) for one in given]),
        )
        return None
    return checked.FunctionCall(name, tuple(arguments), declared.returns)


def _wanted(declared: Function) -> Bilingual:
    """What a function takes, with and without what may be left out."""
    words = [type_word(one) for one in declared.parameters]
    ways = [_listed(words[:end]) for end in range(len(words) - declared.optional, len(words) + 1)]
    return Bilingual(", or ".join(one.en for one in ways), ",或".join(one.zh for one in ways))


def _listed(words: list[Bilingual]) -> Bilingual:
    if not words:
        return Bilingual("nothing", "空")
    return Bilingual(" and ".join(one.en for one in words), "、".join(one.zh for one in words))
