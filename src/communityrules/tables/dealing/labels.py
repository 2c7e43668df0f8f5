"""When a label applies: `退款问题`, `Refunds`, `VIP`, `紧急`, `公告频道` as conditions on an event."""

from __future__ import annotations

import re
from typing import Final

from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.drafting.text import even

#: Labels of the row that takes what no other row does.
_OTHERS: Final = frozenset({
    "其他", "其它", "其余", "其他所有", "所有其他", "其他情况", "以上之外", "默认", "兜底",
    "other", "others", "everything else", "anything else", "all other", "all others", "all else", "else", "default",
    "misc", "miscellaneous", "rest", "the rest", "other cases", "otherwise",
})  # fmt: skip
#: Labels that take everything only where nothing comes after them.
_PLAIN: Final = frozenset({
    "一般", "普通", "常规", "通用", "全部", "所有", "日常", "general", "normal", "ordinary", "all", "any", "regular",
})  # fmt: skip
#: What stands at the end of a label without saying what it is about.
_SUFFIX: Final = re.compile(
    r"(?:类问题|问题|事项|事宜|事件|类别|类型|类|咨询|请求|申请|需求|相关|诉求|工单)\Z"
    r"|\s*\b(?:issues?|problems?|questions?|requests?|enquir(?:y|ies)|inquir(?:y|ies)|quer(?:y|ies)|matters?|tickets?|"
    r"cases?|topics?|related|complaints?|concerns?|support)\Z"
)
_PREFIX: Final = re.compile(
    r"\A(?:关于|有关|涉及|与|对于?)|\A(?:about|regarding|concerning|questions? (?:about|on)|any)\s+"
)
_BRACKETS: Final = re.compile(r"[(\[【〔（]([^)\]】〕）]*)[)\]】〕）]")
_SUCH_AS: Final = re.compile(r"\A\s*(?:如|例如|比如|包括|含|包含|e\.g\.|eg|such as|including|incl\.?|like)[:：\s]*")
_AND_SO_ON: Final = re.compile(r"(?:等等|等|\betc\.?|\band so on|…)\s*\Z")
_BETWEEN: Final = re.compile(r"[、,，/;；|&+\n]|以及|及|或|(?<=[^\W\d]{2})[和与](?=[^\W\d]{2})|\s(?:and|or)\s")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
#: Words too common to tell what a text is about.
_COMMON: Final = frozenset({
    "问题", "用户", "成员", "我们", "技术", "服务", "业务", "general", "user", "users", "the", "and", "for",
    "customer", "customers", "member", "members", "service", "technical", "urgent", "high", "medium", "low", "normal",
    "紧急", "重要", "严重", "一般", "普通", "轻微", "重大",
})  # fmt: skip
#: Words of one label, and characters of one word, that are looked for in texts.
_MOST, _LONGEST = 12, 20


@dataclass(frozen=True, slots=True)
class Label:
    """A label taken apart."""

    #: The label and its parts, as a host may send them.
    values: tuple[str, ...]
    #: The label without brackets and such, for a name.
    short: str
    #: What a text about it says.
    words: tuple[str, ...]
    #: It takes what no other label does; `last`: only in the last place.
    others: bool = False
    last: bool = False


def label_of(text: str) -> Label:
    """The parts of a label: `账号问题(登录、注册等)` is 账号, 登录 and 注册."""
    label = " ".join(text.split())
    outer = _BRACKETS.sub(" ", label).strip()
    pieces = [outer, *(_SUCH_AS.sub("", one) for one in _BRACKETS.findall(label))]
    parts = [_AND_SO_ON.sub("", part).strip(" .。:：") for piece in pieces for part in _BETWEEN.split(piece)]
    values = dict.fromkeys(one for one in (label, outer, *parts) if one)
    words: dict[str, None] = {}
    for part in parts:
        core = _core(part)
        values.update(dict.fromkeys([core] if core else []))
        words.update(dict.fromkeys(_forms(core)))
    plain = _core(even(outer)) or even(outer)
    others = even(outer).strip() in _OTHERS or plain in _OTHERS
    last = plain in _PLAIN or not _core(outer)
    return Label(tuple(values)[:_MOST], outer or label, tuple(words)[:_MOST], others, last)


def _core(part: str) -> str:
    """A part without what says nothing: 退款 of `退款类问题`, `refund` of `refund requests`."""
    plain = even(part)
    start = match.end() if (match := _PREFIX.search(plain)) is not None else 0
    end = len(part)
    while (match := _SUFFIX.search(plain[start:end])) is not None and match.start() < match.end():
        end = start + match.start()
    return part[start:end].strip()


def _forms(core: str) -> list[str]:
    """A word as texts have it; none of one that is too short, too long or too common to tell anything."""
    plain = even(core)
    short = 2 if _HAN.search(plain) else 3
    if not short <= len(plain) <= (_LONGEST if short == 2 else 2 * _LONGEST) or plain in _COMMON:
        return []
    if not any(char.isalpha() for char in plain):
        return []
    if short == 2:
        return [core]
    small = core if core.isupper() else core.lower()
    if not small.isascii() or not small[-1:].isalpha():
        return [small]
    if small.endswith("s"):
        return [small, small[:-1]] if len(small) > 3 and not small.endswith("ss") else [small]
    return [small, f"{small}s"] if small.islower() and not small.endswith("ing") else [small]


def equal(path: str, values: tuple[str, ...]) -> tree.Expression:
    """A fact is one of some values."""
    if len(values) == 1:
        return making.compare(making.path(path), "is", making.text(values[0]))
    return making.predicate(making.path(path), "one_of", *map(making.text, values))


def about(event: str, label: Label) -> tree.Expression:
    """What an event is about: its category, its topic, or a word of its text."""
    if event == "report":
        # Its message is the one reported: what that says does not tell why.
        return equal("report.category", label.values)
    ways = [equal("message.topic", label.values)]
    if event in ("complaint", "feedback"):
        ways.insert(0, equal(f"{event}.category", label.values))
    if label.words:
        operator: tree.PredicateOperator = "contains_any" if len(label.words) > 1 else "contains"
        ways.append(making.predicate(making.path("message.text"), operator, *map(making.text, label.words)))
    return making.either(*ways)
