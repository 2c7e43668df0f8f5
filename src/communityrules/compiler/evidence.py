"""Evidence: why a rule matched, read off the branches that made its condition true.

`or` tells its first true branch, `at least N of` the first N, `and` all, and nothing is told twice. What stands under
`not` is told the other way round: `not (x > 3)` as `x <= 3`. Each piece is a dictionary of plain JSON values (`plain`),
`kind` first:

    {"kind":"match","field":"message.text","what":"ad_words","text":"加微信","start":0,"end":3}  from the original
    {"kind":"match",…,"text":"加.微~信","start":0,"end":5,"seen":"separators"}  through disguise, and by which steps
    {"kind":"match","field":"member.roles","what":"moderator","text":"Moderator"}  an item of a list
    {"kind":"count","what":"count(message by member today)","value":4,"limit":3}  more than 3
    {"kind":"count","what":…,"value":5,"limit":5,"at_least":true}                               counting stopped at 5
    {"kind":"count","what":…,"value":1,"limit":2,"operator":"<"}  any operator but > and >=
    {"kind":"count","what":"similar(…)","value":3,"limit":3,"like":"m41"}  the latest event with nearly the same text
    {"kind":"compare","what":"rating.score","value":5,"operator":">=","limit":5}
    {"kind":"range","what":"member.level","value":3,"operator":"between","low":1,"high":5}
    {"kind":"time","what":"event.time","value":"2024-10-08T23:10:00+08:00","operator":"outside","low":"08:00",
     "high":"22:00"}
    {"kind":"tally","what":"tally(…)","value":5,"counted":[{"what":"message.links is not empty","weight":3},…]}
     after the comparison that read it, and followed by what tells why each of these held
    {"kind":"score","what":"message.labels.toxicity","value":0.93,"model":"tiny-toxic","version":"3"}
     after what read it
    {"kind":"state","what":"raid","value":"high","operator":"is","limit":"high"}
    {"kind":"fact","what":"member.verified","value":true}  a condition by itself
    {"kind":"one_of" | "not_one_of","what":"rating.aspect","value":"service"}
    {"kind":"empty" | "present","what":"message.reply_to","value":"m41"}  no value when empty
    {"kind":"absent","what":"member.level"}  why `not (…)` held
    {"kind":"no_match","field":"message.text","what":"ad_words, phone_number"}
    {"kind":"member" | "not_member","what":"newcomers","member":"bob"}
    {"kind":"finding","member":"mod1","text":"sold me a fake"}  who found it, and their note
    {"kind":"event","what":"announcement"}  the rule has no condition
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

from communityrules.checker import checked
from communityrules.checker.walk import parts, walk
from communityrules.compiler import expressions, fields, notes, pieces, telling, texts
from communityrules.compiler.kinds import describe, type_of
from communityrules.compiler.page import Page
from communityrules.compiler.plain import QUOTED, plain
from communityrules.compiler.rules import Judge, about
from communityrules.compiler.writer import PARAMETERS, Plan

#: Python bounds how deep blocks may stand in each other.
_NESTING: Final = 12
_OPPOSITE: Final = {"is": "is_not", "is_not": "is", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def compile_rule(judge: Judge, index: int) -> Callable[..., bool]:
    """The function that adds a matched rule's evidence to a list: `(event, facts, slots, notes)`. It answers whether
    no piece can be there twice."""
    with judge.plan.program.writing:
        return _compile_rule(judge, index)


def _compile_rule(judge: Judge, index: int) -> Callable[..., bool]:
    plan = judge.plan
    rule = plan.program.rulebook.rules[index]
    told = telling.told(plan, rule)
    if told is not None:
        judge.explain[index] = told
        return told
    page = _Page(plan)
    if rule.condition is not None:
        page.tell(rule.condition, True)
    elif rule.found_by is not None:
        page.add(notes.finding, "event")
    elif rule.every is None:
        page.add(notes.happened, "event.type")
    named = [group for group in rule.applies_to if group != "everyone"]
    if named and len(named) == len(rule.applies_to):
        page.first([(partial(_about, group), partial(_membership, group)) for group in named])
    name = page.finish()
    plan.flush()
    function: Callable[..., bool] = plan.program.namespace[name]
    judge.explain[index] = function
    return function


def _code(node: checked.Expression, truth: bool, page: _Page) -> str:
    code = expressions.test(page.w, node)
    return code if truth else f"not {code}"


def _tell(node: checked.Expression, truth: bool, page: _Page) -> None:
    page.tell(node, truth)


def _about(group: str, page: _Page) -> str:
    return about(page.w, group)


def _membership(group: str, page: _Page) -> None:
    page.membership(group, True)


def _is_detailed(node: checked.Expression) -> bool:
    return isinstance(node, checked.Tally) or (isinstance(node, checked.FieldRef) and node.root == "label")


class _Page(Page):
    """One that tells of conditions. Every piece is known to hold when it is told."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._timezone = plan.program.rulebook.timezone

    # --- values --------------------------------------------------------------------------------------------

    def _plain(self, node: checked.Expression) -> str:
        """Code for an expression's value as plain JSON. See `plain`."""
        w, kind, timezone = self.w, self._kind(node), self._timezone
        fixed = self._fixed(node)
        if fixed is not None:
            return w.program.constant(fixed)
        first, again = w.bind(expressions.value(w, node))
        told = f"{w.program.constant(plain)}({{}}, {self.said(kind)}, {self.said(timezone)})"
        # What most values are is told as it is.
        if kind == "number":
            usual = f"{first}.__class__ is int and {-(1 << 63)} <= {again} < {1 << 63}"
        elif kind in ("text", "member", "message"):
            usual = f"{first}.__class__ is {w.program.constant(str)} and len({again}) <= {QUOTED}"
        else:
            return told.format(first)
        return f"({again} if {usual} else {told.format(again)})"

    def _fixed(self, node: checked.Expression) -> str | int | float | None:
        return pieces.fixed(self.plan.program.rulebook, node)

    def _simple(self, node: checked.Expression) -> bool:
        """Tells a condition that holds where it is a simple piece; whether it is."""
        found = pieces.simple(self.plan.program.rulebook, node)
        if found is None:
            return False
        told = {
            name: self._plain(part)
            if name == pieces.VALUE
            else self.said(part)
            if isinstance(part, str)
            else self.w.program.constant(part)
            for name, part in found.parts.items()
        }
        self.piece(found.kind, **told)
        return True

    # --- conditions ------------------------------------------------------------------------------------------

    def tell(self, node: checked.Expression, truth: bool) -> None:
        """Writes what tells why a condition has that truth."""
        if self.indent >= _NESTING:
            inner = _Page(self.plan)
            inner.tell(node, truth)
            self.line(f"{inner.finish()}({PARAMETERS}, notes)")
            return
        match node:
            case checked.Not():
                self.tell(node.operand, not truth)
            case checked.Logic():
                self._logic(node, truth)
            case checked.AtLeast():
                self._at_least(node, truth)
            case checked.DefinitionRef():
                self._definition(node.name, truth)
            case checked.InGroup():
                self.membership(node.group, truth)
            case checked.Compare():
                self._compare(node, truth)
            case checked.InRange():
                self._in_range(node, truth)
            case checked.Contains():
                self._contains(node, truth)
            case checked.Affix():
                self._affix(node, truth)
            case checked.Matches():
                self._matches(node, truth)
            case checked.OneOf():
                self._one_of(node, truth)
            case checked.Empty():
                self._empty(node, truth)
            case checked.Const():
                pass
            case _:
                self.piece("fact", what=self.said(self._what(node)), value=expressions.value(self.w, node))
                self._add_details([node], truth)

    def _definition(self, name: str, truth: bool) -> None:
        """A definition is told once, however often it was read: those that read others twice would grow without end."""
        key = ("tell", name, truth)
        function = self.plan.fillers.get(key)
        if function is None:
            inner = _Page(self.plan)
            inner.tell(self.plan.program.rulebook.definitions[name], truth)
            function = self.plan.fillers[key] = inner.finish()
        self.line(f"if notes.once({self.plan.program.constant(function)}): {function}({PARAMETERS}, notes)")

    def _logic(self, node: checked.Logic, truth: bool) -> None:
        if (node.operator == "and") == truth:
            for one in node.operands:
                self.tell(one, truth)
            return
        self.first([(partial(_code, one, truth), partial(_tell, one, truth)) for one in node.operands])

    def _at_least(self, node: checked.AtLeast, truth: bool) -> None:
        if node.number <= 0:
            return
        left = self.w.temp()
        self.line(f"{left} = {node.number}")
        for one in node.conditions:
            code = expressions.test(self.w, one)
            self.line(f"if {left} and {code}:" if truth else f"if not {code}:")
            self.indent += 1
            if truth:
                self.line(f"{left} -= 1")
            else:
                self.line("pass")
            self.tell(one, truth)
            self.indent -= 1

    def membership(self, group: str, truth: bool) -> None:
        who = fields.subject(self.w)
        kind = "member" if truth else "not_member"
        self.piece(kind, what=self.said(group), member=f"{who}.id if {who} is not None else None")

    # --- comparisons -----------------------------------------------------------------------------------------

    def _what(self, node: checked.Expression | checked.Matcher) -> str:
        return describe(node, self.plan.program.rulebook)

    def _kind(self, node: checked.Expression) -> str:
        return type_of(node).kind

    def _limit(self, node: checked.Expression) -> int | None:
        if isinstance(node, checked.AggregateRef):
            return self.plan.program.rulebook.aggregates[node.index].limit
        return None

    def _compare(self, node: checked.Compare, truth: bool) -> None:
        left, right, operator = pieces.sides(node)
        if not truth:
            operator = _OPPOSITE[operator]
        if truth and self._simple(node):
            pass
        else:
            note: Callable[..., Any]
            if pieces.is_count(self.plan.program.rulebook, left, right):
                note = partial(
                    notes.count, self._what(left), operator, self._limit(left), self._kind(right), self._timezone
                )
            else:
                kinds = (self._kind(left), self._kind(right))
                note = partial(notes.compare, pieces.kind_of(left), self._what(left), operator, kinds, self._timezone)
            if truth:
                self.add(note, expressions.value(self.w, left), expressions.value(self.w, right))
            else:
                self._unless_absent(note, [node.left, node.right], swapped=left is not node.left)
        self._add_details([node.left, node.right], truth)

    # --- tallies and scores ----------------------------------------------------------------------------------

    def _add_details(self, nodes: list[checked.Expression], truth: bool = True) -> None:
        """Tells of every tally that a comparison read which conditions counted, and of every score whose it is.

        A comparison that was false may not have come to read them.
        """
        definitions = self.plan.program.rulebook.definitions
        if not any(_is_detailed(one) for node in nodes for one in walk(node, definitions)):
            return
        if truth:
            self._details(nodes)
            return
        values = [expressions.value(self.w, one) for one in nodes if not isinstance(one, checked.Const)]
        # A parameter of one value stands as a plain number, which is never absent.
        self.line(f"if {' and '.join([f'{one} is not None' for one in values if not one.isdigit()])}:")
        self.indent += 1
        self._details(nodes)
        self.line("pass")
        self.indent -= 1

    def _details(self, nodes: Iterable[checked.Expression]) -> None:
        w = self.w
        for node in nodes:
            match node:
                case checked.Tally():
                    self._tally(node)
                case checked.FieldRef(root="label"):
                    note = partial(notes.score, self._what(node), self._kind(node))
                    source = f"scores.source({w.program.constant(node.name)}, {fields.labels(w)})"
                    self.extend(note, expressions.value(w, node), source)
                case checked.DefinitionRef():
                    key = ("details", node.name)
                    function = self.plan.fillers.get(key)
                    if function is None:
                        inner = _Page(self.plan)
                        inner._details([self.plan.program.rulebook.definitions[node.name]])
                        function = self.plan.fillers[key] = inner.finish()
                    once = w.program.constant(function)
                    self.line(f"if notes.once({once}): {function}({PARAMETERS}, notes)")
                case checked.Arithmetic() | checked.FunctionCall():
                    self._details(parts(node))
                case _:
                    pass

    def _tally(self, node: checked.Tally) -> None:
        if self.indent >= _NESTING:
            inner = _Page(self.plan)
            inner._tally(node)
            self.line(f"{inner.finish()}({PARAMETERS}, notes)")
            return
        w = self.w
        counted, total = w.temp(), expressions.value(w, node)
        self.line(f"{counted} = []")
        note = partial(notes.tally, self._what(node), self._timezone)
        self.add(note, total, counted)
        for one in node.weights:
            self.line(f"if {expressions.test(w, one.condition)}:")
            self.indent += 1
            words = w.program.constant(one.what or self._what(one.condition))
            self.line(f"{w.program.constant(notes.weigh)}({counted}, {words}, {expressions.weight(w, one)})")
            self.tell(one.condition, True)
            self.indent -= 1

    def _unless_absent(self, note: Callable[..., Any], nodes: list[checked.Expression], swapped: bool = False) -> None:
        """Adds what `note` says of values that made a comparison false. Like the comparison itself, reads a value only
        when those before it are there."""
        codes: list[str] = []
        before: list[str] = []
        for one in nodes:
            first, again = self.w.bind(expressions.value(self.w, one))
            there = " and ".join([f"{value} is not None" for value in before if not value.isdigit()])
            codes.append(f"({first} if {there} else None)" if there else first)
            before.append(again)
        names = [self._what(one) for one in nodes]
        self.add(partial(notes.unless_absent, note, swapped, names), *codes)

    def _in_range(self, node: checked.InRange, truth: bool) -> None:
        values = [node.operand, node.low, node.high]
        if not (truth and self._simple(node)):
            kinds = (self._kind(node.operand), self._kind(node.low), self._kind(node.high))
            operator = "outside" if node.outside == truth else "between"
            what = self._what(node.operand)
            note = partial(notes.within, pieces.span_of(node.operand), what, operator, kinds, self._timezone)
            if truth:
                self.add(note, *(expressions.value(self.w, one) for one in values))
            else:
                self._unless_absent(note, values)
        self._add_details(values, truth)

    def _one_of(self, node: checked.OneOf, truth: bool) -> None:
        if not (truth and self._simple(node)):
            kind = "one_of" if node.negated else "not_one_of"
            what = self._what(node.operand)
            note = partial(notes.valued, kind, what, self._kind(node.operand), self._timezone)
            self.add(partial(notes.unless_absent, note, False, [what]), expressions.value(self.w, node.operand))
        self._add_details([node.operand], truth)

    def _empty(self, node: checked.Empty, truth: bool) -> None:
        what = self._what(node.operand)
        if node.negated == truth:
            self.piece("present", what=self.said(what), value=self._plain(node.operand))
        else:
            self.add(partial(notes.empty, what))

    # --- texts and lists -------------------------------------------------------------------------------------

    def _missing(self, field: str, looked_for: str, code: str) -> None:
        self.add(partial(notes.missing, field, looked_for), code)

    def _contains(self, node: checked.Contains, truth: bool) -> None:
        field = self._what(node.operand)
        if not truth:
            looked_for = ", ".join([self._what(one) for one in node.matchers])
            self._missing(field, looked_for, expressions.value(self.w, node.operand))
            return
        w = self.w
        law = expressions.law(w)
        if type_of(node.operand).kind == "list":
            found = texts.item_finders(w, node).built(w.program, node.matchers)
            code = expressions.value(w, node.operand)
            self.extend(partial(notes.items, field, *found, node.mode), code, law, texts.link_text(w, node.operand))
        else:
            found = texts.text_finders(w.program, node).built(w.program, node.matchers)
            self.extend(partial(notes.matches, field, *found, node.mode), texts.folded(w, node.operand), law)

    def _affix(self, node: checked.Affix, truth: bool) -> None:
        w = self.w
        field = self._what(node.operand)
        if not truth:
            self._missing(field, ", ".join([self._what(one) for one in node.items]), expressions.value(w, node.operand))
            return
        found = texts.text_finders(w.program, node).built(w.program, node.items)
        self.extend(partial(notes.affixes, field, *found, node.end), texts.folded(w, node.operand), expressions.law(w))

    def _matches(self, node: checked.Matches, truth: bool) -> None:
        field = self._what(node.operand)
        code = expressions.value(self.w, node.operand)
        if not truth:
            self._missing(field, node.name, code)
            return
        matcher = texts.pattern(self.w.program, node.regex)
        self.add(partial(notes.fits, field, node.name, matcher), code)
