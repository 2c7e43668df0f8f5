"""Everything that names can mean in one rulebook: the writer's declarations beside the library's.

Names of values (lists, patterns, parameters, definitions, metrics, states, groups) and of events share one space,
because all of them can stand in a condition; places, calendars, penalties, templates, leaderboards, tables and rules
have one space each.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any, Final

from communityrules.checker import suggest
from communityrules.checker.report import Reporter
from communityrules.checker.unknown import UNKNOWN_RULE, report_unknown, suggestion
from communityrules.checker.words import KINDS, type_word
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.diagnostics.source import Span
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.library import words
from communityrules.library.declare import Entity, EventType, Field, Library, Names
from communityrules.library.words import STAFF
from communityrules.model.values import Type

DECLARED_TWICE: Final = Message(
    code="CR204",
    severity="error",
    title=Bilingual("Declared twice", "重复声明"),
    text=Bilingual(
        "The {kind} `{name}` is declared already, on line {line} of {file}.",
        "{kind} `{name}` 已在 {file} 第 {line} 行声明过。",
    ),
    hint=Bilingual("Give one of them another name or remove it.", "给其中一个换个名称,或删去一个。"),
)

TAKEN: Final = Message(
    code="CR205",
    severity="error",
    title=Bilingual("Name of the library", "与库中名称相同"),
    text=Bilingual(
        "`{name}` already means something in the library, so this {kind} cannot be told from it.",
        "`{name}` 在库中已有含义,无法与这个{kind}区分。",
    ),
    hint=Bilingual("Choose another name, such as `our_{name}`.", "换个名称,例如 `我们的{name}`。"),
)

RESERVED_RULE: Final = Message(
    code="CR401",
    severity="error",
    title=Bilingual("Reserved rule number", "保留的规则编号"),
    text=Bilingual(
        "`{name}` is an id under which the engine itself answers.",
        "`{name}` 是引擎自己作答时使用的编号。",
    ),
    hint=Bilingual("Give the rule another number.", "给规则换个编号。"),
)

BAD_LABEL: Final = Message(
    code="CR245",
    severity="error",
    title=Bilingual("Label of the wrong type", "标签的类型不对"),
    text=Bilingual("The label `{name}` is declared as {type}.", "标签 `{name}` 声明为{type}。"),
    hint=Bilingual("{advice}", "{advice}"),
)

_LABEL_TYPES: Final = Bilingual(
    "What classifiers say is a `number`, a `boolean` or a `text`.", "分类器给出的是 `数值`、`真假` 或 `文本`。"
)


def _of_score(given: Bilingual) -> Bilingual:
    return Bilingual(
        f"The score of that name gives {given.en}: declare it so, or leave the declaration out.",
        f"同名评分给出的是{given.zh}:请如此声明,或省去这一声明。",
    )


#: The kinds whose names can stand in conditions.
VALUE_KINDS: Final = ("list", "pattern", "parameter", "definition", "metric", "state", "group")
#: Ids under which the engine itself answers, by either spelling.
RESERVED_RULES: Final = {spelling: id_ for id_, one in words.RESERVED_RULES.items() for spelling in (one.en, one.zh)}
_SIMPLE: Final[dict[type, str]] = {
    tree.GroupDeclaration: "group",
    tree.PlaceDeclaration: "place",
    tree.ListDeclaration: "list",
    tree.PatternDeclaration: "pattern",
    tree.ParameterDeclaration: "parameter",
    tree.Definition: "definition",
    tree.Metric: "metric",
    tree.StateDeclaration: "state",
    tree.CalendarDeclaration: "calendar",
    tree.PenaltyDeclaration: "penalty",
    tree.TemplateDeclaration: "template",
    tree.Leaderboard: "leaderboard",
    tree.Table: "table",
}


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A field that paths can name."""

    name: str
    type: Type
    custom: bool
    #: One of the fields that every event type has.
    universal: bool = False


@dataclass(slots=True)
class Scope:
    """What names mean, and which of them were used."""

    library: Library
    report: Reporter
    #: Declarations by kind and name. The nodes are those of `language.tree`, one type for each kind.
    declared: dict[str, dict[str, Any]] = field(default_factory=dict)
    member_fields: dict[str, Type] = field(default_factory=dict)
    #: What labels of messages are, by name.
    label_types: dict[str, Type] = field(default_factory=dict)
    #: Declared fields of every event type that the rulebook declares or adds to, by canonical name.
    event_fields: dict[str, dict[str, Type]] = field(default_factory=dict)
    #: Rules by id: a rule, or a row with its table.
    rules: dict[str, tree.Rule | tuple[tree.Table, tree.Row]] = field(default_factory=dict)
    #: All templates of a name, which follow each other in time; the first of them stands among the declarations.
    templates: dict[str, list[tree.TemplateDeclaration]] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    #: Ids of rules in parts of the text that are not looked at.
    elsewhere: Container[str] = ()
    #: Ids of rules that something refers to.
    referred: set[str] = field(default_factory=set)
    #: How many unknown names have been reported.
    suggested: int = 0
    _values: dict[str, str] = field(default_factory=dict)
    _labelled: dict[str, Span] = field(default_factory=dict)
    _fields: dict[tuple[str, str], dict[str, FieldInfo]] = field(default_factory=dict)

    # --- collecting ----------------------------------------------------------------------------------------

    def collect(self, declarations: Iterable[tree.Declaration]) -> None:
        """Enters every declaration; reports repeated and taken names."""
        for one in declarations:
            kind = _SIMPLE.get(type(one))
            if kind is not None:
                self._enter(kind, one)
            if isinstance(one, tree.MemberFields):
                self._enter_fields(one.fields, self.member_fields, self._library_fields("entities", "member"))
            elif isinstance(one, tree.LabelTypes):
                self._enter_labels(one)
            elif isinstance(one, tree.EventType):
                self._enter_event(one)
            elif isinstance(one, tree.Rule):
                self._enter_rule(one.id, one)
            elif isinstance(one, tree.Table):
                for row in one.rows:
                    self._enter_rule(row.id, (one, row))

    def _enter(self, kind: str, node: Any) -> None:
        name: tree.Name = node.name
        same = self.declared.setdefault(kind, {})
        if kind in VALUE_KINDS:
            if self.is_library_name(name.text):
                self.report.add(TAKEN, name.span, name=name.text, kind=KINDS[kind])
            first_kind = self._values.get(name.text)
            if first_kind is not None:
                self._twice(kind, name, self._span_of(first_kind, name.text))
                return
            self._values[name.text] = kind
        elif name.text in same and isinstance(node, tree.TemplateDeclaration) and self._dated(node):
            self.templates[name.text].append(node)
            return
        elif name.text in same:
            self._twice(kind, name, self._span_of(kind, name.text))
            return
        same[name.text] = node
        if isinstance(node, tree.TemplateDeclaration):
            self.templates[name.text] = [node]

    def _dated(self, node: tree.TemplateDeclaration) -> bool:
        """Whether one template can stand beside those of its name: only one of them is there from the beginning."""
        always = [one for one in self.templates[node.name.text] if one.start is None]
        return node.start is not None or not always

    def _span_of(self, kind: str, name: str) -> Span:
        node = self.declared[kind][name]
        span: Span = node.name.span
        return span

    def _twice(self, kind: str, name: tree.Name | tree.RuleId, first: Span) -> None:
        self.report.add(
            DECLARED_TWICE, name.span, name=name.text, kind=KINDS[kind], line=str(first.line), file=first.source.name
        )

    def _enter_event(self, node: tree.EventType) -> None:
        built_in = self.library.resolve("events", node.name.text)
        name = built_in or node.name.text
        if built_in is None:
            if self.is_library_name(name):
                self.report.add(TAKEN, node.name.span, name=name, kind=KINDS["event"])
            first_kind = self._values.get(name)
            if first_kind is not None:
                self._twice("event", node.name, self._span_of(first_kind, name))
                return
            self._values[name] = "event"
            self.declared.setdefault("event", {})[name] = node
        known = self._library_fields("events", name)
        if name == "message":
            known = {**known, **self._library_fields("entities", "message")}
        self._enter_fields(node.fields, self.event_fields.setdefault(name, {}), known)

    def _enter_fields(
        self, fields: Iterable[tree.FieldDeclaration], into: dict[str, Type], known: Mapping[str, FieldInfo]
    ) -> None:
        for one in fields:
            if one.name.text in known:
                self.report.add(TAKEN, one.name.span, name=one.name.text, kind=KINDS["field"])
            elif one.name.text in into:
                self._twice("field", one.name, one.name.span)
            else:
                into[one.name.text] = declared_type(one.type)

    def _enter_labels(self, node: tree.LabelTypes) -> None:
        """Several files may speak of one label, but must say the same."""
        for one in node.fields:
            name, type_ = one.name.text, declared_type(one.type)
            score = self.library.resolve("scores", name)
            first = self._labelled.get(name)
            if type_.kind not in ("text", "number", "boolean"):
                self.report.add(BAD_LABEL, one.type.span, name=name, type=type_word(type_), advice=_LABEL_TYPES)
            elif score is not None and self.library.scores[score].returns != type_:
                advice = _of_score(type_word(self.library.scores[score].returns))
                self.report.add(BAD_LABEL, one.type.span, name=name, type=type_word(type_), advice=advice)
            elif first is None:
                self.label_types[name] = type_
                self._labelled[name] = one.name.span
            elif self.label_types[name] != type_ or first.source is one.name.span.source:
                self._twice("field", one.name, first)

    def _enter_rule(self, id_: tree.RuleId, node: tree.Rule | tuple[tree.Table, tree.Row]) -> None:
        if id_.text in RESERVED_RULES:
            self.report.add(RESERVED_RULE, id_.span, name=id_.text)
        first = self.rules.get(id_.text)
        if first is not None:
            self._twice("rule", id_, (first[1] if isinstance(first, tuple) else first).id.span)
        else:
            self.rules[id_.text] = node

    # --- looking up ----------------------------------------------------------------------------------------

    def is_library_name(self, name: str) -> bool:
        """Whether the name already means something where a value can stand."""
        return any(
            self.library.resolve(kind, name) for kind in ("entities", "events", "detectors", "functions", "aggregates")
        )

    def value_kind(self, name: str) -> str | None:
        """The kind of the writer's name that can stand in a condition, or None."""
        return self._values.get(name) or ("group" if name == STAFF else None)

    def find(self, kind: str, name: tree.Name) -> Any:
        """The declaration of that kind and name, marked as used; None after reporting that there is none."""
        node = self.declared.get(kind, {}).get(name.text)
        if node is None:
            self.unknown(kind, name, self.declared.get(kind, {}))
            return None
        self.used.add((kind, name.text))
        return node

    def has_group(self, name: tree.Name) -> bool:
        """Whether there is a group of that name; reports it when not."""
        if name.text == STAFF:
            self.used.add(("group", name.text))
            return True
        return self.find("group", name) is not None

    def event(self, name: str) -> str | None:
        """The canonical name of an event type in any spelling."""
        return self.library.resolve("events", name) or (name if name in self.declared.get("event", {}) else None)

    def event_type(self, name: str) -> EventType | None:
        """The library's declaration of an event type by canonical name; None for a declared one."""
        return self.library.events.get(name)

    def event_words(self, names: Iterable[str]) -> Bilingual:
        """Event types by canonical name, as each language calls them."""
        known = [self.library.events[one].names if one in self.library.events else Names(one, one) for one in names]
        return Bilingual(", ".join(f"`{one.en}`" for one in known), "、".join(f"`{one.zh}`" for one in known))

    def event_names(self) -> Iterator[str]:
        """Every spelling of every event type."""
        yield from spellings(one.names for one in self.library.events.values())
        yield from self.declared.get("event", {})

    def fields_of(self, table: str, name: str) -> Mapping[str, FieldInfo]:
        """The fields of an entity (`"entities"`) or event type (`"events"`) by every spelling."""
        known = self._fields.get((table, name))
        if known is None:
            known = dict(self._library_fields(table, name))
            own = self.member_fields if (table, name) == ("entities", "member") else self.event_fields.get(name, {})
            if table == "events" or name in ("member", "message"):
                known.update({field_name: FieldInfo(field_name, type_, True) for field_name, type_ in own.items()})
            self._fields[(table, name)] = known
        return known

    def _library_fields(self, table: str, name: str) -> dict[str, FieldInfo]:
        """By every spelling; of an event type also what every event has, where it has no such field of its own."""
        declared: Entity | EventType | None = getattr(self.library, table).get(name)
        known: dict[str, FieldInfo] = {}
        every = table == "entities" and name == "event"
        if table == "events" and "event" in self.library.entities:
            _spell(self.library.entities["event"].fields, known, universal=True)
        if declared is not None:
            _spell(declared.fields, known, universal=every)
        return known

    # --- reporting -----------------------------------------------------------------------------------------

    def unknown(self, kind: str, name: tree.Name, known: Iterable[str], *, quotable: bool = False) -> None:
        """Reports a name that nothing declares, with the nearest known one.

        `quotable`: the word itself, in quotes, could stand there too.
        """
        report_unknown(self, kind, name, known, quotable=quotable)

    def has_rule(self, rule: tree.RuleId) -> bool:
        """Whether there is a rule of that id; reports it when not."""
        if rule.text in self.rules or rule.text in self.elsewhere:
            self.referred.add(rule.text)
            return True
        if rule.text not in self.report.lost_words:
            near = suggest.closest(rule.text, self.rules)
            fix = Fix(rule.span, near) if near is not None else None
            self.report.add(
                UNKNOWN_RULE,
                rule.span,
                fix=fix,
                name=rule.text,
                suggestion=suggestion(near, list(self.rules), KINDS["rule"]),
            )
        return False


def _spell(fields: Iterable[Field], into: dict[str, FieldInfo], *, universal: bool) -> None:
    for one in fields:
        for spelling in (one.names.en, one.names.zh, *one.names.aliases):
            into[spelling] = FieldInfo(one.names.en, one.type, False, universal)


def spellings(names: Iterable[Names]) -> Iterator[str]:
    """Every spelling of every one of the names."""
    for one in names:
        yield one.en
        yield one.zh


def declared_type(written: tree.TypeName) -> Type:
    """The type that a field is declared with; `time` is a point in time."""
    if written.kind == "list":
        return Type("list", declared_type(written.item) if written.item is not None else Type("text"))
    if written.kind == "time":
        return Type("instant")
    return Type(written.kind)
