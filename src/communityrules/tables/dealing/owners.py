"""Who deals with something, as the cells of a process table name them."""

from __future__ import annotations

import re
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.carried import filled
from communityrules.tables.dealing.names import free_name
from communityrules.tables.drafting import said
from communityrules.tables.drafting import scope as scopes
from communityrules.tables.drafting.text import even
from communityrules.tables.making import NOWHERE
from communityrules.tables.sheets.scopes import scope_of

#: Who looks after a community without being told apart from others who do.
_STAFF: Final = frozenset({"staff", "admins", "owners", "service"})
#: Roles as hosts usually spell them.
_ROLES: Final[dict[str | None, str]] = {
    "moderators": "moderator",
    "reviewers": "reviewer",
    "managers": "manager",
    "publishers": "publisher",
    "vips": "vip",
}
#: What parts those who deal with it first from those who do afterwards.
_THEN: Final = re.compile(r"\s*(?:→|=>|->|»|>+|⇒|➜|➔)\s*")
_LATE: Final = re.compile(
    r"[,;、]?\s*(?:超时|逾期|必要时|未解决|无法解决|不能解决|未果)(?:则|后|时|的|,|可|须|应|再|由)*\s*"
    r"(?:升级|上报|上升|转交|转|报|交)(?:至|给|到|由)?(?P<zh>[^,;。]+?)(?:处理|跟进|负责)?\Z"
    r"|[,;]?\s*(?:then\s+)?(?:if (?:late|overdue|not (?:answered|solved|resolved))[,]?\s*)?"
    r"escalat(?:e|ed|es|ing) to (?:the )?(?P<en>[a-z0-9 ]+?)"
    r"(?:\s+if (?:late|overdue|not (?:answered|solved|resolved)))?\Z"
)
_NAME: Final = re.compile(
    r"""
    (?:必须|须|需要|需|应|可|仅限|仅|限|只能|只可|统一)?(?:由|经(?!理)|交由|指派给?|分配给?)?
    (?:(?:must|should|can|may|only)\s+)?(?:be\s+)?(?:(?:handled|dealt\ with|decided|answered|owned|resolved)\s+)?
       (?:(?:assign(?:ed)?\ to|by|to|only)\s+)?(?:(?:the|any|an?|our)\s+)?
    (?P<name>.+?)
    (?:(?:可以?|有权|直接|独立|自行|即可|统一|优先|全权|人工)*(?:处理|办理|解决|受理|跟进|负责|答复|回复|处置|权限|即可)*
      |\s+(?:(?:can|may|will|must|should)\s+)?(?:handles?|decides?|answers?|resolves?|deals?\ with|only|alone|directly)
       (?:\s+it)?(?:\s+(?:alone|directly))?)
    """,
    re.VERBOSE,
)
#: Someone who has to agree, beside whoever deals with it.
_APPROVAL: Final = re.compile(
    r"审批|批准|同意|审核|复核|签字|授权|\b(?:approv(?:al|es?|ed)|sign-?off|permission|consent)\b"
)
#: More than one name, or no name.
_NO_NAME: Final = re.compile(
    r"[,;、/|&+。:!?%¥$]|和|与|或|及|的|若|如果|当|时|超过|以上|以下|金额|自动|根据|视|"
    r"\b(?:and|or|who|that|with|if|when|over|above|below|depends|case by case|automatic(?:ally)?|self)\b"
)
_TEAM: Final = re.compile(r"\s+(?:team|staff|agents?|group)\Z")
_LETTER: Final = re.compile(r"[^\w]+")
ASSUMED_LATE: Final = Bilingual(
    "what is late goes to `{name}`, who stand behind the arrow", "逾期上报箭头之后的 `{name}`"
)
_GROUP: Final = Bilingual("{name}_group", "{name}_组")


@dataclass(frozen=True, slots=True)
class Owner:
    """A group, and what must be declared for it."""

    group: str
    needs: tuple[tree.Declaration, ...] = ()
    assumed: tuple[Bilingual, ...] = ()
    #: Whether it is a name that communities have for some people.
    known: bool = True


@dataclass(frozen=True, slots=True)
class Owners:
    """Who deals with something, and who does when it is late; what of the cell was not understood."""

    first: Owner | None
    late: Owner | None = None
    left: str = ""
    assumed: tuple[Bilingual, ...] = ()


def owners_of(text: str, language: Language) -> Owners:
    """Who a cell names: `客服`, `由技术部处理`, `Support → Manager`, `一线客服,超时升级主管`.

    What needs somebody's approval, or a condition, is left in words.
    """
    words = " ".join(text.split())
    plain = even(words)
    late: Owner | None = None
    assumed: tuple[Bilingual, ...] = ()
    if (match := _LATE.search(plain)) is not None and match.start() > 0:
        who = match["zh"] or match["en"]
        late = owner_of(_same(words, plain, who), language)
        if late is None:
            return Owners(_first(words[: match.start()], language), None, words)
        words, plain = words[: match.start()], plain[: match.start()]
    parts = _THEN.split(words)
    if len(parts) == 2 and late is None:
        late = owner_of(parts[1], language)
        if late is None:
            return Owners(_first(parts[0], language), None, words)
        assumed = (filled(ASSUMED_LATE, name=late.group),)
        words = parts[0]
    elif len(parts) > 1:
        return Owners(_first(parts[0], language), None, words)
    first = owner_of(words, language)
    if first is not None:
        return Owners(first, late, "", assumed)
    # 客服处理,主管审批: the first of them deals with it, the rest stays to be written.
    return Owners(_first(words, language), late, words, assumed)


def _same(words: str, plain: str, part: str) -> str:
    place = plain.rfind(part)
    return words[place : place + len(part)] if len(words) == len(plain) else part


def _first(words: str, language: Language) -> Owner | None:
    pieces = re.split(r"[,，;；、/]|\band\b", words, maxsplit=1)
    return owner_of(pieces[0], language) if len(pieces) > 1 else None


def owner_of(words: str, language: Language) -> Owner | None:
    """The group that a few words name; None when they name none, or somebody who only has to agree."""
    plain = even(words)
    if _APPROVAL.search(plain):
        return None
    match = _NAME.fullmatch(plain)
    if match is None:
        return None
    name, own = (one[slice(*match.span("name"))].strip(" .。:") for one in (words, plain))
    if not own or _NO_NAME.search(own) or len(own) > 30 or len(own.split()) > 4:
        return None
    return named(name, own, language)


def named(name: str, plain: str, language: Language) -> Owner | None:
    """The group of a name: `staff` for those who look after the community, else the members with that role."""
    scope = scope_of(_TEAM.sub("", plain)) or scope_of(plain)
    if scope is None:
        return None
    if scope.everyone:
        return None
    people = scope.groups[0].people if len(scope.groups) == 1 else None
    if people in _STAFF and not re.search(r"[0-9一二三]线|\bl[0-9]\b|tier", plain):
        return Owner("staff")
    drafted = scopes.of_cell(name, language)
    if drafted is not None and drafted.groups == ("staff",):
        return Owner("staff")
    spelt = _LETTER.sub("_", name).strip("_")
    if not spelt or spelt[0].isdigit():
        spelt = f"_{spelt}" if spelt else ""
    if not spelt:
        return None
    group = free_name(spelt.lower() if spelt.isascii() else spelt, _GROUP, language)
    usual = (_ROLES[people],) if people in _ROLES else ()
    roles = tuple(making.text(one) for one in dict.fromkeys((*usual, name, group)))
    condition = making.predicate(making.path("member.roles"), "has_any", *roles)
    declared = tree.GroupDeclaration(making.name(group), condition, NOWHERE)
    return Owner(group, (declared,), (filled(said.ROLE, name=group),), people is not None)
