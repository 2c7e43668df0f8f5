"""From norms to rules: what can share one `on` and one `then` becomes one rule, the rest rules beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.drafting import penalties, said
from communityrules.tables.drafting.norms import EVERYONE, Norm, Norms, Scope, Strength
from communityrules.tables.making import NOWHERE

#: What is alike in many rules is made once.
_MODALITIES: Final[dict[Strength, tree.Modality]] = {
    "should": tree.Modality("should", NOWHERE),
    "advise_not": tree.Modality("should", NOWHERE),
    "must_not": tree.Modality("must_not", NOWHERE),
    "must": tree.Modality("must", NOWHERE),
    "may": tree.Modality("must", NOWHERE),
    "not_asked": tree.Modality("must", NOWHERE),
}
_PENALTY: Final = Bilingual("penalty_{id}", "处罚_{id}")
#: Actions that a rule which only advises may ask for.
_MILD: Final = frozenset({"remind", "flag", "award", "label", "notify"})


@dataclass(slots=True)
class Part:
    """One rule in the making."""

    norms: list[Norm] = field(default_factory=list)


@dataclass(slots=True)
class Built:
    """The rules of one row, and what they need."""

    rules: list[tree.Rule] = field(default_factory=list)
    needs: list[tree.Declaration] = field(default_factory=list)
    todos: list[str] = field(default_factory=list)
    assumed: list[Bilingual] = field(default_factory=list)


@dataclass(slots=True)
class Head:
    """What all rules of a row share."""

    id: str
    name: str
    content: str
    scope: Scope
    #: `effective` or `trial`, from the cell of dates.
    dates: tuple[tree.Clause, ...]
    #: Cells that were not understood.
    todos: tuple[str, ...]
    assumed: tuple[Bilingual, ...]
    language: Language


def build(head: Head, norms: Norms) -> Built:
    """The rules of one row: at least one, with the row's number; what does not fit beside it has a number after it."""
    built = Built()
    parts = _parts(norms)
    left = [one for one in norms.found if one.kind == "todo"]
    if not parts and norms.consequence is not None:
        parts = [Part([replace_any(norms.consequence)])]
    action = _consequence(head, norms, built) if norms.consequence is not None else ()
    if not parts:
        parts = [Part()]
    for number, part in enumerate(parts, start=1):
        built.rules.append(_rule(head, number, part, left if number == 1 else [], action, built))
    return built


def replace_any(norm: Norm) -> Norm:
    """What follows a breach, where the row itself forbids nothing: it follows any breach."""
    norm.assumed = (*norm.assumed, said.ANY_BREACH)
    return norm


def _key(norm: Norm) -> tuple[object, ...]:
    scope = norm.scope or EVERYONE
    strength: object = norm.strength
    if norm.kind == "found":
        strength = norm.strength in ("should", "advise_not")
    return (
        norm.kind,
        norm.events,
        strength,
        norm.waits,
        scope.groups,
        scope.excluded,
        norm.actions if norm.kind != "message" else (),
    )


def _parts(norms: Norms) -> list[Part]:
    drafted = [one for one in norms.found if one.kind != "todo"]
    if len(drafted) < 2:
        return [Part([one]) for one in drafted]
    parts: dict[tuple[object, ...], Part] = {}
    for norm in drafted:
        parts.setdefault(_key(norm), Part()).norms.append(norm)
    return list(parts.values())


def _consequence(head: Head, norms: Norms, built: Built) -> tuple[tree.Action, ...]:
    """What the words say follows; a ladder becomes a penalty of its own."""
    norm = norms.consequence
    assert norm is not None
    if norm.ladder is None or not norm.ladder.ladder:
        return norm.actions
    name = _PENALTY.fill(head.language, {"id": _letters(head.id)})
    comments = tuple(said.assumed_of(one, head.language) for one in norm.ladder.assumed)
    words = said.words_of(norm.words, head.language)
    built.needs.append(penalties.declaration(name, norm.ladder, words, comments))
    return (making.action("penalty", making.path(name)),)


def _letters(id_: str) -> str:
    return "".join(char if char.isalnum() else "_" for char in id_) or "1"


def _rule(
    head: Head, number: int, part: Part, left: Sequence[Norm], consequence: tuple[tree.Action, ...], built: Built
) -> tree.Rule:
    language = head.language
    id_ = head.id if number == 1 else f"{head.id}-{number}"
    first = part.norms[0] if part.norms else None
    strength: Strength = first.strength if first is not None else (left[0].strength if left else "must")
    assumed = _assumed(part.norms)
    clauses: list[tree.Clause] = [tree.Content(making.text(head.content), NOWHERE)]
    clauses.append(_MODALITIES[strength])
    scope = _scope(head, first)
    comments = tuple([said.assumed_of(one, language) for one in scope.assumed])
    clauses.append(_applies(scope.groups, scope.excluded, comments))
    if first is not None and first.kind == "duty":
        clauses.append(_owner(head, first, assumed))
    clauses += head.dates
    built.needs += scope.needs
    for norm in part.norms:
        built.needs += norm.needs
    if first is not None:
        clauses += _body(head, id_, part, consequence, assumed)
    if number == 1:
        for todo in head.todos:
            clauses.append(tree.Todo(making.text(todo), NOWHERE))
            built.todos.append(todo)
        for norm in left:
            note = norm.why or said.WHOLE
            built.todos.append(norm.words)
            clauses.append(tree.Todo(making.text(norm.words[:500]), NOWHERE, _noted(note, language)))
        if first is None and not left and not head.todos:
            clauses.append(tree.Todo(making.text(head.content[:500]), NOWHERE, _noted(said.WHOLE, language)))
            built.todos.append(head.content)
    built.assumed += assumed
    built.assumed += scope.assumed
    if number == 1:
        built.assumed += head.assumed
        before = [said.assumed_of(one, language) for one in head.assumed]
    else:
        before = [said.SPLIT.fill(language, {"id": head.id})]
    return tree.Rule(
        making.rule_id(id_),
        making.text(head.name) if head.name else None,
        tuple(clauses),
        NOWHERE,
        making.layout(*before),
    )


def _assumed(norms: Sequence[Norm]) -> list[Bilingual]:
    """What was assumed for some norms, each once."""
    found = [one for norm in norms for one in norm.assumed]
    return list(dict.fromkeys(found)) if len(found) > 1 else found


def _scope(head: Head, norm: Norm | None) -> Scope:
    """Whom a norm speaks to: its own words, else the row's cell. Who sees to a duty or a review is not bound by it."""
    own = norm.scope if norm is not None else None
    if norm is not None and norm.kind in ("duty", "review", "report", "breach"):
        if own is not None and not own.staff and not (head.scope.groups and not head.scope.staff):
            return own
        return EVERYONE if head.scope.staff else head.scope
    if own is not None:
        excluded = tuple(dict.fromkeys((*own.excluded, *head.scope.excluded)))
        needs = (*own.needs, *(head.scope.needs if not own.groups else ()))
        groups = own.groups or head.scope.groups
        return Scope(groups, excluded, needs, own.assumed, own.staff)
    return head.scope


@lru_cache(maxsize=1024)
def _applies(groups: tuple[str, ...], excluded: tuple[str, ...], comments: tuple[str, ...]) -> tree.AppliesTo:
    names = tuple(map(making.name, groups)), tuple(map(making.name, excluded))
    return tree.AppliesTo(*names, NOWHERE, making.layout(*comments))


@lru_cache(maxsize=1024)
def _noted(note: Bilingual, language: Language) -> tree.Layout:
    return making.layout(note.fill(language, {}))


def _owner(head: Head, norm: Norm, assumed: list[Bilingual]) -> tree.Clause:
    named = (norm.scope is not None and norm.scope.staff) or head.scope.staff or "staff" in norm.categories
    if not named:
        assumed.append(said.OWNER)
    return _responsible(named, head.language)


@cache
def _responsible(named: bool, language: Language) -> tree.Responsible:
    note = () if named else (said.assumed_of(said.OWNER, language),)
    return tree.Responsible(making.name("staff"), NOWHERE, making.layout(*note))


def _body(
    head: Head, id_: str, part: Part, consequence: tuple[tree.Action, ...], assumed: list[Bilingual]
) -> list[tree.Clause]:
    """What a rule judges and what follows."""
    language = head.language
    first = part.norms[0]
    words = [said.words_of(one, language) for one in dict.fromkeys([norm.words for norm in part.norms])]
    if first.kind == "found":
        note = making.layout(*words, said.assumed_of(said.FINDER, language))
        assumed.append(said.FINDER)
        found: list[tree.Clause] = [tree.FoundBy(making.name("staff"), NOWHERE, note)]
        return [*found, *_then(first, consequence, language, assumed)]
    notes = [said.assumed_of(one, language) for norm in part.norms for one in norm.assumed if one is not said.HELD]
    before = making.layout(*words, *dict.fromkeys(notes))
    clauses: list[tree.Clause] = [tree.OnEvents(_events(first.events), NOWHERE, before)]
    if first.kind == "duty":
        requires = [one for norm in part.norms for one in norm.requires]
        return [*clauses, *dict.fromkeys(requires)]
    if first.kind == "breach":
        own = tuple(making.text(one) for one in (id_,))
        other = making.predicate(making.path("breach.rule"), "not_one_of", *own)
        clauses.append(tree.If(other, NOWHERE))
        return [*clauses, tree.Then(consequence, NOWHERE)]
    conditions = [norm.condition for norm in part.norms if norm.condition is not None]
    if conditions:
        clauses.append(tree.If(_any_of(conditions), NOWHERE))
    return [*clauses, *_then(first, consequence, language, assumed)]


@lru_cache(maxsize=1024)
def _events(names: tuple[str, ...]) -> tuple[tree.Name, ...]:
    return tuple(map(making.name, names))


def _any_of(conditions: Sequence[tree.Expression]) -> tree.Expression:
    """One condition for all, with each of their alternatives once; of a single one they already are."""
    if len(conditions) == 1:
        return conditions[0]
    flat: dict[tree.Expression, None] = {}
    for one in conditions:
        alternatives = one.operands if isinstance(one, tree.Logic) and one.operator == "or" else (one,)
        flat.update(dict.fromkeys(alternatives))
    return making.either(*flat)


def _then(
    norm: Norm, consequence: tuple[tree.Action, ...], language: Language, assumed: list[Bilingual]
) -> list[tree.Clause]:
    """What follows: what the words say, else the least that does what they ask."""
    mild = norm.strength in ("should", "advise_not")
    if norm.kind in ("report", "rating"):
        return [tree.Then(tuple(dict.fromkeys(norm.actions)), NOWHERE)]
    if norm.waits and not mild:
        note = (said.assumed_of(said.HELD, language),) if said.HELD in norm.assumed else ()
        hold = making.action("hold", making.path("staff"))
        return [tree.Then((hold,), NOWHERE, making.layout(*note))]
    if consequence and norm.kind in ("message", "found"):
        kept = tuple(one for one in consequence if not mild or one.name.text in _MILD)
        if kept:
            return [tree.Then(kept, NOWHERE)]
    if norm.kind == "found" and not mild:
        return []
    what = said.REMINDED if mild else said.DELETED
    assumed.append(what)
    if not mild:
        return [_deletes(language)]
    told = making.text(" ".join(norm.words.split())[:300])
    action = making.action("remind", told)
    return [tree.Then((action,), NOWHERE, making.layout(said.assumed_of(what, language)))]


@cache
def _deletes(language: Language) -> tree.Then:
    note = making.layout(said.assumed_of(said.DELETED, language))
    return tree.Then((making.action("delete"),), NOWHERE, note)
