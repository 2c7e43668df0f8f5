"""From a rulebook to its handbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from communityrules.checker.texts import Texts, read_texts
from communityrules.checker.versions import Version
from communityrules.diagnostics.message import Language
from communityrules.diagnostics.source import Source, Span
from communityrules.language import tree
from communityrules.language.printing.words import Words
from communityrules.library.declare import Library
from communityrules.library.names import LibraryNames
from communityrules.library.words import STAFF, STAFF_ROLES
from communityrules.workbench.handbook.changes import History
from communityrules.workbench.handbook.days import Days
from communityrules.workbench.handbook.parts import DutyText, Handbook, Line, PenaltyText, RuleText, Term, Value
from communityrules.workbench.handbook.sentences import Sentences
from communityrules.workbench.handbook.telling import PublicPrinter
from communityrules.workbench.handbook.using import names, reached

_PARTICULARS: Final = (
    (tree.OnEvents, "on"), (tree.Every, "every"), (tree.If, "if"), (tree.Cooldown, "cooldown"),
    (tree.Overrides, "overrides"),
)  # fmt: skip
_CONSEQUENCES: Final = ((tree.FoundBy, "found_by"), (tree.Then, "then"))
#: The kinds of names that are explained, in this order.
_TERMS: Final[Mapping[type[Any], str]] = {
    tree.GroupDeclaration: "group", tree.PlaceDeclaration: "place", tree.CalendarDeclaration: "calendar",
    tree.ListDeclaration: "list", tree.PatternDeclaration: "pattern", tree.Definition: "define", tree.Metric: "metric",
    tree.StateDeclaration: "state",
}  # fmt: skip
_T = TypeVar("_T")
_NOT_IN_ANCHORS: Final = re.compile(r"[^\w.\-]+")


def read_handbook(
    source: Source,
    library: Library,
    read: Callable[[str], Source] | None,
    *,
    day: date | None = None,
    languages: tuple[Language, ...] = (),
    show_lists: bool = False,
) -> tuple[Handbook, ...]:
    """The handbook of a rulebook on one day, once in each language; in the rulebook's own when none is named.

    Without a day, that on which it was published; else the latest from which something in it holds. `read` opens the
    files that it names, as for `check`. RulesError when the rulebook has errors.
    """
    texts = read_texts(source, library, read)
    asked = languages or (texts.head.language,)
    return tuple(_Reading(source, texts, library, day, language, show_lists).handbook() for language in asked)


class _Reading:
    def __init__(
        self, source: Source, texts: Texts, library: Library, day: date | None, language: Language, show_lists: bool
    ) -> None:
        self._texts = texts
        self._days = Days(texts, day)
        self._language: Language = language
        table = LibraryNames(library)
        file = tree.File(texts.declarations, (), Span(source, 0, 0), language)
        self._printer = PublicPrinter(Words(file, table, language), show_lists)
        self._say = self._printer.say
        self._sentences = Sentences(texts, self._days, self._printer, table)
        self._current = {
            rule: version
            for rule, versions in texts.versions.items()
            if (version := self._days.current(versions)) is not None
        }
        self._anchors = _anchors("rule", self._current)
        self._penalties = _anchors("penalty", [one.name.text for one in self._of(tree.PenaltyDeclaration)])

    def _of(self, kind: type[_T]) -> list[_T]:
        return [one for one in self._texts.declarations if isinstance(one, kind)]

    def handbook(self) -> Handbook:
        rulebook = self._texts.rulebook
        return Handbook(
            language=self._language,
            own=self._language == self._texts.head.language,
            name=rulebook.name,
            purpose=rulebook.purpose or "",
            version=rulebook.version or "",
            digest=rulebook.digest,
            timezone=rulebook.timezone,
            published=self._days.published,
            day=self._days.day,
            review=self._review(),
            rules=tuple(self._rule(rule, version) for rule, version in self._current.items()),
            penalties=tuple(map(self._penalty, self._of(tree.PenaltyDeclaration))),
            duties=tuple(one for rule, version in self._current.items() for one in self._duties(rule, version)),
            powers=tuple(map(self._power, filter(_limits, self._texts.declarations))),
            parameters=tuple(map(self._parameter, self._of(tree.ParameterDeclaration))),
            terms=self._terms(),
            history=History(self._texts, self._days, self._sentences, self._anchors).all(),
        )

    # --- rules -------------------------------------------------------------------------------------------------

    def _rule(self, rule: str, version: Version) -> RuleText:
        text, words = version.text, self._printer.words
        first = self._texts.versions[rule][0]
        modality, review = text.get(tree.Modality), text.get(tree.ReviewBy)
        content, described = self._sentences.content(text)
        consequences = list(self._sentences.lines(text, _CONSEQUENCES))
        consequences += [Line(self._say("told"), one) for one in self._sentences.told(text)]
        consequences += [Line(self._say("require"), self._printer.body(one)) for one in text.requires]
        consequences += self._sentences.lines(text, ((tree.Responsible, "responsible"),))
        return RuleText(
            id=rule,
            anchor=self._anchors[rule],
            name=text.name.value if text.name is not None else "",
            content=content,
            described=described,
            modality=words.word(modality.kind) if modality is not None else "",
            applies_to=self._sentences.body(text, tree.AppliesTo) or words.word("everyone"),
            places=self._sentences.body(text, tree.InPlaces) or self._say("everywhere"),
            since=self._days.day_of(first.start),
            text_since=self._days.day_of(version.start),
            marks=tuple(self._marks(rule, version)),
            consequences=tuple(consequences),
            particulars=self._sentences.lines(text, _PARTICULARS),
            penalties=tuple(one for one in self._sentences.penalties(text) if one in self._penalties),
            review_by=review.day.value if review is not None else None,
        )

    def _marks(self, rule: str, version: Version) -> list[str]:
        marks = []
        if version.text.unfinished:
            marks.append(self._say("unfinished"))
        trial, day = version.text.get(tree.Trial), self._days.day
        if trial is not None and (day is None or day <= trial.through.value):
            marks.append(self._say("on_trial", day=trial.through.value.isoformat()))
        if version.grace_end is not None and self._days.within(None, version.grace_end):
            marks.append(self._say("in_grace", until=self._sentences.until(version.grace_end)))
        changes = (one.start for one in self._texts.versions[rule] if one.number > version.number)
        following = self._days.day_of(next(changes, None))
        if following is not None:
            marks.append(self._say("changes", day=following.isoformat()))
        last = self._texts.versions[rule][-1]
        if last.end is not None:
            marks.append(self._say("ends", day=self._days.last_before(last.end).isoformat()))
        return marks

    def _duties(self, rule: str, version: Version) -> list[DutyText]:
        text, sentences = version.text, self._sentences
        responsible = sentences.body(text, tree.Responsible)
        who = responsible or sentences.assigned(text) or self._say("whoever")
        when = [sentences.clause(text.by_kind[kind]) for kind in (tree.OnEvents, tree.Every) if kind in text.by_kind]
        return [
            DutyText(
                rule=rule,
                anchor=self._anchors[rule],
                who=who,
                when=self._printer.words.comma.join(when),
                what=sentences.owed(one),
                more=sentences.besides(one),
                if_late=self._printer.consequences(one.if_late) if one.if_late else "",
            )
            for one in text.requires
        ]

    def _review(self) -> tuple[date, tuple[str, ...]] | None:
        """The first review that is not over, of the texts that are in force when it is due."""
        due: dict[date, list[str]] = {}
        for rule, versions in self._texts.versions.items():
            for one in versions:
                review = one.text.get(tree.ReviewBy)
                if review is None or (self._days.day is not None and review.day.value < self._days.day):
                    continue
                moment = self._days.midnight(review.day.value)
                if self._days.within(one.start, one.end, moment) and rule not in due.get(review.day.value, ()):
                    due.setdefault(review.day.value, []).append(rule)
        return min(((day, tuple(rules)) for day, rules in due.items()), default=None)

    # --- what stands beside the rules --------------------------------------------------------------------------

    def _penalty(self, one: tree.PenaltyDeclaration) -> PenaltyText:
        words = self._printer.words
        steps: list[Line] = []
        notes: list[str] = []
        for line in one.lines:
            printed = self._printer.line(line)
            if isinstance(line, tree.PenaltyStep):
                done = self._printer.consequences(line.actions)
                steps.append(Line(printed.removesuffix(done).rstrip().removesuffix(":"), done))
            else:
                notes.append(printed)
        counted = self._say("counted", length=words.length(one.over)) if one.over else self._say("counted_all")
        several = len(steps) > 1 or any(
            isinstance(line, tree.PenaltyStep) and line.when != "always" for line in one.lines
        )
        anchor = self._penalties[one.name.text]
        return PenaltyText(one.name.text, anchor, counted if several else "", tuple(steps), tuple(notes))

    def _power(self, one: tree.Declaration) -> str:
        """A power without its word: who may do what. What limits the rules themselves keeps its own."""
        said = self._printer.block(one).head
        return said.removeprefix(self._printer.words.word("power")).lstrip() if isinstance(one, tree.Power) else said

    def _parameter(self, one: tree.ParameterDeclaration) -> Value:
        name, now = one.name.text, self._days.value(one)
        every = tuple(
            (value.start.value if value.start is not None else None, self._sentences.value(name, value))
            for value in one.values
        )
        return Value(name, self._sentences.value(name, now) if now is not None else None, every)

    def _terms(self) -> tuple[Term, ...]:
        """The names that the rules in force speak of, by kind."""
        parts = [(tuple(one.text.by_kind.values()), one.text.requires) for one in self._current.values()]
        spoken = [*parts, *self._of(tree.PenaltyDeclaration), *filter(_limits, self._texts.declarations)]
        found = reached(spoken, self._texts.declarations)
        terms = [
            Term(self._say(kind), one.name.text, self._meaning(one))
            for type_, kind in _TERMS.items()
            for one in found
            if isinstance(one, type_)
        ]
        own = {one.name.text for one in self._of(tree.GroupDeclaration)}
        if STAFF not in own and any(STAFF in names(part) for part in (*spoken, *found)):
            roles = self._printer.words.listed(STAFF_ROLES)
            terms.insert(0, Term(self._say("group"), STAFF, self._say("staff_means", roles=roles)))
        return tuple(terms)

    def _meaning(self, one: tree.Declaration) -> str:
        printer, words = self._printer, self._printer.words
        match one:
            case tree.GroupDeclaration() | tree.Definition():
                return printer.expression(one.condition)
            case tree.Metric():
                return printer.expression(one.value)
            case tree.PlaceDeclaration():
                if one.condition is not None:
                    return printer.expression(one.condition)
                return words.listed(each.value for each in one.channels)
            case tree.CalendarDeclaration():
                return "\n".join(printer.line(line) for line in one.lines)
            case tree.ListDeclaration():
                items = self._texts.rulebook.lists[one.name.text].items
                number = printer.number_of("one_entry", "entries", len(items))
                return f"{number}: {words.listed(items)}" if printer.open_words else number
            case tree.PatternDeclaration():
                return words.constant(one.regex) if printer.open_words else self._say("a_pattern")
            case tree.StateDeclaration():
                return words.listed(each.text for each in one.values)
            case _:
                return ""


def _limits(one: tree.Declaration) -> bool:
    return isinstance(one, tree.Power | tree.Breaker)


def _anchors(kind: str, names: Mapping[str, object] | list[str]) -> dict[str, str]:
    """A place in the page for each name: alike in every language, and no two the same."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        plain = f"{kind}-{_NOT_IN_ANCHORS.sub('-', name)[:60].strip('-') or '_'}"
        anchor, number = plain, 1
        while anchor in taken:
            number += 1
            anchor = f"{plain}-{number}"
        taken.add(anchor)
        found[name] = anchor
    return found
