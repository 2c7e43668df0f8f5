"""What the labels of a matrix are: plans, roles, places, levels, counts of offences, days, or kinds of matters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.carried import filled
from communityrules.tables.dealing.labels import about, equal, label_of
from communityrules.tables.dealing.names import free_name, known_name
from communityrules.tables.dealing.tabling import Numbers
from communityrules.tables.drafting import scope as scopes
from communityrules.tables.drafting.draft import draft_rule
from communityrules.tables.drafting.norms import Scope
from communityrules.tables.drafting.text import even
from communityrules.tables.making import NOWHERE
from communityrules.tables.sheets.matrix import axis_of

Kind = Literal["level", "plan", "role", "place", "count", "day", "topic"]

#: In the order of `AXES`.
_KINDS: Final[tuple[Kind, ...]] = ("level", "plan", "role", "place", "count", "day")
#: What an axis is called says what it is.
_CALLED: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("count", re.compile(r"次数|第几次|\b(?:offen[cs]e|strike|violation) ?(?:no|number|count)?\b|how often")),
    ("place", re.compile(r"频道|渠道|板块|版块|分区|群组|场所|平台|channel|place|room|forum|board|platform|location")),
    ("plan", re.compile(r"套餐|方案|版本|等级|会员|客户|计划|订阅|plan|tier|subscription|edition|package|customer")),
    ("role", re.compile(r"角色|身份|成员|人员|对象|用户|role|member|who|user|audience")),
    ("level", re.compile(r"严重|紧急|优先|影响|级别|程度|severity|urgency|priority|impact|level")),
    ("day", re.compile(r"日期|星期|时段|day|when")),
    (
        "topic",
        re.compile(r"话题|主题|内容|问题|分类|类别|类型|事项|违规|行为|topic|issue|category|type|content|kind|behaviou?r"),
    ),
)  # fmt: skip
#: Labels that end so, where nothing says what they are.
_ENDING: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    (
        "plan",
        re.compile(r"(?:会员|套餐|版本?|客户|付费用户|免费用户)\Z|\b(?:plan|tier|edition|customers?|subscribers?)\Z"),
    ),
    ("place", re.compile(r"(?:频道|板块|版块|分?群|专区|讨论区|聊天室)\Z|\b(?:channel|room|forum|board|chat)\Z|\A#")),
    (
        "role",
        re.compile(r"(?:成员|管理员?|版主|群主|客服|访客|新人|用户)\Z|\b(?:members?|moderators?|admins?|guests?)\Z"),
    ),
    ("level", re.compile(r"(?:级|紧急|严重)\Z|\b(?:priority|severity)\Z|\Alevel ")),
)
_FIELDS: Final[dict[Kind, Bilingual]] = {
    "level": Bilingual("severity", "严重程度"),
    "plan": Bilingual("plan", "套餐"),
}
#: What a label of several parts is called.
ABOUT: Final = Bilingual("about_{label}", "关于{label}")
_NAMED: Final[dict[Kind, Bilingual]] = {
    "plan": Bilingual("plan_{label}", "套餐_{label}"),
    "place": Bilingual("place_{label}", "场所_{label}"),
    "topic": ABOUT,
}
_LONGER: Final = Bilingual("{name}_of_it", "所属{name}")
_SIGNS: Final = re.compile(r"[^\w]+")
_WEEKDAY: Final = re.compile(r"工作日|平日|weekdays?|working days?|business days?")
_WEEKEND: Final = re.compile(r"周末|双休日?|weekends?")
_MEMBERS: Final = re.compile(r"(?:普通)?(?:成员|会员|用户)|(?:regular |ordinary )?(?:members?|users?)|everyone")

SENT: Final = Bilingual("the host says the {what} in the field `{field}`", "{what}由接入方在字段 `{field}` 中给出")
_PLAN: Final = Bilingual("a plan is the field `{field}` of a member, or a role", "套餐为成员的字段 `{field}`,或其角色")
_PLACE: Final = Bilingual(
    "a channel is the place of the event, or the platform it came through", "频道即事件的场所或渠道"
)
_TOPIC: Final = Bilingual("what a message is about is its topic", "消息的内容以其话题为准")
_DAYS: Final = Bilingual("weekdays are Monday to Friday", "工作日为周一至周五")
_WHAT: Final = Bilingual("level", "级别")


@dataclass(frozen=True, slots=True)
class Side:
    """One label: when it applies, and what must be declared for that. None: always."""

    label: str
    condition: tree.Expression | None
    needs: tuple[tree.Declaration, ...] = ()
    assumed: tuple[Bilingual, ...] = ()
    understood: bool = True


def kind_of(axis: str, labels: Sequence[str]) -> Kind:
    """What the labels of one side are, by themselves or by what the corner calls them."""
    known = axis_of(labels)
    called = next((kind for kind, looked in _CALLED if looked.search(even(axis))), None) if axis else None
    if known is not None and (called is None or _KINDS[known] in ("count", "day", "role")):
        return _KINDS[known]
    if called is None:
        plain = [even(one).strip() for one in labels]
        called = next(
            (kind for kind, looked in _ENDING if sum(map(bool, map(looked.search, plain))) * 2 > len(plain)), None
        )
    return called or "topic"


def sides(axis: str, labels: Sequence[str], event: str, language: Language, numbers: Numbers) -> list[Side]:
    """When each label of one side of a matrix applies."""
    kind = kind_of(axis, labels)
    found = _sides(kind, axis, labels, event, language)
    if kind not in _NAMED:
        return found
    return [
        one if one.condition is None
        else replace(one, condition=numbers.defined(one.condition, _NAMED[kind], one.label, language))
        for one in found
    ]  # fmt: skip


def _sides(kind: Kind, axis: str, labels: Sequence[str], event: str, language: Language) -> list[Side]:
    if kind in ("level", "plan"):
        return _by_field(kind, axis, labels, event, language)
    if kind == "role":
        return _by_role(labels, language)
    if kind == "place":
        return [
            Side(one, making.either(equal("event.place", (one,)), equal("event.channel", (one,))), assumed=(_PLACE,))
            for one in labels
        ]
    if kind == "day":
        return [_by_day(one) for one in labels]
    return [_by_topic(one, event, language) for one in labels]


def _by_field(kind: Kind, axis: str, labels: Sequence[str], event: str, language: Language) -> list[Side]:
    usual = _FIELDS[kind].fill(language, {})
    name = _SIGNS.sub("_", axis).strip("_") or usual
    name = name.lower() if name.isascii() else name
    if not name[0].isalpha() or len(name) > 30 or _SIGNS.search(axis.strip()):
        name = usual
    # A field that the library has means something else.
    if known_name(name):
        name = free_name(usual, _LONGER, language)
    fields = making.fields([(name, "text")])
    found = []
    for one in labels:
        values = label_of(one).values
        if kind == "plan":
            condition = making.either(
                equal(f"member.{name}", values),
                _with_role(values),
            )
            declared: tree.Declaration = tree.MemberFields(fields, NOWHERE)
            note = filled(_PLAN, field=name)
        else:
            condition = equal(f"{event}.{name}", values)
            declared = tree.EventType(making.name(event), fields, NOWHERE)
            note = filled(SENT, field=name, what=axis or _WHAT)
        found.append(Side(one, condition, (declared,), (note,)))
    return found


def _by_role(labels: Sequence[str], language: Language) -> list[Side]:
    groups: list[tuple[str, Scope | None]] = [(one, scopes.of_cell(one, language)) for one in labels]
    named = [group for _, scope in groups if scope is not None for group in scope.groups]
    found = []
    for label, scope in groups:
        if _MEMBERS.fullmatch(even(label)) or (scope is not None and not scope.groups):
            # Members are those whom no other label of the side names.
            excluded = scope.excluded if scope is not None else ()
            others = [making.negated(making.path(one)) for one in dict.fromkeys([*named, *excluded])]
            needs = scope.needs if scope is not None and scope.groups != (label,) else ()
            found.append(Side(label, making.every(*others) if others else None, needs))
        elif scope is None:
            found.append(Side(label, _with_role(label_of(label).values)))
        else:
            found.append(Side(label, making.path(scope.groups[0]), scope.needs, scope.assumed))
    return found


def _with_role(roles: tuple[str, ...]) -> tree.Expression:
    return making.predicate(
        making.path("member.roles"), "has" if len(roles) == 1 else "has_any", *map(making.text, roles)
    )


def _by_day(label: str) -> Side:
    plain = even(label)
    if _WEEKEND.fullmatch(plain):
        return Side(label, _weekday(">=", 6), assumed=(_DAYS,))
    if _WEEKDAY.fullmatch(plain):
        return Side(label, _weekday("<", 6), assumed=(_DAYS,))
    return Side(label, None, understood=False)


def _weekday(operator: Literal[">=", "<"], day: int) -> tree.Expression:
    call = tree.Call(making.name("weekday_of"), (making.path("event.time"),), (), None, None, NOWHERE)
    return making.compare(call, operator, making.number(day))


def _by_topic(label: str, event: str, language: Language) -> Side:
    if event == "message":
        forbidden = f"禁止发布{label}。" if language == "zh" else f"No {label}."
        drafted = draft_rule("1", "", forbidden, language=language)
        found = next((one for one in drafted.rule.clauses if isinstance(one, tree.If)), None)
        on = next((one for one in drafted.rule.clauses if isinstance(one, tree.OnEvents)), None)
        heard = {one.text for one in on.events} if on is not None else set()
        if drafted.outcome == "drafted" and len(drafted.rules) == 1 and found is not None and "message" in heard:
            return Side(label, found.condition, drafted.declarations)
        # A word in passing is no reason to delete: only the topic that the host names counts.
        return Side(label, equal("message.topic", label_of(label).values), assumed=(_TOPIC,))
    return Side(label, about(event, label_of(label)))
