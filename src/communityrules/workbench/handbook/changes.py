"""The change history of a rulebook: every dated change, newest first, with the texts before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from communityrules.checker.clauses import Clauses
from communityrules.checker.texts import Texts
from communityrules.checker.versions import Version
from communityrules.language import tree
from communityrules.workbench.handbook.days import Days, day_after
from communityrules.workbench.handbook.parts import Change, Changes, Difference
from communityrules.workbench.handbook.sentences import Sentences

#: What is compared of two texts of a rule, in the order in which it is told.
_COMPARED: tuple[tuple[type[tree.Clause], str], ...] = (
    (tree.Content, "content"), (tree.Modality, "modality"), (tree.AppliesTo, "applies_to"), (tree.InPlaces, "where"),
    (tree.Responsible, "responsible"), (tree.OnEvents, "on"), (tree.Every, "every"), (tree.If, "if"),
    (tree.FoundBy, "found_by"), (tree.Then, "then"), (tree.Require, "require"), (tree.Cooldown, "cooldown"),
    (tree.Overrides, "overrides"), (tree.Trial, "trial"), (tree.ReviewBy, "review_by"),
)  # fmt: skip
_Dated = tuple[date, Change]


class History:
    """Finds the changes of one rulebook. `anchors`: where rules stand in the handbook, of those that do."""

    def __init__(self, texts: Texts, days: Days, sentences: Sentences, anchors: Mapping[str, str]) -> None:
        self._texts = texts
        self._days = days
        self._sentences = sentences
        self._say = sentences.printer.say
        self._anchors = anchors
        self._repeals = {
            (one.rule.text, one.start.value)
            for one in texts.declarations
            if isinstance(one, tree.Repeal) and one.start is not None
        }

    def all(self) -> tuple[Changes, ...]:
        """By day, newest first; of one day in the order of the text, what was published before all."""
        found: dict[date, list[Change]] = {}
        for day, change in self._found():
            found.setdefault(day, []).append(change)
        newest = sorted(found, reverse=True)
        return tuple(Changes(day, self._days.is_coming(day), tuple(found[day])) for day in newest)

    def _found(self) -> Iterator[_Dated]:
        yield from self._published()
        for rule, versions in self._texts.versions.items():
            if versions:
                yield from self._rule(rule, versions)
        templates: dict[str, list[tree.TemplateDeclaration]] = {}
        for one in self._texts.declarations:
            if isinstance(one, tree.ParameterDeclaration):
                yield from self._parameter(one)
            elif isinstance(one, tree.TemplateDeclaration):
                templates.setdefault(one.name.text, []).append(one)
        for listed in templates.values():
            yield from self._template(listed)

    def _published(self) -> Iterator[_Dated]:
        day, head = self._days.published, self._texts.head
        if day is None:
            return
        what = self._say("first_version", version=head.version) if head.version else self._say("first_published")
        first = [rule for rule, versions in self._texts.versions.items() if versions and self._from_start(versions)]
        listed = self._sentences.words.listed(first)
        yield day, Change("", "", what, (), (self._say("first_rules", rules=listed),) if first else ())

    def _from_start(self, versions: tuple[Version, ...]) -> bool:
        """Whether a rule holds since the rulebook was published."""
        return versions[0].start is not None and versions[0].start == self._texts.head.published

    # --- rules -------------------------------------------------------------------------------------------------

    def _rule(self, rule: str, versions: tuple[Version, ...]) -> Iterator[_Dated]:
        first = versions[0]
        if (start := self._days.day_of(first.start)) is not None:
            trial = self._trial(first)
            if not self._from_start(versions) or trial:
                yield start, self._change(rule, "begins", self._from_nothing(first.text), trial)
        yield from self._trial_over(rule, first)
        for before, after in pairwise(versions):
            day = self._days.day_of(after.start)
            assert day is not None, "an amendment has its day"
            differences = self.differences(before.text, after.text)
            notes = self._trial(after) if after.text.get(tree.Trial) != before.text.get(tree.Trial) else ()
            if after.grace_end is not None:
                notes = (*notes, self._say("in_grace", until=self._sentences.until(after.grace_end)))
            yield day, self._change(rule, "amended", differences, notes)
            yield from self._trial_over(rule, after)
            if after.grace_end is not None and (over := self._days.day_of(after.grace_end)) is not None:
                yield over, self._change(rule, "grace_over")
        yield from self._end(rule, versions[-1])

    def _change(
        self, rule: str, what: str, differences: tuple[Difference, ...] = (), notes: tuple[str, ...] = (), **said: str
    ) -> Change:
        return Change(rule, self._anchors.get(rule, ""), self._say(what, **said), differences, notes)

    def _from_nothing(self, text: Clauses) -> tuple[Difference, ...]:
        content, _ = self._sentences.content(text)
        return (Difference(self._say("content"), None, content),)

    def _trial(self, version: Version) -> tuple[str, ...]:
        trial = version.text.get(tree.Trial)
        if trial is None or not self._tried(version, trial):
            return ()
        return (self._say("on_trial", day=trial.through.value.isoformat()),)

    def _tried(self, version: Version, trial: tree.Trial) -> bool:
        """Whether a text is on trial at all, for one that follows another may come after it."""
        return version.start is None or self._days.midnight(trial.through.value) >= version.start

    def _trial_over(self, rule: str, version: Version) -> Iterator[_Dated]:
        trial = version.text.get(tree.Trial)
        if trial is None or not self._tried(version, trial):
            return
        day = day_after(trial.through.value)
        if day is not None and self._days.within(version.start, version.end, self._days.midnight(day)):
            yield day, self._change(rule, "trial_over")

    def _end(self, rule: str, version: Version) -> Iterator[_Dated]:
        day = self._days.day_of(version.end)
        if day is None or version.end is None:
            return
        content, _ = self._sentences.content(version.text)
        gone = (Difference(self._say("content"), content, None),)
        if (rule, day) in self._repeals:
            yield day, self._change(rule, "repealed", gone)
        else:
            last = self._days.last_before(version.end).isoformat()
            yield day, self._change(rule, "over", gone, day=last)

    def differences(self, before: Clauses, after: Clauses) -> tuple[Difference, ...]:
        """What two texts of a rule say differently, clause by clause."""
        found = []
        for kind, label in _COMPARED:
            old, new = (self._clause(text, kind) for text in (before, after))
            if old != new:
                found.append(Difference(self._say(label), old, new))
        return tuple(found)

    def _clause(self, text: Clauses, kind: type[tree.Clause]) -> str | None:
        printer = self._sentences.printer
        if kind is tree.Require:
            return "\n".join(map(printer.body, text.requires)) or None
        clause = text.get(kind)
        if clause is None:
            return None
        return clause.text.value if isinstance(clause, tree.Content) else printer.body(clause)

    # --- parameters and messages -------------------------------------------------------------------------------

    def _parameter(self, one: tree.ParameterDeclaration) -> Iterator[_Dated]:
        before: str | None = None
        for value in one.values:
            after = self._sentences.value(one.name.text, value)
            if value.start is not None:
                what = "parameter_set" if before is None else "parameter_changed"
                difference = Difference(self._say("value"), before, after)
                yield value.start.value, self._change("", what, (difference,), name=one.name.text)
            before = after

    def _template(self, listed: list[tree.TemplateDeclaration]) -> Iterator[_Dated]:
        before: str | None = None
        ordered = sorted(listed, key=lambda one: one.start.value if one.start is not None else date.min)
        for place, one in enumerate(ordered):
            name, after = one.name.text, self._sentences.message(one)
            if one.start is not None:
                difference = Difference(self._say("content"), before, after)
                yield one.start.value, self._change("", "message_changed", (difference,), name=name)
            before = after
            following = ordered[place + 1].start if place + 1 < len(ordered) else None
            over = day_after(one.end.value) if one.end is not None else None
            if over is not None and (following is None or following.value != over):
                difference = Difference(self._say("content"), before, None)
                yield over, self._change("", "message_over", (difference,), name=name)
                before = None
