"""Actions: names, arguments by what the library declares, and the members they fall on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from communityrules.checker import amounts, checked, dates, noting, saying, suggest
from communityrules.checker.context import LOOSE, Context
from communityrules.checker.fitting import FITTING
from communityrules.checker.scope import spellings
from communityrules.checker.types import type_of
from communityrules.checker.wording import shortened
from communityrules.checker.words import type_word
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.diagnostics.source import Span
from communityrules.language import tree
from communityrules.language.keywords import keyword_table
from communityrules.library.declare import Action, ArgumentKind, Parameter
from communityrules.model.values import DURATION, MEMBER, NUMBER, Type

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver

WRONG_ARGUMENT: Final = Message(
    code="CR402",
    severity="error",
    title=Bilingual("Argument that the action does not take", "动作不接受的参数"),
    text=Bilingual("`{action}` does not take `{argument}`.", "`{action}` 不接受 `{argument}`。"),
    hint=Bilingual("{advice}", "{advice}"),
)

MISSING_ARGUMENT: Final = Message(
    code="CR403",
    severity="error",
    title=Bilingual("Action that lacks an argument", "动作缺少参数"),
    text=Bilingual("`{action}` needs {wanted}.", "`{action}` 需要{wanted}。"),
    hint=Bilingual("Write it after `{action}`.", "请写在 `{action}` 之后。"),
)

NO_IF_LATE: Final = Message(
    code="CR404",
    severity="error",
    title=Bilingual("`if late` that can never come", "永远不会发生的“逾期”"),
    text=Bilingual("`{action}` here has no deadline that could pass.", "此处的 `{action}` 没有会逾期的期限。"),
    hint=Bilingual("Give a deadline with `within`, or remove `if late`.", "请用 `限时` 给出期限,或删去 `逾期`。"),
)

NOT_A_MEMBER: Final = Message(
    code="CR405",
    severity="error",
    title=Bilingual("Action against something that is not a member", "动作的对象不是成员"),
    text=Bilingual("`{what}` is {type}, not a member.", "`{what}` 是{type},不是成员。"),
    hint=Bilingual("Name a member, such as `{example}`.", "请给出一个成员,例如 `{example}`。"),
)

WRONG_AMOUNT: Final = Message(
    code="CR406",
    severity="error",
    title=Bilingual("Number that makes no sense here", "此处无意义的数"),
    text=Bilingual(
        "`{argument}` cannot be how many: it must be a whole number from 1.",
        "`{argument}` 不能表示数量:须是从 1 起的整数。",
    ),
    hint=Bilingual("Write a whole number, such as `2`.", "请写整数,例如 `2`。"),
)

RANGE_ALONE: Final = Message(
    code="CR407",
    severity="error",
    title=Bilingual("Range that nobody sets", "没有人裁量的范围"),
    text=Bilingual(
        "`{range}` leaves the length open, and nobody is named to set it.",
        "`{range}` 没有定下时长,也没有指明由谁裁量。",
    ),
    hint=Bilingual("Add `set by GROUP`, or write one length.", "请加上 `裁量 用户组`,或写一个确定的时长。"),
)

BAD_RANGE: Final = Message(
    code="CR408",
    severity="error",
    title=Bilingual("Range that is none", "不成范围"),
    text=Bilingual("`{range}` does not run from a shorter to a longer time.", "`{range}` 不是由短到长。"),
    hint=Bilingual("Write the shorter length first, such as `1 to 7 days`.", "先写较短的,例如 `1 至 7天`。"),
)

_WANTED: Final[dict[ArgumentKind, Bilingual]] = {
    "duration": Bilingual("a length of time", "时长"),
    "range": Bilingual("a range of lengths", "时长范围"),
    "number": Bilingual("a number", "数"),
    "penalty": Bilingual("a penalty", "处罚"),
    "template": Bilingual("a template", "话术"),
    "group": Bilingual("a group", "用户组"),
    "state": Bilingual("a state", "状态"),
    "value": Bilingual("a value of the state", "状态的值"),
    "label": Bilingual("a label", "标签"),
    "member": Bilingual("a member", "成员"),
    "calendar": Bilingual("a calendar", "日历"),
    "priority": Bilingual("a priority", "优先级"),
    "unit": Bilingual("a unit", "单位"),
    "allowance": Bilingual(
        "at most how many in a period, such as `up to 10 today`", "一段时期内的上限,例如 `至多 10 今日`"
    ),
    "rule": Bilingual("a rule by its number", "规则编号"),
    "text": Bilingual("a text", "文本"),
    "field": Bilingual("a field of a member", "成员的字段"),
    "fact": Bilingual("what is noted, such as `as join_request.answers`", "记下的内容,例如 `为 申请入群.答案`"),
}


_TAKES_NOTHING: Final = Bilingual("It takes nothing after its name.", "它的名称之后不写什么。")
_UNIT_MISSING: Final = Bilingual("Write a unit after the number, such as `1 day`.", "请在数字后写上单位,例如 `1天`。")
_NUMERALS: Final = "一二两三四五六七八九十半"
_DIGITS: Final = Bilingual("Write numbers in digits, such as `1 day`.", "数字请用阿拉伯数字,例如 `1天`。")
_RANGE_WRITTEN: Final = Bilingual(
    "A range is written out, such as `1 to 7 days`; where it changes by date, amend the rule.",
    "范围须写明,例如 `1 至 7天`;随日期变化时,请修订规则。",
)
_COMMA: Final = Bilingual("Put a comma between two actions.", "两个动作之间用逗号隔开。")
_WITH: Final = Bilingual("Put `with` before the text.", "请在文字之前加上 `附带`。")
#: Words with which people join two actions.
_JOINING: Final = frozenset(("and", "then", "并", "并且", "且", "和", "与", "及", "然后"))


#: Kinds of arguments that a parameter can say.
_AMOUNTS: Final[dict[ArgumentKind, Type]] = {"duration": DURATION, "number": NUMBER}


class Actions:
    """Resolves the actions of rules, penalties, powers and tests."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._scope = resolver.scope
        self._report = resolver.report
        #: Those that need nothing beside their name.
        self._whole = frozenset(
            name
            for name, one in resolver.scope.library.actions.items()
            if not any(parameter.required for parameter in one.parameters)
        )

    def several(self, nodes: tuple[tree.Action, ...], context: Context) -> tuple[checked.Action, ...]:
        """The actions that could be resolved."""
        return tuple(found for one in nodes if (found := self.one(one, context)) is not None)

    def one(
        self, node: tree.Action, context: Context, *, lenient: bool = False, people: Collection[str] = ()
    ) -> checked.Action | None:
        """One action; None after reporting what is wrong.

        With `lenient` nothing need be given, as in expectations and powers; `people` are members who can be named
        there, as those of a test.
        """
        library = self._scope.library
        name = library.resolve("actions", node.name.text)
        if name is None:
            self._scope.unknown("action", node.name, spellings(one.names for one in library.actions.values()))
            return None
        declared = library.actions[name]
        if not node.arguments and not node.if_late and (lenient or name in self._whole):
            return checked.Action(name, {}, origin=origin(node.span))
        given: dict[str, checked.ArgumentValue] = {}
        filled: set[int] = set()
        against: checked.FieldRef | None = None
        written: checked.FieldRef | None = None
        read: tree.Argument | None = None
        at_hand = LOOSE if lenient else context
        sound = True
        for argument in node.arguments:
            position = self._parameter(declared, argument, filled, people)
            position = self._group_meant(declared, argument, filled, position)
            if position is None:
                # One wrong argument makes others look wrong too.
                if sound:
                    self._wrong(declared, node, argument)
                sound = False
                continue
            filled.add(position)
            if not sound and not argument.slot:
                continue
            parameter = declared.parameters[position]
            if _is_person(declared, parameter, argument, people):
                continue
            if parameter.kind == "member":
                against = self._member(argument, context)
                sound = sound and against is not None
                continue
            value: checked.ArgumentValue | None
            if parameter.kind == "field" and isinstance(argument.value, tree.Path):
                written = noting.field(argument.value, self._resolver, at_hand)
                against = noting.holder(written, context) if written is not None else None
                value = written.name if written is not None else None
            elif parameter.kind == "fact":
                read = argument
                continue
            else:
                value = self._value(parameter.kind, argument, given)
            if value is None:
                sound = False
            else:
                given[parameter.name] = value
        if read is not None and written is not None:
            resolve = noting.expected if lenient else noting.fact
            value = resolve(read, written, self._resolver, context)
            sound = sound and value is not None
            given["value"] = value
        if sound and not lenient:
            sound = self._complete(declared, node, filled)
        late = self._late(declared, node, context, lenient)
        fills = self._said(node, given, at_hand)
        if not sound:
            return None
        return checked.Action(name, given, late, against, origin=origin(node.span), fills=fills)

    def _said(
        self, node: tree.Action, given: dict[str, checked.ArgumentValue], context: Context
    ) -> tuple[checked.Fill, ...]:
        """The facts that the action's own text says; those of its template are only looked at."""
        fills: tuple[checked.Fill, ...] = ()
        for argument in node.arguments:
            if isinstance(argument.value, tree.Text) and argument.value.value == given.get("text"):
                fills = saying.fills_of([argument.value], self._resolver, strict=False)
                saying.check_at_hand(fills, argument.span, self._resolver, context)
            elif isinstance(argument.value, tree.Path) and argument.value.text == given.get("template"):
                texts = saying.texts_of(argument.value.text, self._scope)
                fills_of_template = saying.fills_of(texts, self._resolver, strict=True)
                saying.check_at_hand(fills_of_template, argument.span, self._resolver, context)
        return fills

    def _parameter(
        self, declared: Action, argument: tree.Argument, filled: set[int], people: Collection[str]
    ) -> int | None:
        """The first parameter of the argument's slot that is free and whose kind fits."""
        # The parser takes the particle after a name away, so a bare first argument may be the one of `to` or `for`.
        slots = (argument.slot,) if argument.slot or filled else ("", "to", "for")
        free = [
            (position, one)
            for slot in slots
            for position, one in enumerate(declared.parameters)
            if one.slot == slot and position not in filled
        ]
        # The name of a parameter stands for an amount, or is told to be none.
        return next(
            (position for fits in (self._fits_amount, self._fits) for position, one in free if fits(one, argument)),
            next((position for position, one in free if _is_person(declared, one, argument, people)), None),
        )

    def _fits_amount(self, parameter: Parameter, argument: tree.Argument) -> bool:
        if parameter.kind not in _AMOUNTS or not isinstance(argument.value, tree.Path) or argument.slot == "up_to":
            return False
        return self._scope.value_kind(argument.value.text) == "parameter"

    def _fits(self, parameter: Parameter, argument: tree.Argument) -> bool:
        value, kind = argument.value, parameter.kind
        if kind not in FITTING[type(value)]:
            return False
        if not isinstance(value, tree.Path) or kind == "fact":
            return True
        # Facts are read of somebody; everything else has a name of its own.
        is_member = self._scope.library.resolve("entities", value.text) == "member"
        if kind in ("member", "field"):
            return len(value.parts) > 1 or (kind == "member" and is_member)
        return len(value.parts) == 1 and not is_member

    def _group_meant(
        self, declared: Action, argument: tree.Argument, filled: set[int], found: int | None
    ) -> int | None:
        """The place of a group where a template could stand too and the name is that of a group."""
        if found is None or declared.parameters[found].kind != "template" or not isinstance(argument.value, tree.Path):
            return found
        name = argument.value.text
        is_group = self._scope.value_kind(name) == "group" or self._scope.library.resolve("groups", name) is not None
        if not is_group or name in self._scope.declared.get("template", {}):
            return found
        slot = declared.parameters[found].slot
        groups = [at for at, one in enumerate(declared.parameters) if one.slot == slot and one.kind == "group"]
        return next((at for at in groups if at not in filled), found)

    def _late(
        self,
        declared: Action,
        node: tree.Action,
        context: Context,
        lenient: bool,
    ) -> tuple[checked.Action, ...]:
        if not node.if_late:
            return ()
        # A deadline that could not be made out is told elsewhere.
        timed = any(one.slot == "within" for one in node.arguments)
        if not declared.takes_if_late or not (timed or lenient):
            self._report.add(NO_IF_LATE, node.if_late[0].span, action=node.name.text)
        return self.several(node.if_late, context)

    def _complete(self, declared: Action, node: tree.Action, filled: set[int]) -> bool:
        """Whether of the parameters that share a slot and kind of need, one is given."""
        complete = True
        bare = [i for i, one in enumerate(declared.parameters) if one.required]
        groups: list[list[int]] = []
        for position in bare:
            parameter = declared.parameters[position]
            if parameter.kind in ("value", "penalty", "state", "label", "number") or not groups:
                groups.append([position])
            elif declared.parameters[groups[-1][0]].slot == parameter.slot:
                groups[-1].append(position)
            else:
                groups.append([position])
        for group in groups:
            if not filled.intersection(group):
                wanted = [_WANTED[declared.parameters[one].kind] for one in group]
                self._report.add(MISSING_ARGUMENT, node.name.span, action=node.name.text, wanted=_either(wanted))
                complete = False
        has_range = next((one for one in node.arguments if isinstance(one.value, tree.DurationRange)), None)
        setter = next((one for one in node.arguments if one.slot == "set_by"), None)
        if has_range is not None and setter is None:
            self._report.add(RANGE_ALONE, has_range.span, range=has_range.span.text)
            complete = False
        if setter is not None and has_range is None:
            self._wrong(declared, node, setter)
            complete = False
        # Of a sanction only people who set its length have a deadline.
        deadline = next((one for one in node.arguments if declared.sanction and one.slot == "within"), None)
        if deadline is not None and has_range is None:
            self._wrong(declared, node, deadline)
            complete = False
        return complete

    def _wrong(self, declared: Action, node: tree.Action, argument: tree.Argument) -> None:
        kinds = list(dict.fromkeys(one.kind for one in declared.parameters if one.slot != "up_to"))
        wanted = _either([_WANTED[one] for one in kinds])
        advice = Bilingual(f"It takes {wanted.en}.", f"它接受:{wanted.zh}。") if kinds else _TAKES_NOTHING
        fix = None
        bare = argument.value.text if isinstance(argument.value, tree.Path) and not argument.slot else ""
        if isinstance(argument.value, tree.Number) and "duration" in kinds and "number" not in kinds:
            advice = _UNIT_MISSING
        elif bare[:1] in _NUMERALS and bare:
            advice = _DIGITS
        elif argument.slot == "to" and "range" in kinds and isinstance(argument.value, tree.Path):
            advice = _RANGE_WRITTEN
        elif isinstance(argument.value, tree.Text) and any(one.slot == "with" for one in declared.parameters):
            advice = _WITH
            word = keyword_table().entry("slots", "with")
            start = argument.span.start
            fix = Fix(
                Span(argument.span.source, start, start), f"{word.zh[0] if node.name.text > '⺀' else word.en[0]} "
            )
        elif bare and self._scope.library.resolve("actions", bare) is not None:
            advice = _COMMA
            end = len(argument.span.source.text[: argument.span.start].rstrip())
            fix = Fix(Span(argument.span.source, end, end), ",")
        elif bare in _JOINING:
            advice = _COMMA
            before = argument.span.source.text[: argument.span.start].rstrip()
            fix = Fix(Span(argument.span.source, len(before), argument.span.end), ",")
        elif bare:
            near = suggest.closest(bare, _words_at(argument.span))
            fix = Fix(argument.span, near) if near is not None else None
        self._report.add(
            WRONG_ARGUMENT,
            argument.span,
            fix=fix,
            action=node.name.text,
            argument=shortened(argument.span),
            advice=advice,
        )

    # --- values --------------------------------------------------------------------------------------------

    def _value(
        self, kind: ArgumentKind, argument: tree.Argument, given: dict[str, checked.ArgumentValue]
    ) -> checked.ArgumentValue | None:
        value = argument.value
        match value:
            case tree.Forever():
                return "forever"
            case tree.Duration():
                return dates.length(value, self._report)
            case tree.DurationRange():
                return self._range(value)
            case tree.Number():
                number = dates.whole(value.value)
                if argument.slot == "quorum" and value.percent and 0 < value.value <= 1:
                    # A share of the group; of 100% too, which is no number of votes.
                    return value.value.normalize()
                if isinstance(number, Decimal) or number < 1 or value.percent or number > 1_000_000_000:
                    self._report.add(WRONG_AMOUNT, value.span, argument=value.span.text)
                    return None
                return number
            case tree.Text():
                if kind in ("group", "penalty", "template", "state", "value", "calendar"):
                    return self._named(kind, tree.Name(value.value, value.span), given)
                return value.value
            case tree.Path() if kind in _AMOUNTS:
                return amounts.parameter(value.parts[0], _AMOUNTS[kind], self._resolver)
            case tree.Path():
                return self._named(kind, value.parts[0], given)
            case tree.Day() | tree.Flag():
                return value.value
            case tree.Allowance():
                if isinstance(value.number, tree.Name):
                    said = amounts.parameter(value.number, NUMBER, self._resolver)
                    return checked.Allowance(said, value.unit) if said is not None else None
                most = self._value("number", tree.Argument("up_to", value.number, value.span), given)
                return checked.Allowance(most, value.unit) if isinstance(most, int) else None
            case tree.RuleId():
                return value.text if self._scope.has_rule(value) else None

    def _named(
        self, kind: ArgumentKind, name: tree.Name, given: dict[str, checked.ArgumentValue]
    ) -> checked.ArgumentValue | None:
        scope = self._scope
        library = scope.library
        if kind == "group":
            everyone = library.resolve("groups", name.text)
            if everyone is not None and scope.value_kind(name.text) is None:
                return everyone
            return name.text if scope.has_group(name) else None
        if kind in ("penalty", "template", "state", "calendar"):
            return name.text if scope.find(kind, name) is not None else None
        if kind == "value":
            state = given.get("state")
            if not isinstance(state, str):
                return None
            written = tree.Path((name,), name.span)
            return name.text if self._resolver.state_value(state, written) is not None else None
        if kind == "priority":
            known = library.resolve("values", name.text)
            if known is None:
                scope.unknown("priority", name, spellings(one.names for one in library.values.values()))
            return known
        if kind == "unit":
            unit = library.resolve("units", name.text)
            if unit is None:
                scope.unknown("name", name, spellings(one.names for one in library.units.values()))
            return unit
        return name.text

    def _range(self, value: tree.DurationRange) -> checked.DurationRange | None:
        high = dates.length(value.high, self._report)
        if high is None:
            return None
        low = dates.measure(tree.Duration(value.low, value.high.unit, value.span))
        if low is None or low >= high:
            self._report.add(BAD_RANGE, value.span, range=value.span.text)
            return None
        return checked.DurationRange(low, high)

    def _member(self, argument: tree.Argument, context: Context) -> checked.FieldRef | None:
        if not isinstance(argument.value, tree.Path):
            return None
        found = self._resolver.value(argument.value, context)
        if found is None:
            return None
        if isinstance(found, checked.FieldRef) and found.type == MEMBER:
            return found
        example = f"{context.events[0]}.member" if context.events else "member"
        self._report.add(
            NOT_A_MEMBER,
            argument.value.span,
            fix=Fix(argument.value.span, example),
            what=shortened(argument.value.span),
            type=type_word(type_of(found)),
            example=example,
        )
        return None


def _is_person(declared: Action, parameter: Parameter, argument: tree.Argument, people: Collection[str]) -> bool:
    """Whether an argument names one of some people, where a member can stand."""
    named = isinstance(argument.value, tree.Path) and argument.value.text in people
    return named and any(one.kind == "member" and one.slot == parameter.slot for one in declared.parameters)


def _words_at(span: Span) -> Iterator[str]:
    """Words of the language that could have been meant there: at the head of a line also those that open something."""
    line = span.source.text.rfind("\n", 0, span.start) + 1
    heads = ("clauses", "declarations") if not span.source.text[line : span.start].strip() else ()
    for section in ("slots", *heads):
        for keyword in keyword_table().section(section):
            yield from (*keyword.en, *keyword.zh)


def _either(words: list[Bilingual]) -> Bilingual:
    return Bilingual(" or ".join(one.en for one in words), "或".join(one.zh for one in words))


def origin(span: Span) -> checked.Origin:
    """Where a span begins, for the records."""
    return checked.Origin(span.source.name, *span.source.position(span.start))
