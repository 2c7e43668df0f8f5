"""Whom a rule applies to, as cells say it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

from communityrules.frozen import dataclass
from communityrules.library.disguise.tables import traditional

#: Kinds of people that communities have. `staff` is anybody who looks after it.
People = Literal[
    "staff", "admins", "moderators", "owners", "service", "reviewers", "publishers", "managers", "newcomers", "guests",
    "vips", "bots", "creators",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Some people, in the words of the cell."""

    #: None: the words name nobody that is known.
    people: People | None
    words: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a rule applies to: everyone, or these groups; but for those that are excluded."""

    everyone: bool
    groups: tuple[Group, ...]
    excluded: tuple[Group, ...]
    #: What the cell says.
    words: str

    @property
    def understood(self) -> bool:
        """Whether every group is known."""
        return all(one.people is not None for one in (*self.groups, *self.excluded))


#: Separated by `|`.
_PEOPLE: Final[dict[People, str]] = {
    "staff": (
        "管理人员|管理团队|管理组|管理层|管理者|工作人员|运营|运营人员|运营团队|运营者|官方|官方人员|内部人员|"
        "全体管理人员|值班人员|staff|the staff|team|moderation team|mod team|staff members|staff member|all staff"
    ),
    "admins": (
        "管理员|群管理员|群管|超级管理员|管理|社区管理员|admin|admins|administrator|administrators|group admin|"
        "group admins"
    ),
    "moderators": ("版主|板主|协管|协管员|巡查员|巡查人员|分区版主|moderator|moderators|mod|mods"),
    "owners": ("群主|创建者|站长|坛主|社区负责人|owner|owners|group owner|server owner"),
    "service": (
        "客服|客服人员|客服团队|客服组|客服专员|服务人员|售后|售后人员|在线客服|技术支持|customer service|support|"
        "support staff|support team|service|service staff|support agents|agents|agent"
    ),
    "reviewers": ("审核员|审核人员|审核组|审稿人|reviewer|reviewers"),
    "publishers": (
        "信息发布人员|信息发布者|信息发布人|发布人员|发布者|发布人|发帖人|发帖者|信息员|公告发布者|内容发布者|"
        "楼主|publisher|publishers|poster|posters|content publishers|information publishers|authors|author|"
        "announcers|those who publish|people who publish"
    ),
    "managers": ("主管|经理|负责人|部门负责人|领导|manager|managers|supervisor|supervisors|lead|leads"),
    "newcomers": (
        "新成员|新人|新用户|新会员|新进成员|新入群成员|新加入成员|新注册用户|新手|入群新人|newcomer|newcomers|"
        "new member|new members|new user|new users|new joiners|new accounts"
    ),
    "guests": ("访客|游客|嘉宾|未注册用户|guest|guests|visitor|visitors"),
    "vips": (
        "vip|vip会员|vip用户|高级会员|付费会员|付费用户|vip members|paying members|premium members|subscribers|vips"
    ),
    "bots": ("机器人|bot|bots"),
    "creators": ("创作者|作者|up主|主播|讲师|分享者|creator|creators|speakers"),
}
_EVERYONE_SAID: Final = (
    "全体成员|所有成员|全部成员|各成员|每位成员|每个成员|成员|群成员|全体群成员|所有群成员|社群成员|社区成员|"
    "全体社群成员|全体社区成员|所有社群成员|所有社区成员|本群成员|全群成员|群内成员|群内所有成员|群内全体成员|"
    "群友|全体群友|所有群友|各位群友|全体用户|所有用户|用户|全部用户|全体会员|所有会员|会员|全员|全体|全体人员|"
    "所有人员|全部人员|所有人|全部|每个人|任何人|大家|不限|无限制|全部适用|所有|人人|发言者|发言人员|参与者|"
    "所有参与者|全体参与者|群组成员|全体客户|所有客户|全体玩家|所有玩家|玩家|网友|全体网友|注册用户|all|"
    "all community members|all customers|all group members|all members|all of us|all participants|all people|"
    "all players|all users|any|any member|anyone|community members|each member|entire community|every member|"
    "everybody|everyone|general|group members|member|members|participants|players|the whole community|user|users|"
    "whole community"
)
_EVERYONE: Final = frozenset(_EVERYONE_SAID.split("|"))
_BY_WORDS: Final[dict[str, People]] = {name: people for people, said in _PEOPLE.items() for name in said.split("|")}
_EXCEPT: Final = re.compile(
    r"""
    除(?:了|去)?(?P<before>[^,;。]{1,60}?)(?:以外|之外|外)[,的]?(?:的)?(?P<rest>.*)
    | (?P<rest2>.*?)[,(]?\s*
      (?:
        不含|不包括|不包含|不适用于|例外[:]?|除外[:]|\s除了?\s
        |\b(?:except(?:ing|\ for)?|excluding|other\ than|but\ not|without)\b
      )\s*(?P<after>[^)]+)\)?
    | (?P<rest3>[^(,]*)[(,]\s*(?P<inside>[^()]*?)(?:除外|例外|不适用|豁免|不在此列|\s+(?:excepted|excluded|exempt))\)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ALONE: Final = re.compile(r"(?P<inside>.+?)(?:除外|例外|豁免)")
_BETWEEN: Final = re.compile(r"[、,;/|&+\n·]|以及|及其|和|及|与|或|\band\b|\bor\b")
#: What may stand before a group without changing it.
_ALL_OF: Final = re.compile(r"(?:全体|所有|各|本群|社群|社区|群)")
_TEAM: Final = re.compile(r"(?:组|团队|小组|们)\Z")
_LONGEST: Final = 120


def scope_of(text: str) -> Scope | None:
    """Whom a text means: `全体成员`, `信息发布人员`, `全体成员(管理员除外)`, `everyone except staff`.

    None when it says nothing or is too long to be a scope; groups that are not known keep their words.
    """
    words = text.strip()
    plain = _folded(words)
    if not plain or len(plain) > _LONGEST:
        return None
    rest, left_out = plain, ""
    if (found := _EXCEPT.fullmatch(plain)) is not None:
        rest = next((one for one in (found["rest"], found["rest2"], found["rest3"]) if one is not None), "")
        left_out = found["before"] or found["after"] or found["inside"] or ""
    elif (alone := _ALONE.fullmatch(plain)) is not None:
        rest, left_out = "", alone["inside"]
    excluded = tuple(_group(one) for one in _parts(left_out))
    named = _parts(rest)
    everyone = not named or any(_is_everyone(one) for one in named)
    groups = () if everyone else tuple(_group(one) for one in named)
    # 成员、管理员: whoever is a member counts, and nobody more is meant.
    strange = tuple(_group(one) for one in named if everyone and not _is_everyone(one) and _people(one) is None)
    return Scope(everyone and not strange, groups + strange, excluded, words)


def _folded(text: str) -> str:
    simple = traditional()
    folded = "".join(simple.get(char, char) for char in unicodedata.normalize("NFKC", text))
    return re.sub(r"[ \t]+", " ", folded.casefold()).strip(" 。.;:,!")


def _parts(text: str) -> list[str]:
    if _people(text.strip(" ()的,")) is not None or _is_everyone(text.strip(" ()的,")):
        return [text.strip(" ()的,")]
    found = [one.strip(" ()的,") for one in _BETWEEN.split(text)]
    return [one for one in found if one]


def _is_everyone(text: str) -> bool:
    return text in _EVERYONE or text.replace(" ", "") in _EVERYONE


def _people(text: str) -> People | None:
    for one in (text, text.replace(" ", ""), text.removeprefix("the "), _ALL_OF.sub("", text, count=1)):
        for said in (one, _TEAM.sub("", one)):
            if (known := _BY_WORDS.get(said)) is not None:
                return known
    return None


def _group(text: str) -> Group:
    return Group(_people(text), text)
