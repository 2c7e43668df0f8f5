"""What to write instead of a pattern that cannot be used, where no other pattern says the same."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.library.patterns.tree import Anchor, BackReference, Flags, Look, Node, Sequence, walk

_REPEATED = Bilingual(
    "write each text out, or count repeated characters with `longest_run(message.text)`",
    "请逐个写出文本,或用 `最长连续(消息.文本)` 统计重复字符",
)
_CONDITION = Bilingual(
    "write it as conditions of their own: `… matches /…/ and not (… matches /…/)`",
    "请写成几个条件:`… 匹配 /…/ 且 非 (… 匹配 /…/)`",
)
_NOT_NEEDED = Bilingual(
    "without it the pattern finds more; leave it out if that is meant",
    "去掉后会匹配更多内容;如果可以接受,请直接去掉",
)
#: Of repetitions that are too many or too large, which show only when the pattern is built.
FEWER: Final = Bilingual(
    "ask for fewer repetitions, or repeat `.`, `\\S` or `[A-Za-z0-9_]` in place of `\\w`",
    "请减少重复次数,或用 `.`、`\\S`、`[A-Za-z0-9_]` 代替 `\\w` 来重复",
)
#: Of conditions and calls, which are refused before there is a tree.
SEVERAL = Bilingual("write the cases out with `|`", "请用 `|` 把各种情况写出来")


def advice(pattern: str, tree: Node, reason: str) -> Bilingual | None:
    """What helps with a refusal for `reason`; None where the reason says enough."""
    if any(isinstance(one, BackReference) for one in walk(tree)):
        return _REPEATED if reason == "back_reference" else None
    if reason in ("look_ahead", "look_behind"):
        return _conditions(pattern, tree) or _CONDITION
    return {"possessive": _NOT_NEEDED, "atomic_group": _NOT_NEEDED}.get(reason)


def _conditions(pattern: str, tree: Node) -> Bilingual | None:
    """Look-aheads right after the beginning of the text are conditions of their own: `^(?=.*\\d)(?!.*x).{8,}`."""
    if not isinstance(tree, Sequence):
        return None
    items = list(tree.items)
    flags = "".join(pattern[one.start : one.end] for one in items if isinstance(one, Flags))
    items = [one for one in items if not isinstance(one, Flags)]
    if not items or not isinstance(items[0], Anchor) or items[0].kind not in ("^", "\\A") or "m" in flags:
        return None
    looks = []
    for one in items[1:]:
        if not isinstance(one, Look) or not one.ahead:
            break
        looks.append(one)
    rest = items[1 + len(looks) :]
    if not looks or any(
        isinstance(below, Look) for one in (*rest, *(one.inner for one in looks)) for below in walk(one)
    ):
        return None
    english, chinese = [], []
    for one in looks:
        written = f"/{flags}^{_grouped(pattern[one.inner.start : one.inner.end])}/"
        english.append(f"not (… matches {written})" if one.negated else f"… matches {written}")
        chinese.append(f"非 (… 匹配 {written})" if one.negated else f"… 匹配 {written}")
    if rest and pattern[rest[0].start : rest[-1].end] not in (".*", ".*$", "$"):
        english.append(f"… matches /{flags}^{pattern[rest[0].start : rest[-1].end]}/")
        chinese.append(f"… 匹配 /{flags}^{pattern[rest[0].start : rest[-1].end]}/")
    return Bilingual(f"write `{' and '.join(english)}`", f"请写 `{' 且 '.join(chinese)}`")


def _grouped(inner: str) -> str:
    return f"(?:{inner})" if "|" in inner else inner
