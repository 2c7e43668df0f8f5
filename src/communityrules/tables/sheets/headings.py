"""What the heads of columns mean, in Chinese of both scripts and English, however they are decorated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from communityrules.diagnostics.message import Bilingual
from communityrules.library.disguise.tables import traditional
from communityrules.tables.sheets.words import OWN, SHARED, Meaning

#: Each meaning as a person is told of it: the usual head of such a column.
SAID: Final[dict[Meaning, Bilingual]] = {
    "number": Bilingual("number", "编号"),
    "name": Bilingual("name", "名称"),
    "content": Bilingual("content", "内容"),
    "scope": Bilingual("applies to", "适用对象"),
    "except": Bilingual("except", "例外"),
    "effective": Bilingual("effective", "实施时间"),
    "until": Bilingual("until", "截止时间"),
    "category": Bilingual("category", "问题分类"),
    "authority": Bilingual("authority", "处理权限"),
    "response": Bilingual("response time", "响应时间"),
    "solution": Bilingual("solution", "解决方案"),
    "priority": Bilingual("priority", "优先级"),
    "if": Bilingual("if", "条件"),
    "then": Bilingual("then", "处理"),
    "require": Bilingual("require", "要求"),
    "penalty": Bilingual("penalty", "处罚"),
    "responsible": Bilingual("responsible", "责任人"),
    "modality": Bilingual("modality", "性质"),
    "trial": Bilingual("trial", "试行"),
    "in": Bilingual("in", "范围"),
    "on": Bilingual("on", "事件"),
    "every": Bilingual("every", "周期"),
    "found_by": Bilingual("found by", "认定"),
    "review_by": Bilingual("review by", "复审日期"),
    "overrides": Bilingual("overrides", "优先于"),
    "cooldown": Bilingual("cooldown", "冷却"),
    "status": Bilingual("status", "状态"),
    "words": Bilingual("words", "关键词"),
    "pattern": Bilingual("pattern", "格式"),
    "replacement": Bilingual("replacement", "替换为"),
    "points": Bilingual("points", "积分"),
    "reason": Bilingual("reason", "理由"),
    "example": Bilingual("example", "示例"),
    "note": Bilingual("note", "备注"),
}
#: A table of rules has at least one of these.
SAYS_SOMETHING: Final[frozenset[Meaning]] = frozenset({
    "content", "if", "then", "require", "penalty", "solution", "words", "pattern", "response",
})  # fmt: skip
#: Of these a table may have several columns.
MANY: Final[frozenset[Meaning]] = frozenset({"if", "then", "require", "penalty", "note", "example", "reason"})


#: Words before a head that say what the whole table is about.
_BEFORE: Final = (
    "规则", "条款", "版规", "群规", "社区", "本群", "rule", "policy", "requirement", "req", "clause", "article", "item",
    "control",
)  # fmt: skip
#: The last word of a head of several words, which alone says little: one point.
_LAST: Final[dict[str, Meaning]] = {
    "id": "number", "no": "number", "number": "number", "code": "number", "编号": "number", "序号": "number",
    "代码": "number", "name": "name", "title": "name", "名称": "name", "标题": "name", "description": "content",
    "desc": "content", "text": "content", "content": "content", "details": "content", "内容": "content",
    "描述": "content", "说明": "content", "详情": "content", "notes": "note", "备注": "note", "对象": "scope",
    "措施": "then", "方式": "then", "处罚": "penalty", "期限": "require", "时限": "require", "action": "then",
    "reason": "reason", "原因": "reason", "类型": "category", "分类": "category", "type": "category",
    "category": "category", "条件": "if", "condition": "if", "date": "effective", "日期": "effective",
}  # fmt: skip

#: Characters of a head that are looked at; longer texts are no heads.
LONGEST: Final = 40
_BRACKETS: Final = re.compile(r"[(\[【〔<《「{]([^)\]】〕>》」}]*)[)\]】〕>》」}]")
_BETWEEN: Final = re.compile(r"[/\n|、,;·]|\s-\s")
_SIGNS: Final = re.compile(r"[^\w#№]+|_")
_WORDS: Final = re.compile(r"[\s_\-.]+")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Match(NamedTuple):
    """What a head means, and how sure it is: 3 only rules have it, 2 other tables do too, 1 its last word says so."""

    meaning: Meaning
    sure: int


def _known() -> Mapping[str, Match]:
    found: dict[str, Match] = {}
    for table, sure in ((OWN, 3), (SHARED, 2)):
        for meaning, words in table.items():
            for word in words.split():
                found.setdefault(_compact(word), Match(meaning, sure))
    return found


def plain_head(text: str) -> str:
    """A head without decoration, for comparing: width, case, script, spaces and signs do not count."""
    return _compact(text)


def _folded(text: str) -> str:
    simple = traditional()
    return "".join(simple.get(char, char) for char in unicodedata.normalize("NFKC", text)).casefold()


def _compact(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.lower()
    return _SIGNS.sub("", _folded(text))


@lru_cache(maxsize=1)
def _heads() -> Mapping[str, Match]:
    return _known()


@lru_cache(maxsize=4_000)
def meaning_of(head: str) -> Match | None:
    """What a head of a column means: `规则编号`, `Rule No.`, `規則內容(必填)`, `编号/No.`; None when it is none."""
    head = unicodedata.normalize("NFKC", head[: 2 * LONGEST]).strip()
    if not head or len(head) > LONGEST:
        return None
    heads = _heads()
    bare = _BRACKETS.sub(" ", head)
    best: Match | None = None
    for text in (head, bare, *_BETWEEN.split(bare), *_BRACKETS.findall(head)):
        found = _one(text, heads)
        if found is not None and (best is None or found.sure > best.sure):
            best = found
    if best is not None:
        return best
    words = [one for one in _WORDS.split(_folded(_HUMP.sub(" ", bare).strip())) if one]
    if words and words[0] in _BEFORE and len(words) > 1:
        following = heads.get(_compact("".join(words[1:])))
        if following is not None:
            return Match(following.meaning, 2)
    last = _LAST.get(words[-1]) if len(words) > 1 else None
    if last is None and words:
        last = next((meaning for end, meaning in _LAST.items() if not end.isascii() and words[-1].endswith(end)), None)
    return None if last is None else Match(last, 1)


def _one(text: str, heads: Mapping[str, Match]) -> Match | None:
    compact = _compact(text)
    if not compact:
        return None
    if (found := heads.get(compact)) is not None:
        return found
    # 条件1, 条件2: several columns of one kind.
    return heads.get(bare) if len(bare := compact.rstrip("0123456789一二三四五")) > 1 else None
