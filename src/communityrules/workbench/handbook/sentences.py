"""What rules, messages and values say, in sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from communityrules.checker.clauses import Clauses
from communityrules.checker.texts import Texts
from communityrules.language import tree
from communityrules.language.names import NameTable
from communityrules.language.printing.words import Words
from communityrules.model.zones import format_instant
from communityrules.workbench.handbook.days import Days
from communityrules.workbench.handbook.parts import Line
from communityrules.workbench.handbook.telling import PublicPrinter
from communityrules.workbench.handbook.using import nodes

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
#: What stands in a message for a fact of an event.
_SOME: Final = "…"
#: What makes a rule's sentence where it has no content, in this order.
_SENTENCE: Final = (tree.OnEvents, tree.Every, tree.If, tree.FoundBy, tree.Then)


class Sentences:
    """Says what a rulebook says, in the words of one language."""

    def __init__(self, texts: Texts, days: Days, printer: PublicPrinter, names: NameTable) -> None:
        self.printer = printer
        self.words: Words = printer.words
        self._texts = texts
        self._days = days
        self._names = names
        self._parameters: dict[str, tree.ParameterDeclaration] = {}
        self._templates: dict[str, list[tree.TemplateDeclaration]] = {}
        for one in texts.declarations:
            if isinstance(one, tree.ParameterDeclaration):
                self._parameters[one.name.text] = one
            elif isinstance(one, tree.TemplateDeclaration):
                self._templates.setdefault(one.name.text, []).append(one)
        #: Parameters that hold a word which rules look for.
        self._sought = printer.sought(texts.declarations)

    def until(self, moment: int) -> str:
        """An instant as people write it: the day alone where it is that day's beginning."""
        text = format_instant(moment, self._texts.head.zone)
        return text[:10] if text[11:19] == "00:00:00" else f"{text[:10]} {text[11:16]}"

    # --- rules -------------------------------------------------------------------------------------------------

    def content(self, text: Clauses) -> tuple[str, bool]:
        """What a rule says; and whether that is a sentence made of its clauses, for want of a content."""
        content = text.get(tree.Content)
        if content is not None and content.text.value.strip():
            return content.text.value, False
        clauses = [text.by_kind[kind] for kind in _SENTENCE if kind in text.by_kind]
        said = self.words.comma.join([*map(self.clause, clauses), *map(self.printer.clause, text.requires)])
        return said or (text.name.value if text.name is not None else text.id.text), True

    def clause(self, clause: tree.Clause) -> str:
        if isinstance(clause, tree.If) and clause.condition is None:
            return self.printer.body(clause)
        return self.printer.clause(clause)

    def body(self, text: Clauses, kind: type[tree.Clause]) -> str | None:
        """A clause without its word; None when the rule has none of the kind."""
        clause = text.by_kind.get(kind)
        return None if clause is None else self.printer.body(clause)

    def lines(self, text: Clauses, kinds: tuple[tuple[type[tree.Clause], str], ...]) -> tuple[Line, ...]:
        """Clauses of some kinds, each under its label."""
        found = []
        for kind, label in kinds:
            said = self.body(text, kind)
            if said is not None:
                found.append(Line(self.printer.say(label), said))
        return tuple(found)

    def told(self, text: Clauses) -> list[str]:
        """The messages that a rule sends, as they are on the day."""
        asked = (text.get(tree.Then), *text.requires)
        named = [one.text for one in nodes(asked) if isinstance(one, tree.Name) and one.text in self._templates]
        found = (self._days.template(self._templates[name]) for name in dict.fromkeys(named))
        return [self.message(one) for one in found if one is not None]

    def penalties(self, text: Clauses) -> tuple[str, ...]:
        """The penalties that a rule leads to."""
        found: dict[str, None] = {}
        for one in nodes((text.get(tree.Then), *text.requires)):
            if isinstance(one, tree.Action) and self._action(one) == "penalty":
                found.update({part.value.text: None for part in one.arguments if isinstance(part.value, tree.Path)})
        return tuple(found)

    def assigned(self, text: Clauses) -> str | None:
        """Whom a rule assigns what it is about to."""
        for one in nodes(text.get(tree.Then)):
            if isinstance(one, tree.Action) and self._action(one) == "assign" and one.arguments:
                value = one.arguments[0].value
                if isinstance(value, tree.Path):
                    return self.words.path(value, ("group", "entity"))
        return None

    def _action(self, one: tree.Action) -> str:
        return self._names.translate("action", one.name.text, "en")

    # --- duties ------------------------------------------------------------------------------------------------

    def owed(self, one: tree.Require) -> str:
        """What a duty asks for, and by when."""
        return self.printer.body(replace(one, if_late=(), urgencies=(), reminders=()))

    def besides(self, one: tree.Require) -> tuple[str, ...]:
        """Deadlines by priority and reminders, one by one."""
        bare = replace(one, if_late=(), urgencies=(), reminders=())
        opening = len(self.printer.body(bare)) + len(self.words.comma)
        each = [
            *(replace(bare, urgencies=(urgency,)) for urgency in one.urgencies),
            *(replace(bare, reminders=(reminder,)) for reminder in one.reminders),
        ]
        return tuple(self.printer.body(part)[opening:] for part in each)

    # --- values and messages -----------------------------------------------------------------------------------

    def value(self, name: str, value: tree.DatedValue) -> str:
        """A value of a parameter; a word that rules look for is only counted."""
        if isinstance(value.value, tree.Text):
            return value.value.value if name not in self._sought else self.printer.covered(1)
        return self.words.constant(value.value)

    def message(self, one: tree.TemplateDeclaration) -> str:
        """The text of a message in the language of the handbook, with the parameters of the day filled in."""
        language = self.words.language
        text = next((each for each in one.texts if each.language == language), one.texts[0] if one.texts else None)
        return _PLACEHOLDER.sub(self._filled, text.text.value) if text is not None else ""

    def _filled(self, found: re.Match[str]) -> str:
        name = found.group(1).strip()
        declared = self._parameters.get(name)
        value = self._days.value(declared) if declared is not None else None
        return self.value(name, value) if value is not None else _SOME
