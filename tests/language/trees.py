"""Random syntax trees: everything that the grammar can give, and nothing that it cannot."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from communityrules.diagnostics.source import Source, Span
from communityrules.language import tree as t
from communityrules.language.keywords import keyword_table
from communityrules.language.trouble.numerals import FIRST_WORDS

#: How many a slow test tries. A long run, of 500, is asked for by name.
TREES = int(os.environ.get("COMMUNITYRULES_TREES", "120"))
SPAN = Span(Source("generated", ""), 0, 0)
#: Words that no name may be; the event that, after a comma, reads as the clause of that name; numbers in words, which
#: are told where a number could stand.
_RESERVED = keyword_table().reserved() | {"逾期"}
_NUMBERS = FIRST_WORDS - {"a", "an"}


def _named(
    node: Callable[..., Any], *strategies: st.SearchStrategy[Any], layout: bool = False
) -> st.SearchStrategy[Any]:
    if layout:
        return st.builds(lambda values, where: node(*values, SPAN, where), st.tuples(*strategies), layouts)
    return st.builds(lambda values: node(*values, SPAN), st.tuples(*strategies))


# --- atoms ---------------------------------------------------------------------------------------------------

comments = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12).map(
    lambda text: text.rstrip() or " "
).filter(lambda text: text == " " or text.rstrip() == text)  # fmt: skip
layouts = st.builds(
    t.Layout,
    st.one_of(st.just(()), st.lists(comments, max_size=2).map(tuple)),
    st.one_of(st.none(), comments),
    st.booleans(),
)
words = st.one_of(
    st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True),
    st.text("广告刷屏消息成员标准甲乙丙项次内后", min_size=1, max_size=4),
    st.sampled_from(["member", "message", "event", "late", "level", "urgent", "消息", "成员", "hold", "送审"]),
).filter(lambda word: word not in _RESERVED and word not in _NUMBERS)
any_word = st.one_of(words, st.sampled_from(sorted(one for one in _RESERVED if one.isidentifier())))
names = _named(t.Name, words)
strings = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12
)  # fmt: skip
texts = _named(t.Text, strings)
decimals = st.decimals(min_value=0, max_value=10**6, places=2, allow_nan=False, allow_infinity=False).map(abs)
wholes = st.integers(min_value=0, max_value=10**6).map(Decimal)
numbers = st.builds(
    lambda value, percent: t.Number(value.scaleb(-2) if percent else value, percent, SPAN),
    st.one_of(decimals, wholes),
    st.booleans(),
)
signed = st.builds(
    lambda number, minus: t.Number(number.value.copy_negate(), number.percent, SPAN) if minus else number,
    numbers,
    st.booleans(),
)
units = st.sampled_from(["second", "minute", "hour", "day", "week", "month", "quarter", "year"])
durations = _named(t.Duration, st.one_of(decimals, wholes), units)
days = _named(t.Day, st.dates())
times = _named(t.TimeOfDay, st.integers(0, 1440))
clocks = st.builds(
    lambda minutes, seconds: t.TimeOfDay(minutes, SPAN, seconds), st.integers(0, 1439), st.integers(0, 59)
)
flags = _named(t.Flag, st.booleans())
forever = st.just(t.Forever(SPAN))
regexes = _named(
    t.Regex,
    st.sampled_from([r"a", r"\bx{2}\d+\b", r"[/#\"]", r"a\/b", "（。）", r"\\", r"[^\]]+", "it's |x"]),
)
rule_ids = _named(
    t.RuleId,
    st.one_of(
        st.sampled_from(["5", "A-1", "3.1", "第十五条", "mute", "a b", "", "rule", "１", "2024-10", "#"]),
        words,
        strings,
    ),
)
paths = st.lists(any_word, min_size=0, max_size=3).flatmap(
    lambda more: words.map(lambda first: t.Path(tuple(t.Name(part, SPAN) for part in (first, *more)), SPAN))
)
constants = st.one_of(texts, numbers, durations, days, times, flags)

# --- expressions, by precedence ------------------------------------------------------------------------------


def expressions(depth: int = 3) -> st.SearchStrategy[Any]:
    return _logic("or", _logic("and", _negation(depth)))


def _logic(operator: str, operand: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(operand, min_size=1, max_size=3).map(
        lambda found: found[0] if len(found) == 1 else t.Logic(operator, tuple(found), SPAN)  # type: ignore[arg-type]
    )


def _negation(depth: int) -> st.SearchStrategy[Any]:
    return st.builds(lambda negated, inner: t.Not(inner, SPAN) if negated else inner, st.booleans(), _comparison(depth))


def _comparison(depth: int) -> st.SearchStrategy[Any]:
    left = sums(depth)
    inner = st.deferred(lambda: expressions(depth - 1)) if depth > 0 else left
    single = st.sampled_from(["has", "contains", "starts_with", "ends_with", "matches"])
    patterns = st.one_of(paths, regexes).map(lambda one: (one,))
    multiple = st.sampled_from(["one_of", "not_one_of", "has_any", "has_all", "contains_any", "contains_all"])
    return st.one_of(
        left,
        _named(t.Compare, st.sampled_from(["is", "is_not", "<", "<=", ">", ">="]), left, left),
        _named(t.Predicate, single, left, left.map(lambda one: (one,)), st.booleans()),
        _named(t.Predicate, st.just("matches"), left, patterns, st.just(False)),
        _named(t.Predicate, multiple, left, st.lists(inner, min_size=1, max_size=3).map(tuple), st.booleans()),
        _named(t.Predicate, st.sampled_from(["empty", "not_empty"]), left, st.just(()), st.just(False)),
        _named(t.Predicate, st.sampled_from(["between", "outside"]), left, st.tuples(left, left), st.just(False)),
        _named(t.AtLeast, numbers, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    )


def sums(depth: int) -> st.SearchStrategy[Any]:
    return _chain(("+", "-"), _chain(("*", "/"), _atom(depth)))


def _chain(operators: tuple[str, ...], operand: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def join(first: Any, rest: list[tuple[str, Any]]) -> Any:
        for operator, right in rest:
            first = t.Arithmetic(operator, first, right, SPAN)  # type: ignore[arg-type]
        return first

    return st.builds(join, operand, st.lists(st.tuples(st.sampled_from(operators), operand), max_size=1))


def _atom(depth: int) -> st.SearchStrategy[Any]:
    leaves = st.one_of(paths, constants, signed)
    if depth <= 0:
        return leaves
    inner = st.deferred(lambda: expressions(depth - 1))
    keys = st.lists(sums(0), max_size=2).map(tuple)
    windows = st.one_of(
        st.none(),
        _named(t.Sliding, durations | names),
        _named(t.Calendar, st.sampled_from(["hour", "day", "week", "month", "quarter", "year"])),
    )
    weighted = _named(t.Weighted, st.one_of(paths, signed), inner)
    arguments = st.one_of(
        st.lists(inner, max_size=2), st.lists(weighted, min_size=1, max_size=4), st.lists(st.one_of(inner, weighted))
    ).map(tuple)
    calls = _named(t.Call, names, arguments, keys, windows, st.one_of(st.none(), inner))
    return st.one_of(leaves, leaves, calls, _named(t.Group, inner))


# --- actions and clauses -------------------------------------------------------------------------------------

calendar_units = st.sampled_from(["hour", "day", "week", "month", "quarter", "year"])
ranges = _named(t.DurationRange, wholes, durations)
bare = st.one_of(paths, texts, numbers, durations, ranges, forever)
slots = st.sampled_from(
    ["to", "for", "from", "by", "within", "up_to", "set_by", "quorum", "priority", "against", "with", "at"]
)
bare_arguments = _named(t.Argument, st.just(""), bare)
arguments = st.one_of(
    bare_arguments,
    # A number or a parameter after `up to` is an allowance, which has a window.
    _named(t.Argument, slots, st.one_of(bare, days)).filter(
        lambda one: one.slot != "up_to" or not isinstance(one.value, t.Number | t.Path)
    ),
    _named(t.Argument, st.just("rule"), rule_ids),
    _named(t.Argument, st.just("as"), st.one_of(paths, texts, numbers, durations, days, flags, signed)),
    _named(t.Argument, st.just("up_to"), _named(t.Allowance, numbers | names, calendar_units)),
)


#: What may stand behind a length of time, and then belongs to it.
_BEHIND_LENGTHS = {"以内", "之内", "内", *keyword_table().entry("words", "later").zh}


def _is_readable(found: tuple[t.Argument, ...]) -> bool:
    """Whether arguments are read as they were meant: a particle right after the name is none, and neither does a number
    begin a range with the length after it, nor a name end the length before it."""
    return not (found and found[0].slot in ("for", "to")) and not any(
        (isinstance(one.value, t.Number) and after.slot == "to" and isinstance(after.value, t.Duration))
        or (
            isinstance(one.value, t.Duration)
            and isinstance(after.value, t.Path)
            and not after.slot
            and after.value.parts[0].text in _BEHIND_LENGTHS
        )
        for one, after in pairwise(found)
    )


argument_lists = st.lists(arguments, max_size=3).map(tuple).filter(_is_readable)
plain_actions = _named(t.Action, names, argument_lists, st.just(()))


def _late(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return _named(t.Action, names, argument_lists, inner)


late_lists = st.lists(plain_actions, min_size=1, max_size=2).map(tuple)
late_lists = st.one_of(late_lists, st.builds(lambda first, last: (*first, last), late_lists, _late(late_lists)))
action_lists = st.one_of(
    st.lists(plain_actions, min_size=1, max_size=3).map(tuple),
    st.builds(lambda first, last: (*first, last), st.lists(plain_actions, max_size=2), _late(late_lists)),
)
consequences = st.one_of(
    action_lists, st.lists(st.one_of(plain_actions, _named(t.AsRule, rule_ids)), min_size=1, max_size=3).map(tuple)
)
some_names = st.lists(names, min_size=1, max_size=3).map(tuple)
places = st.lists(st.one_of(names, texts), min_size=1, max_size=2).map(tuple)
none: st.SearchStrategy[Any] = st.just(())
urgencies = _named(t.Urgency, names, durations | names)
_done = st.lists(plain_actions, min_size=1, max_size=2).map(tuple)
reminders = st.one_of(
    st.builds(lambda share, done: t.Reminder(share, None, done, SPAN), numbers | names, _done),
    st.builds(lambda length, done: t.Reminder(None, length, done, SPAN), durations | names, _done),
)
deadlines: st.SearchStrategy[Any] = st.one_of(st.none(), durations, names, paths)


def _responsible(group: t.Name, each: bool, span: Span, layout: t.Layout = t.PLAIN) -> t.Responsible:
    return t.Responsible(group, span, layout, each)


def _require(
    event: t.Name,
    times: t.Number | t.Name | None,
    deadline: t.Duration | t.Name | t.Path | None,
    calendar: t.Name | None,
    if_late: tuple[t.Action, ...],
    urgent: tuple[t.Urgency, ...],
    reminded: tuple[t.Reminder, ...],
    span: Span,
    layout: t.Layout = t.PLAIN,
) -> t.Require:
    within = deadline if isinstance(deadline, t.Duration | t.Name) else None
    until = deadline if isinstance(deadline, t.Path) else None
    return t.Require(event, times, within, calendar, if_late, span, layout, until, urgent, reminded)


bodies: dict[str, tuple[Callable[..., Any], tuple[st.SearchStrategy[Any], ...]]] = {
    "content": (t.Content, (texts,)),
    "modality": (t.Modality, (st.sampled_from(["may", "should", "must", "must_not"]),)),
    "applies_to": (t.AppliesTo, (st.one_of(none, some_names), st.one_of(none, some_names))),
    "in": (t.InPlaces, (st.one_of(none, places), st.one_of(none, places))),
    "responsible": (_responsible, (names, st.booleans())),
    "effective": (t.Effective, (st.one_of(st.none(), days), st.one_of(st.none(), days))),
    "review_by": (t.ReviewBy, (days,)),
    "on": (t.OnEvents, (some_names,)),
    "every": (t.Every, (durations,)),
    "if": (t.If, (st.one_of(st.none(), expressions(1)),)),
    "then": (t.Then, (consequences,)),
    "require": (
        _require,
        (names, st.one_of(st.none(), numbers, names), deadlines, st.one_of(st.none(), names),
         st.one_of(none, late_lists),
         st.one_of(none, st.lists(urgencies, min_size=1, max_size=2).map(tuple)),
         st.one_of(none, st.lists(reminders, min_size=1, max_size=2).map(tuple))),
    ),
    "cooldown": (t.Cooldown, (durations | names,)),
    "overrides": (t.Overrides, (st.lists(rule_ids, min_size=1, max_size=3).map(tuple),)),
    "trial": (t.Trial, (days,)),
    "found_by": (t.FoundBy, (names,)),
    "todo": (t.Todo, (texts,)),
}  # fmt: skip
clauses = st.one_of([_named(node, *fields, layout=True) for node, fields in bodies.values()])
clause_lists = st.lists(clauses, max_size=4).map(tuple)


def cells(column: str) -> st.SearchStrategy[Any]:
    node, fields = bodies[column]
    return st.one_of(st.none(), _named(node, *fields))


@st.composite
def tables(draw: st.DrawFn) -> t.Table:
    chosen = draw(st.lists(st.sampled_from(sorted(bodies)), unique=True, max_size=3))
    columns = ["rule", *(["name"] if draw(st.booleans()) else []), *chosen]
    rows = []
    for _ in range(draw(st.integers(0, 2))):
        name = draw(st.one_of(st.none(), texts)) if "name" in columns else None
        found = tuple(draw(cells(column)) for column in chosen)
        rows.append(t.Row(draw(rule_ids), name, found, SPAN, draw(layouts)))
    head = draw(clause_lists)
    return t.Table(draw(names), head, draw(st.booleans()), tuple(columns), tuple(rows), SPAN, draw(layouts))  # type: ignore[arg-type]


moments = _named(t.Moment, days, st.one_of(times, clocks))

# --- tests ---------------------------------------------------------------------------------------------------

field_paths = st.lists(any_word, min_size=1, max_size=2).map(
    lambda parts: t.Path(tuple(t.Name(part, SPAN) for part in parts), SPAN)
)
field_values = _named(
    t.FieldValues,
    field_paths,
    st.lists(st.one_of(texts, signed, days, moments, durations, times, flags, paths), min_size=1, max_size=2).map(
        tuple
    ),
)
fields = st.lists(field_values, max_size=2).map(tuple)
maybe_rules = st.one_of(st.none(), rule_ids)
_statuses = {
    one
    for token in ("DUTY_STATUS", "CASE_STATUS")
    for key in keyword_table().of_token(token)
    for one in (*key.en, *key.zh)
}
maybe_names = st.one_of(st.none(), names.filter(lambda one: one.text not in _statuses))
expected = st.builds(
    lambda what, absent, under: t.Expected(what, absent and what is not None, under, SPAN),
    st.one_of(
        st.none(),
        _named(t.ExpectedDuty, names, maybe_names, st.sampled_from(["open", "met", "late", "cancelled"])),
        _named(t.ExpectedCase, maybe_names, st.sampled_from(["open", "approved", "rejected", "expired"])),
        _named(t.ExpectedBalance, maybe_names, st.one_of(numbers, signed).filter(lambda one: not one.percent)),
    ),
    st.booleans(),
    maybe_rules,
)
expects = st.builds(
    lambda others, actions, absent, under: t.Expect(
        (
            *others,
            *(t.Expected(one, absent, None, SPAN) for one in actions[:-1]),
            *(t.Expected(one, absent, under, SPAN) for one in actions[-1:]),
        ),
        SPAN,
    ),
    st.lists(expected, max_size=2).map(tuple),
    action_lists,
    st.booleans(),
    maybe_rules,
)
maybe_expects = st.one_of(st.none(), expects)
steps = st.one_of(
    _named(t.SetDay, days, layout=True),
    _named(t.Given, names, fields, layout=True),
    _named(
        t.Happens, st.one_of(times, clocks), names, names, st.one_of(st.none(), names), st.one_of(st.none(), rule_ids),
        st.one_of(st.none(), texts), fields, maybe_expects, layout=True,
    ),
    _named(t.Later, durations, maybe_expects, layout=True),
)  # fmt: skip

# --- declarations --------------------------------------------------------------------------------------------

ways = st.lists(
    st.one_of(
        _named(t.ListWay, st.sampled_from(["seeing", "without"]), some_names),
        _named(t.ListWay, st.sampled_from(["whole_words", "anywhere"]), st.just(())),
    ),
    max_size=3,
).map(tuple)


def _looked_for(words: t.ListDeclaration, how: tuple[t.ListWay, ...]) -> t.ListDeclaration:
    return replace(words, ways=how)


entries = st.one_of(
    _named(t.HeaderEntry, st.just("version"), texts, layout=True),
    _named(t.HeaderEntry, st.just("purpose"), texts, layout=True),
    _named(t.HeaderEntry, st.just("language"), names, layout=True),
    _named(
        t.HeaderEntry, st.just("timezone"),
        _named(t.Name, st.sampled_from(["UTC", "Asia/Shanghai", "Etc/GMT+8", "America/Port-au-Prince"])), layout=True,
    ),
    _named(t.HeaderEntry, st.just("published"), days, layout=True),
    _named(t.HeaderEntry, st.sampled_from(["seeing", "without"]), some_names, layout=True),
)  # fmt: skip
kinds = st.sampled_from(["text", "number", "boolean", "date", "time", "duration", "member", "message", "list"])
plain_types = _named(t.TypeName, kinds, st.none())
types = st.one_of(plain_types, _named(t.TypeName, st.just("list"), plain_types))
field_names = st.one_of(names, _named(t.Name, any_word))
declared_fields = st.lists(_named(t.FieldDeclaration, field_names, types), min_size=1, max_size=3)
dated = _named(
    t.DatedValue, st.one_of(texts, signed, durations, times, days, flags), st.one_of(st.none(), days)
)  # fmt: skip
operators = st.sampled_from(["=", "+", "-"])
settings = st.lists(
    st.one_of(
        _named(t.Setting, names, operators, st.lists(dated, min_size=1, max_size=3).map(tuple), st.none()),
        _named(t.Setting, names, operators, none, texts),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
weekdays = st.sampled_from(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
some_days = st.lists(days, min_size=1, max_size=2).map(tuple)
calendar_lines = st.one_of(
    _named(t.WorkingHours, weekdays, st.one_of(st.none(), weekdays), times, times, layout=True),
    _named(t.Holidays, names, none, st.none(), layout=True),
    _named(t.Holidays, st.none(), some_days, st.none(), layout=True),
    _named(t.Holidays, st.none(), none, texts, layout=True),
    _named(t.Workdays, some_days, layout=True),
)
penalty_lines = st.one_of(
    _named(
        t.PenaltyStep, st.one_of(st.integers(1, 120), st.sampled_from(["then_on", "always"])), action_lists, layout=True
    ),
    _named(
        t.Appeal, st.one_of(st.none(), st.integers(1, 5)), names, st.one_of(st.none(), durations, names), layout=True
    ),
    _named(t.PenaltyCap, numbers, durations, st.one_of(st.none(), names), layout=True),
)  # fmt: skip
some_texts = st.lists(texts, min_size=1, max_size=3).map(tuple)
declarations = st.one_of(
    _named(t.Header, texts, st.lists(entries, max_size=3).map(tuple), layout=True),
    _named(
        t.Use, texts, st.one_of(st.none(), days), st.one_of(st.none(), days), st.one_of(none, settings), layout=True
    ),
    _named(t.MemberFields, declared_fields.map(tuple), layout=True),
    _named(t.LabelTypes, declared_fields.map(tuple), layout=True),
    _named(t.EventType, names, st.one_of(none, declared_fields.map(tuple)), layout=True),
    _named(t.GroupDeclaration, names, expressions(1), layout=True),
    _named(t.PlaceDeclaration, names, some_texts, layout=True),
    st.builds(
        lambda name, where, layout: t.PlaceDeclaration(name, (), SPAN, layout, where),
        names, expressions(1).filter(lambda one: not isinstance(one, t.Text)), layouts,
    ),
    st.builds(
        _looked_for, _named(t.ListDeclaration, names, st.booleans(), some_texts, st.none(), layout=True), ways
    ),
    _named(t.ListDeclaration, names, st.booleans(), none, texts, layout=True),
    _named(t.PatternDeclaration, names, regexes, layout=True),
    _named(t.ParameterDeclaration, names, st.lists(dated, max_size=3).map(tuple), layout=True),
    _named(t.Definition, names, expressions(2), layout=True),
    _named(t.Metric, names, expressions(1), layout=True),
    _named(t.StateDeclaration, names, some_names, layout=True),
    _named(t.CalendarDeclaration, names, st.lists(calendar_lines, max_size=3).map(tuple), layout=True),
    _named(
        t.PenaltyDeclaration, names, st.one_of(st.none(), durations, names),
        st.lists(penalty_lines, max_size=3).map(tuple), layout=True,
    ),
    _named(
        t.Power, names, st.lists(plain_actions, min_size=1, max_size=3).map(tuple), st.one_of(none, action_lists),
        layout=True,
    ),
    _named(t.Confidential, st.lists(paths, min_size=1, max_size=2).map(tuple), some_names, layout=True),
    _named(t.Breaker, numbers, numbers, durations, st.one_of(none, action_lists), layout=True),
    st.builds(
        lambda node, start, end: replace(node, start=start, end=end),
        _named(
            t.TemplateDeclaration, names,
            st.lists(_named(t.TemplateText, st.sampled_from(["en", "zh"]), texts, layout=True), max_size=2).map(tuple),
            layout=True,
        ),
        st.one_of(st.none(), days),
        st.one_of(st.none(), days),
    ),
    _named(t.Leaderboard, names, numbers, sums(1), layout=True),
    _named(t.Rule, rule_ids, st.one_of(st.none(), texts), clause_lists, layout=True),
    tables(),
    _named(t.Amend, rule_ids, st.one_of(st.none(), days), clause_lists, layout=True),
    st.builds(
        lambda one, grace: replace(one, grace=grace),
        _named(t.Amend, rule_ids, st.one_of(st.none(), days), clause_lists, layout=True),
        durations,
    ),
    _named(t.Repeal, rule_ids, st.one_of(st.none(), days), layout=True),
    _named(t.Test, texts, st.lists(steps, max_size=4).map(tuple), layout=True),
)  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> t.File:
    found = draw(st.lists(declarations, max_size=4).map(tuple))
    trailing = tuple(draw(st.lists(comments, max_size=2)))
    return t.File(found, trailing, SPAN, draw(st.sampled_from(["en", "zh"])))
