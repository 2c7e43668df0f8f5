"""What the cells of a process table say: within which time, how urgent, and what nobody has to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.drafting import numbers
from communityrules.tables.drafting.text import even
from communityrules.tables.making import NOWHERE

#: What meets a duty.
Met = Literal["reply", "resolved"]
Priority = Literal["urgent", "high", "normal", "low"]

#: Cells that say that there is nothing to say.
_NOTHING: Final = frozenset({
    "", "-", "--", "/", "\\", "无", "没有", "不适用", "暂无", "n/a", "na", "none", "nil", "no",
})  # fmt: skip
#: Words that a time stands beside without being changed by it.
_BESIDE: Final = re.compile(
    r"内|之内|以内|之前|前|不超过|不得超过|最长|最多|最迟|须|应当|应|需|要|必须|请|给予|予以|进行|完成|首次|初次|时间|时限|"
    r"期限|工单|客户|用户|成员|问题|人工|给出|作出|做出|并|且|起|在|的|为|[,;:/、≤<>=()\[\]+.。~-]|"
    r"\b(?:within|in|under|at most|max(?:imum)?|up to|no more than|less than|not later than|the|a|an|of|by|is|and|"
    r"then|time|target|initial|must|should|be|to|first|after|receipt|ticket|customer|user|member|issue)\b"
)
_SAYS_REPLY: Final = (
    r"响应|回复|答复|回应|应答|首响|受理|接单|联系|确认收到|"
    r"\b(?:respon(?:d|se|ds)|repl(?:y|ies)|answer(?:ed|s)?|acknowledge(?:d|ment)?|contact|react(?:ion)?)\b"
)
_SAYS_RESOLVED: Final = (
    r"解决|处理|办结|结案|修复|处置|关闭|到账|退款|闭环|办理|"
    r"\b(?:resolv(?:e|ed|es)|resolution|solv(?:e|ed)|solution|settle(?:d|ment)?|fix(?:ed)?|close(?:d)?|complet(?:e|ed|ion)|done)\b"
)
_REPLY: Final = re.compile(_SAYS_REPLY)
_RESOLVED: Final = re.compile(_SAYS_RESOLVED)
#: `2-4小时`: by the longer of the two it is late.
_RANGE: Final = re.compile(r"(?<![0-9.])[0-9]+(?:\.[0-9]+)?\s*(?:-|~|至|到|to)\s*(?=[0-9])")
#: Around the clock is no time within which something is done.
_CLOCK: Final = re.compile(r"[0-9]+\s*[x×*]\s*[0-9]+")
#: The hours that count, where no calendar of them is given.
_OFFICE: Final = re.compile(r"工作时间|办公时间|营业时间|工作小时|上班|\b(?:office|business|working|work)\s+hours?\b")
_LENGTH: Final = re.compile(numbers.LENGTH)
_WORKING: Final = Bilingual("working_days", "工作日历")
_DAY: Final = (tree.TimeOfDay(0, NOWHERE), tree.TimeOfDay(1440, NOWHERE))
#: Characters of a cell that are read.
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Deadline:
    """Within which time what is due; `working`: counted in working days."""

    met: Met
    length: numbers.Length

    def clause(self, language: Language) -> tree.Require:
        exact = self.length
        calendar = making.name(_WORKING.fill(language, {})) if exact.working else None
        within = tree.Duration(exact.amount, exact.unit, NOWHERE)
        return tree.Require(making.name(self.met), None, within, calendar, (), NOWHERE)


def says_nothing(text: str) -> bool:
    """Whether a cell holds a sign for nothing: `-`, `无`, `n/a`."""
    return even(text).strip(" .。") in _NOTHING


def deadlines(text: str, otherwise: Met) -> tuple[Deadline, ...] | None:
    """The times in a cell, each once by what it is for; `otherwise` for one that does not say.

    None when anything in the cell was not understood: a part of it might narrow the rest.
    """
    plain = _CLOCK.sub("?", even(text[:_LONGEST]))
    plain = _RANGE.sub("", plain)
    if len(text) > _LONGEST or _OFFICE.search(plain):
        return None
    found: dict[Met, Deadline] = {}
    rest, at = "", 0
    matches = list(_LENGTH.finditer(plain))
    for index, match in enumerate(matches):
        length = numbers.length(match[0])
        exact = length.exact if length is not None else None
        if exact is None:
            return None
        following = matches[index + 1].start() if index + 1 < len(matches) else len(plain)
        met = _meant(plain[at : match.start()], plain[match.end() : following], otherwise)
        if met in found:
            return None
        found[met] = Deadline(met, exact)
        rest += plain[at : match.start()] + " "
        at = match.end()
    rest += plain[at:]
    for known in (_REPLY, _RESOLVED, _BESIDE):
        rest = known.sub(" ", rest)
    return tuple(found.values()) if found and not rest.strip() else None


def _meant(before: str, after: str, otherwise: Met) -> Met:
    """What a time is for: the nearest word before it in its own part, else the one behind it."""
    before = re.split(r"[,;/+]|并|且|\band\b", before)[-1]
    after = re.split(r"[,;/+]|并|且|\band\b", after)[0]
    for part in (after, before):
        if _RESOLVED.search(part):
            return "resolved"
        if _REPLY.search(part):
            return "reply"
    return otherwise


def met_of_head(heading: str, otherwise: Met) -> Met:
    """What a column of times is for, by its heading."""
    plain = even(heading)
    if _REPLY.search(plain):
        return "reply"
    return "resolved" if _RESOLVED.search(plain) else otherwise


def is_range(text: str) -> bool:
    """Whether a cell gives a time as a range: `2-4小时`."""
    return _RANGE.search(even(text[:_LONGEST])) is not None


def working_days(language: Language) -> tree.CalendarDeclaration:
    """The calendar that working days are counted by."""
    lines: list[tree.WorkingHours | tree.Holidays | tree.Workdays] = [
        tree.WorkingHours("monday", "friday", *_DAY, NOWHERE)
    ]
    if language == "zh":
        lines.append(tree.Holidays(making.name("CN"), (), None, NOWHERE))
    return tree.CalendarDeclaration(making.name(_WORKING.fill(language, {})), tuple(lines), NOWHERE)


# --- priorities ----------------------------------------------------------------------------------------------

_WORDS: Final[dict[Priority, str]] = {
    "urgent": (
        "紧急|特急|加急|最高|极高|非常高|特高|危急|致命|严重|重大|特级|十万火急|urgent|critical|blocker|emergency|highest|"
        "very high|immediate|top|asap|severe"
    ),
    "high": "高|较高|重要|优先|较急|high|important|major|elevated",
    "normal": "中|中等|普通|一般|正常|常规|标准|中级|normal|medium|moderate|standard|regular|average|default|mid",
    "low": "低|较低|最低|不急|次要|轻微|低级|low|lower|lowest|minor|trivial|very low|whenever",
}
_BY_WORD: Final[dict[str, Priority]] = {one: level for level, said in _WORDS.items() for one in said.split("|")}
#: The levels of a scale that is counted from its highest.
_SCALE: Final[tuple[Priority, ...]] = ("urgent", "high", "normal", "low")
_COUNTED: Final = re.compile(
    r"(?:p|s|l|sev|prio|priority|level|severity|t|tier)?\s*-?\s*(?P<digit>[0-9])(?:\s*[级級])?|(?P<zh>[一二三四五])[级級]"
)
_CHINESE: Final = "一二三四五"
_AFTER: Final = re.compile(r"(?:优先级?|级别?|priority|级)\Z")


def scale_of(texts: Sequence[str]) -> int:
    """The number that the levels of a column are counted from: 0 where there is a `P0`, else 1."""
    return 0 if any(_counted(text) == 0 for text in texts) else 1


def _counted(text: str) -> int | None:
    match = _COUNTED.fullmatch(even(text).strip())
    if match is None:
        return None
    return int(match["digit"]) if match["digit"] else _CHINESE.index(match["zh"]) + 1


def priority_of(text: str, first: int = 1, *, bare: bool = True) -> Priority | None:
    """How urgent a cell says that something is: `紧急`, `High`, `P1`, `1级`; None when it does not say.

    `first`: the number that the highest level of the table has. `bare`: a number alone is a level, too.
    """
    plain = even(text).strip(" .。!*")
    if not bare and plain.isdigit():
        return None
    for one in (plain, *re.split(r"[()\[\]/,:-]", plain)):
        part = one.strip()
        found = _BY_WORD.get(part) or _BY_WORD.get(_AFTER.sub("", part).strip())
        if found is not None:
            return found
    for one in (plain, *re.split(r"[()\[\]/,:]", plain)):
        counted = _counted(one)
        if counted is not None:
            return _SCALE[min(max(counted - first, 0), len(_SCALE) - 1)]
    return None


def is_counted(text: str) -> bool:
    """Whether a cell counts its level: `P1`, `1级`."""
    return any(_counted(one) is not None for one in re.split(r"[()\[\]/,:]", even(text)))
