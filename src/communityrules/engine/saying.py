"""What a text to people says of the event at hand, as people read it.

A fact is read when the action is settled on its event, so that what a duty or a case says later is what was so then;
a parameter has the value of when the text is sent. A fact that is absent, or empty, is a dash.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from communityrules.checker import checked
from communityrules.compiler.reasons import reason_of
from communityrules.engine import members
from communityrules.engine.confiding import owner
from communityrules.engine.spelling import ABSENT, moment, spell
from communityrules.library.actions import ACTIONS
from communityrules.library.declare import Names
from communityrules.library.events import EVENTS, heard_by
from communityrules.library.masking import masked
from communityrules.model.decision import RuleFailure
from communityrules.model.event import Event
from communityrules.model.values import TEXT
from communityrules.stores.errors import StoreError

if TYPE_CHECKING:
    from communityrules.engine.turn import Turn

#: What stands in a published text for who a member is, and for what people wrote; in English and in Chinese.
A_MEMBER: Final = ("a member", "某成员")
LEFT_OUT: Final = ("[left out]", "[从略]")
#: By placeholder, what is to be read there in English and in Chinese; of what is confidential also whose it is
#: (nobody's: empty) and the groups that may see it.
Said = Mapping[str, list[str]]

_NOTHING: Final[Said] = {}
_LANGUAGES: Final = ("en", "zh")


def fills_of(action: checked.Action, rulebook: checked.Rulebook) -> tuple[checked.Fill, ...]:
    """The facts that an action's text or template says."""
    if action.fills:
        return action.fills
    name = action.arguments.get("template")
    template = rulebook.templates.get(name) if isinstance(name, str) else None
    return template.fills if template is not None else ()


def say(action: checked.Action, event: Event | None, turn: Turn) -> Said:
    """What an action's text says on an event, by placeholder; nothing for most."""
    fills = fills_of(action, turn.book.rulebook)
    if not fills:
        return _NOTHING
    public = action.do == "publish"
    said = {one.name: [_spelt(one, event, turn, language, public) for language in _LANGUAGES] for one in fills}
    if turn.book.confidence and event is not None:
        for one in fills:
            if isinstance(one.value, checked.FieldRef):
                may = turn.book.confidence.of(one.value, event.type)
                if may:
                    said[one.name] += [owner(one.value, event) or "", *may]
    return said


def _spelt(fill: checked.Fill, event: Event | None, turn: Turn, language: str, public: bool) -> str:
    value = fill.value
    if isinstance(value, checked.Const):
        return spell(value.value, value.type, language)
    found = _read(fill, event, turn)
    if found is None:
        return ABSENT
    instead = _unpublished(value, found, event) if public else None
    if instead is not None:
        return instead[language == "zh"]
    hidden = _people(event, turn) if public else ()
    if isinstance(found, str):
        word = _word(fill, found)
        found = getattr(word, language) if word is not None else _covered(fill, found, hidden, language)
    elif isinstance(found, tuple):
        found = tuple(_covered(fill, one, hidden, language) if isinstance(one, str) else one for one in found)
    type_ = value.type if isinstance(value, checked.FieldRef | checked.StateRef) else TEXT
    if type_.kind == "instant" and isinstance(found, int):
        return moment(found, turn.book.rulebook.timezone)
    return spell(found, type_, language) or ABSENT


def _covered(fill: checked.Fill, text: str, hidden: tuple[str, ...], language: str) -> str:
    """A text with personal data covered, and with the people who are not to be named left out."""
    if isinstance(fill.value, checked.FieldRef) and fill.value.name not in _IDS:
        for one in hidden:
            text = _name(one).sub(A_MEMBER[language == "zh"], text)
    return masked(text)


def _name(name: str) -> re.Pattern[str]:
    """Finds a name where it stands by itself; in scripts without spaces that cannot be told, so wherever it stands."""
    letter = r"\w" if len(name) == 1 else "[0-9A-Za-z_]"
    before = rf"(?<!{letter})" if re.match(letter, name) else ""
    after = rf"(?!{letter})" if re.match(letter, name[-1]) else ""
    return re.compile(before + re.escape(name) + after)


def _unpublished(value: checked.Expression, found: Any, event: Event | None) -> tuple[str, str] | None:
    """What stands in a published text for who somebody is and for what people wrote."""
    if not isinstance(value, checked.FieldRef):
        return None
    if value.type.kind == "member":
        group = event.subject_group if event is not None else None
        return None if found == group and group is not None else A_MEMBER
    if value.type.kind == "message":
        return LEFT_OUT
    if value.root in checked.OF_MEMBERS:
        if value.name in ("id", "name"):
            return A_MEMBER
        return LEFT_OUT if value.type.kind in _PERSONAL else None
    written = (value.root == "message" and value.name != "topic") or (value.root == "own" and value.name in _WRITTEN)
    return LEFT_OUT if written and value.type.kind in _PERSONAL else None


def _people(event: Event | None, turn: Turn) -> tuple[str, ...]:
    """The ids and names of those who have to do with an event, longest first."""
    if event is None:
        return ()
    known = [one for one in (event.member, event.subject, event.aimed, *event.described) if one is not None]
    named = [event.target.member, *(one for one in event.fields.values() if isinstance(one, str))]
    known += [members.find(turn.tx, one) for one in named if one is not None and members.record(turn.tx, one)]
    return tuple(
        sorted({part for one in known for part in (one.id, one.name) if part}, key=lambda one: (-len(one), one))
    )


def _read(fill: checked.Fill, event: Event | None, turn: Turn) -> Any:
    if event is None:
        if isinstance(fill.value, checked.FieldRef):
            return None
        event = Event("", turn.now, "", turn.tx.community)
    if fill.event is not None and event.type not in heard_by(fill.event) and event.heard_as != fill.event:
        return None
    try:
        return turn.book.evaluator.value(fill.value, event, turn.judge.facts(event))
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001  # an extension's score may raise anything, and stops no text
        turn.parts.errors.append(RuleFailure("", "", 0, reason_of(error, fill.name)))
        return None


def _word(fill: checked.Fill, found: str) -> Names | None:
    """The word of the language that a fact names, if it names one: a case is `approved`, a sanction a `mute`."""
    ref = fill.value
    assert isinstance(ref, checked.FieldRef | checked.StateRef)
    if isinstance(ref, checked.StateRef):
        return None
    if ref.root == "event" and ref.name == "type":
        declared = EVENTS.get(found)
        return declared.names if declared is not None else None
    words = _WORDS.get((fill.event or "", ref.name)) if ref.root == "own" else None
    return words.get(found) if words is not None else None


#: The kinds of values that tell who somebody is, or are somebody's words.
_PERSONAL: Final = frozenset({"text", "date", "list"})
#: Fields of the library's events that people write themselves; and ids that are nobody's.
_WRITTEN: Final = frozenset({"before", "answers", "name", "bio", "avatar"})
_IDS: Final = frozenset({"id", "case", "rule", "sanction", "community"})
_RESULTS: Final = {
    "approved": Names("approved", "通过"),
    "rejected": Names("rejected", "驳回"),
    "expired": Names("expired", "过期"),
}
_DONE: Final = {name: one.names for name, one in ACTIONS.items()}
_OWED: Final = {name: one.names for name, one in EVENTS.items()}
#: By event type and field, the words that its values are.
_WORDS: Final[Mapping[tuple[str, str], Mapping[str, Names]]] = {
    ("settled", "result"): _RESULTS,
    ("sanctioned", "kind"): _DONE,
    ("staff_action", "action"): _DONE,
    ("late", "duty"): _OWED,
    ("met", "duty"): _OWED,
}
