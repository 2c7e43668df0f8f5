"""Reading facts of the event at hand: one local for each field that a generated function reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from communityrules.checker.checked import FieldRef
from communityrules.compiler.runtime import in_force, number
from communityrules.compiler.writer import Writer
from communityrules.model.event import Member

ENVELOPE: Final = frozenset({"id", "time", "type", "community", "channel", "place"})
TARGET: Final = frozenset({"message", "member", "case", "rule"})
PERSON: Final = frozenset({"id", "name", "roles", "joined", "points"})
MESSAGE: Final = frozenset({"id", "text", "reply_to", "topic", "attachments"})
#: What a value of a kind is passed through where its class was not checked before.
_COERCE: Final = {"number": "number", "boolean": "flag", "text": "words"}


def now(w: Writer) -> str:
    """The judged instant."""
    return w.load("now", "now = event.time")


def subject(w: Writer) -> str:
    """The member whom the event is about, or None."""
    if w.plan.sender_is_subject:
        return w.load("member", "member = event.subject", "if member is None: member = event.member")
    return w.load("member", "member = event.subject")


def sender(w: Writer) -> str:
    return w.load("sender", "sender = event.member")


def whom(w: Writer) -> str:
    """The member that the event's target names, or None."""
    return w.load("aimed", "aimed = event.aimed")


#: By the root of a field, the member it is read from.
_WHO: Final[Mapping[str, Callable[[Writer], str]]] = {"member": subject, "sender": sender, "whom": whom}


def message(w: Writer) -> str:
    """The message that the event is about, or None."""
    if w.plan.sender_is_subject:
        return w.load("message", "message = event.subject_message", "if message is None: message = event.message")
    return w.load("message", "message = event.subject_message")


def text(w: Writer) -> str:
    """The text of the message that the event is about, or None."""
    source = message(w)
    return w.load("text", f"text = {source}.text if {source} is not None else None")


def read(w: Writer, ref: FieldRef) -> str:
    """A local that holds the field's value; None when the fact is absent."""
    root, name = ref.root, ref.name
    if root == "label":
        return _label(w, ref)
    if root == "named":
        return _named(w, ref)
    if ref.custom:
        return _custom(w, ref)
    if root == "event" and name in ENVELOPE:
        return now(w) if name == "time" else w.load(f"event_{name}", f"event_{name} = event.{name}")
    if root in _WHO:
        return _person(w, ref)
    if root == "message":
        return _message(w, ref)
    if root == "target" and name in TARGET:
        return w.load(f"target_{name}", f"target_{name} = event.target.{name}")
    return _custom(w, ref)


def _person(w: Writer, ref: FieldRef) -> str:
    who = _WHO[ref.root](w)
    local = f"{who}_{ref.name}"
    if ref.name in PERSON:
        return w.load(local, f"{local} = {who}.{ref.name} if {who} is not None else None")
    if ref.name == "tenure":
        at = now(w)
        return w.load(
            local,
            f"{local} = {who}.joined if {who} is not None else None",
            f"if {local} is not None: {local} = {at} - {local}",
        )
    if ref.name == "labels":
        at = now(w)
        return w.load(local, f"{local} = in_force({who}.labels, {at}) if {who} is not None else None")
    return _custom(w, ref)


def _named(w: Writer, ref: FieldRef) -> str:
    """What is known of the member whom another field names: asked where it is read, never before."""
    by = ref.by
    assert by is not None

    def who(inner: Writer) -> str:
        return inner.applied("facts.member", read(inner, by))

    def write(inner: Writer) -> str:
        person = inner.shared(("person", by), who)
        what = inner.program.make(("part", ref.name, ref.custom, ref.type.kind), lambda: _part_of(ref))
        return f"call({what}, {person}, {now(inner)})"

    return w.shared(ref, write)


def _part_of(ref: FieldRef) -> Callable[[Member, int], object]:
    name = ref.name
    if ref.custom:
        coerce = number if ref.type.kind == "number" else _as_it_is
        return lambda who, _: coerce(who.fields.get(name))
    if name == "tenure":
        return lambda who, now: None if who.joined is None else now - who.joined
    if name == "labels":
        return lambda who, now: in_force(who.labels, now)
    return lambda who, _: getattr(who, name)


def _as_it_is(value: object) -> object:
    return value


def _message(w: Writer, ref: FieldRef) -> str:
    source = message(w)
    if ref.name == "text":
        return text(w)
    if ref.name == "length":
        whole = text(w)
        return w.load("length", f"length = len({whole}) if {whole} is not None else None")
    if ref.name in MESSAGE:
        local = f"message_{ref.name}"
        return w.load(local, f"{local} = {source}.{ref.name} if {source} is not None else None")
    return _custom(w, ref)


def labels(w: Writer) -> str:
    """What came with the message."""
    return w.load("labels", f"labels = {message(w)}.labels if {message(w)} is not None else {{}}")


def _label(w: Writer, ref: FieldRef) -> str:
    given = _entry(w, labels(w), ref)
    if ref.name not in w.program.library.scores:
        return given
    name = w.program.constant(ref.name)
    # A label that came with the event is never asked for again, even one of another type than was promised.
    asked = f"scores.of({name}, event, {message(w)})"
    return f"({given} if labels.get({name}) is not None else {asked})"


def _custom(w: Writer, ref: FieldRef) -> str:
    """A field that stands in a mapping: declared in the rulebook, or of an event's own."""
    if ref.root in _WHO:
        who = _WHO[ref.root](w)
        owner = w.load(f"{who}_fields", f"{who}_fields = {who}.fields if {who} is not None else {{}}")
    elif ref.root == "message":
        owner = w.load("message_fields", f"message_fields = {message(w)}.fields if {message(w)} is not None else {{}}")
    else:
        owner = w.load("own", "own = event.fields")
    return _entry(w, owner, ref)


def _entry(w: Writer, owner: str, ref: FieldRef) -> str:
    # A number for each name and kind: the name itself may be in any script.
    local = f"{owner}_{w.program.number((ref.name, ref.type.kind))}"
    key = w.program.make(("name", ref.name), lambda: ref.name)
    lines = [f"{local} = {owner}.get({key})"]
    coerce = _COERCE.get(ref.type.kind)
    if coerce == "number":
        # Most numbers are whole.
        lines.append(f"if {local}.__class__ is not int and {local} is not None: {local} = number({local})")
    elif coerce is not None and ref.root == "label":
        lines.append(f"if {local} is not None: {local} = {coerce}({local})")
    return w.load(local, *lines)
