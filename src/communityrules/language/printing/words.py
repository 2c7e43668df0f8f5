"""Spelling of words, names and constants in one language."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import assert_never

from communityrules.language.keywords import Language, keyword_table
from communityrules.language.limits import EXACT
from communityrules.language.names import NameKind, NameTable
from communityrules.language.scan import QUOTES, normal_letters
from communityrules.language.tree import (
    Allowance,
    Amend,
    Breaker,
    Confidential,
    Day,
    Declaration,
    Duration,
    DurationRange,
    EventType,
    File,
    Flag,
    Forever,
    Header,
    LabelTypes,
    MemberFields,
    Moment,
    Name,
    Number,
    Path,
    Power,
    Regex,
    Repeal,
    Rule,
    RuleId,
    StateDeclaration,
    Test,
    Text,
    TimeOfDay,
    Use,
)  # fmt: skip

#: Declarations whose doings are told under their own word as the number of a rule.
_ACTING = frozenset({"power", "breaker", "leaderboard"})
_BARE_ID = re.compile(r"\w+(?:[.\-/]\w+)*")
_QUOTE_LETTERS = "".join(sorted({*QUOTES, *QUOTES.values()}))
#: A backslash that would be read as the beginning of an escape.
_ESCAPING = re.compile(rf"\\(?=[\\ntr\n\t\r{_QUOTE_LETTERS}]|\Z)")
_CONTROL = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


class Words:
    """What everything is called in the language that is printed."""

    def __init__(self, file: File, names: NameTable, language: Language, imported: Collection[str] = ()) -> None:
        self.language: Language = language
        self.chinese = language == "zh"
        self.names = names
        self._table = keyword_table()
        self._own: set[str] = set(imported)
        #: Fields that the file declares, with the entity that they are or None, by owner.
        self._fields: dict[str, dict[str, str | None]] = {}
        self._rules: set[str] = set()
        #: What has been spelt already, of the thousands of times that a large rulebook asks.
        self._words: dict[str, str] = {}
        self._spelt: dict[tuple[str, str], str] = {}
        self._paths: dict[tuple[str, tuple[NameKind, ...], str | None], str] = {}
        self._english: dict[str, str] = {}
        for one in file.declarations:
            self._learn(one)

    def _learn(self, one: Declaration) -> None:
        """Names that the file declares are the writer's: they stay as they are."""
        match one:
            case MemberFields():
                self._learn_fields("member", one)
            case EventType():
                self._learn_fields(self.names.entity(one.name.text) or one.name.text, one)
            case Rule():
                self._rules.add(one.id.text)
            case _:
                self._own.update(own_names(one))

    def _learn_fields(self, owner: str, one: MemberFields | EventType) -> None:
        known = self._fields.setdefault(owner, {})
        for field in one.fields:
            known[field.name.text] = field.type.kind if field.type.kind in ("member", "message") else None

    # --- words of the language -------------------------------------------------------------------------------

    def word(self, id_: str) -> str:
        """A syntax word."""
        found = self._words.get(id_)
        if found is None:
            found = self._words[id_] = self._table.spell(id_, self.language)
        return found

    def shared(self, section: str, id_: str) -> str:
        """A window, weekday or type."""
        return self._table.entry(section, id_).spellings(self.language)[0]

    def column(self, id_: str) -> str:
        """The head of a table's column."""
        if self._table.has("columns", id_):
            return self.shared("columns", id_)
        return self.word(id_)

    def listed(self, items: Iterable[str]) -> str:
        """Texts and names one after the other."""
        return ("、" if self.chinese else ", ").join(items)

    @property
    def comma(self) -> str:
        """Between actions, and before what belongs to them."""
        return "," if self.chinese else ", "

    # --- names -----------------------------------------------------------------------------------------------

    def name(self, kind: NameKind, name: Name) -> str:
        """A name of the library in its spelling; a name of the writer as it is."""
        return self.spelling(kind, name.text)

    def spelling(self, kind: NameKind, text: str) -> str:
        found = self._spelt.get((kind, text))
        if found is None:
            own = kind == "group" and text in self._own
            found = self._spelt[kind, text] = text if own else self.names.translate(kind, text, self.language)
        return found

    def english(self, action: str) -> str:
        """The English name of an action of the library."""
        found = self._english.get(action)
        if found is None:
            found = self._english[action] = self.names.translate("action", action, "en")
        return found

    def path(self, path: Path, kinds: tuple[NameKind, ...], parent: str | None = None) -> str:
        """A dotted name; alone, it may be a name of any of these kinds. `parent` is as for `NameTable.translate`."""
        first = path.parts[0].text
        if first in self._own:
            return path.text
        key = (first if len(path.parts) == 1 else path.text, kinds, parent)
        found = self._paths.get(key)
        if found is None:
            found = self._paths[key] = self._path(path, first, kinds, parent)
        return found

    def _path(self, path: Path, first: str, kinds: tuple[NameKind, ...], parent: str | None) -> str:
        if len(path.parts) == 1:
            for kind in kinds:
                found = self.names.translate(kind, first, self.language, parent)
                if found != first or self.names.translate(kind, first, self._other, parent) != first:
                    return found
            return first
        opening = self.names.translate("entity", first, self.language)
        return ".".join([opening, *self.fields(self.names.entity(first) or first, path.parts[1:])])

    def fields(self, owner: str | None, parts: tuple[Name, ...]) -> list[str]:
        """Fields, each of what the one before it stands for."""
        printed = []
        for part in parts:
            declared = self._fields.get(owner or "", {})
            if owner is None:
                printed.append(part.text)
            elif part.text in declared:
                printed.append(part.text)
                owner = declared[part.text]
            else:
                printed.append(self.names.translate("field", part.text, self.language, owner))
                owner = self.names.entity(part.text, owner)
        return printed

    @property
    def _other(self) -> Language:
        return "en" if self.chinese else "zh"

    # --- constants -------------------------------------------------------------------------------------------

    def text(self, text: Text) -> str:
        return quoted(text.value)

    def rule_id(self, id_: RuleId) -> str:
        """The number of a rule; the reserved `mute` like the action, others like what declares them."""
        text = id_.text
        if text not in self._rules and self.english(text) == "mute":
            return self.names.translate("action", text, self.language)
        if text not in self._rules and self._table.meaning("declarations", text) in _ACTING:
            return self.word(str(self._table.meaning("declarations", text)))
        usual = (text.isascii() and text.isdecimal()) or (_BARE_ID.fullmatch(text) and normal_letters(text) == text)
        return text if usual and not self._table.is_word(text) else quoted(text)

    def number(self, number: Number) -> str:
        if number.percent:
            return f"{number.value.scaleb(2, EXACT):f}%"
        return f"{number.value:f}"

    def how_many(self, number: Number | Name) -> str:
        """A number, or the parameter that says it."""
        return number.text if isinstance(number, Name) else self.number(number)

    def length(self, length: Duration | Name) -> str:
        """A length of time, or the parameter that says it."""
        return length.text if isinstance(length, Name) else self.duration(length)

    def duration(self, duration: Duration) -> str:
        return self._length(f"{duration.amount:f}", duration)

    def period(self, duration: Duration) -> str:
        """A length after `every`, which is one when no number is written."""
        if duration.amount != 1:
            return self.duration(duration)
        unit = self._table.entry("units", duration.unit)
        return (unit.bare or unit.zh[0]) if self.chinese else unit.en[0]

    def _length(self, amount: str, duration: Duration) -> str:
        unit = self._table.entry("units", duration.unit)
        if self.chinese:
            return f"{amount}{unit.zh[0]}"
        return f"{amount} {unit.en[0] if duration.amount == Decimal(1) else unit.en[1]}"

    def constant(
        self,
        value: Text | Number | Duration | DurationRange | Forever | Day | TimeOfDay | Moment | Flag | Regex | Allowance,
    ) -> str:
        match value:
            case Text():
                return self.text(value)
            case Number():
                return self.number(value)
            case Duration():
                return self.duration(value)
            case DurationRange():
                return f"{value.low:f} {self.word('to')} {self.duration(value.high)}"
            case Allowance():
                return f"{self.how_many(value.number)} {self.shared('windows', value.unit)}"
            case Forever():
                return self.word("forever")
            case Day():
                return value.value.isoformat()
            case TimeOfDay():
                clock = f"{value.minutes // 60:02}:{value.minutes % 60:02}"
                return f"{clock}:{value.seconds:02}" if value.seconds else clock
            case Moment():
                return f"{self.constant(value.day)} {self.constant(value.time)}"
            case Flag():
                return self.word("true" if value.value else "false")
            case Regex():
                return f"/{value.pattern}/"
            case _:
                assert_never(value)


def quoted(value: str) -> str:
    """A text between straight quotes, with backslashes where it could be read as another."""
    escaped = _ESCAPING.sub(r"\\\\", value) if "\\" in value else value
    if '"' in escaped:
        escaped = escaped.replace('"', '\\"')
    if escaped.isprintable():
        return f'"{escaped}"'
    for letter, escape in _CONTROL.items():
        escaped = escaped.replace(letter, escape)
    return f'"{escaped}"'


def own_names(one: Declaration) -> tuple[str, ...]:
    """The names that a declaration makes the writer's own, whatever the library calls so."""
    match one:
        case StateDeclaration():
            return (one.name.text, *(value.text for value in one.values))
        case (
            Header()
            | MemberFields()
            | LabelTypes()
            | EventType()
            | Rule()
            | Use()
            | Power()
            | Breaker()
            | Confidential()
            | Amend()
            | Repeal()
            | Test()
        ):
            return ()
        case _:
            return (one.name.text,)
