"""The known name that an unknown one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from communityrules.language.suggest import distance

#: Beyond these a suggestion costs more than it helps.
_LONGEST: Final = 60
_MOST: Final = 3000
#: Chinese letters come after this one.
_HAN: Final = "\u2e80"

#: What people call things of the library, when the name itself is nowhere near.
_MEANT: Final = {
    "remove": "delete", "silence": "mute", "suspend": "mute", "timeout": "mute", "block": "ban", "inform": "notify",
    "alarm": "alert", "tag": "label", "reward": "award", "post": "message", "comment": "message", "answer": "reply",
    "author": "member", "user": "member", "sender": "member", "content": "text", "body": "text", "url": "links",
    "posts": "message", "says": "message", "writes": "message", "sends": "message",
    "number_of": "count", "total": "sum", "mean": "average", "unique": "distinct",
    "撤回": "删除", "拉黑": "封禁", "踢人": "移出", "告知": "通知", "发言": "消息", "帖子": "消息", "内容": "文本",
    "正文": "文本", "作者": "成员", "用户": "成员", "回应": "回复", "奖励": "加分", "统计": "计数", "次数": "计数",
    "说": "消息", "发送": "消息", "发": "消息", "求和": "合计", "审核": "送审", "设为": "置", "设置": "置",
}  # fmt: skip


def closest(name: str, known: Iterable[str]) -> str | None:
    """The likeliest of the known names, or None when none is near.

    A near name differs by a letter or two, is cut short (`lvl`), or is part of the other (发消息, 标签).
    """
    if not name or len(name) > _LONGEST:
        return None
    candidates = sorted({one for one in known if abs(len(one) - len(name)) <= 4})[:_MOST]
    meant = _MEANT.get(name.lower())
    if meant in candidates:
        return meant
    best: str | None = None
    best_distance = 99
    for candidate in candidates:
        allowed = _tolerance(name, candidate)
        found = distance(name.lower(), candidate.lower(), allowed)
        if found <= allowed and found < best_distance:
            best, best_distance = candidate, found
    return best or next((one for one in candidates if _is_short_for(name, one) or _is_part(name, one)), None)


def _tolerance(name: str, candidate: str) -> int:
    """How many letters may differ."""
    shorter = min(len(name), len(candidate))
    if candidate > _HAN:
        # Of two characters one must be right, and in its place.
        return 0 if shorter < 2 else 1 if shorter < 5 and (shorter > 2 or len(name) == len(candidate)) else shorter // 3
    return 0 if shorter < 3 else 1 if shorter < 5 else 2


def _is_short_for(name: str, candidate: str) -> bool:
    """`lvl` for `level`: its letters in order, from the first one on."""
    if len(name) < 3 or candidate > _HAN or name[0].lower() != candidate[0].lower():
        return False
    letters = iter(candidate.lower())
    return all(letter in letters for letter in name.lower())


def _is_part(name: str, candidate: str) -> bool:
    """发消息 for 消息, 标签 for 贴标签."""
    if candidate < _HAN or min(len(name), len(candidate)) < 2:
        return False
    longer, shorter = (name, candidate) if len(name) > len(candidate) else (candidate, name)
    return len(longer) - len(shorter) <= 2 and (longer.startswith(shorter) or longer.endswith(shorter))


def one_of(names: Iterable[str], most: int = 8) -> str:
    """Names for a hint, quoted and cut off after some."""
    listed = list(names)
    shown = ", ".join(f"`{one}`" for one in listed[:most])
    return f"{shown}, …" if len(listed) > most else shown
