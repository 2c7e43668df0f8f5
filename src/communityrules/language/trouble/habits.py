"""Words that people write from habit where the language has another one: `when` for `if`, 每日 for 今日."""

from __future__ import annotations

import re
from functools import lru_cache

from communityrules.diagnostics.message import Diagnostic, Fix
from communityrules.language import messages
from communityrules.language.keywords import Keyword, keyword_table
from communityrules.language.token import make_token
from communityrules.language.trouble.place import HAN, SPACES, Finding, Place, Repair

#: By section and id of the keyword that is meant. A phrase may stand for several; the first that fits is taken.
_HABITS = {
    ("declarations", "rulebook"): "title, rules, 标题, 手册, 群规, 社群规则, 规则书",
    ("declarations", "rule"): "section, article, clause, policy, 条款, 条例, 规定, 规章",
    ("header", "version"): "版本号",
    ("header", "timezone"): "time zone, tz, zone, 时间区",
    ("header", "published"): "date, published on, publish date, 发布日期, 发布时间, 公布, 日期",
    ("header", "purpose"): "goal, aim, about, 目的, 简介, 目标",
    ("clauses", "content"): "description, details, text, 说明, 描述, 条文, 规定内容",
    ("clauses", "if"): "when, whenever, in case, 当且仅当, 倘若, 假如, 若是",
    ("clauses", "then"): "do, 就, 则应, 便",
    ("clauses", "on"): "upon, trigger, triggers, triggered by, after, 触发, 每当, 收到, 发生, 事件",
    ("clauses", "applies_to"): "apply to, applies for, applies, for, who, audience, 对象, 人群, 适用范围, 适用人群",
    ("clauses", "responsible"): "responsibility, owner, 负责人, 负责, 责任部门",
    ("clauses", "effective"): "valid, in force, 实施日期, 生效日期, 生效时间, 施行",
    ("clauses", "may"): "can, is allowed, 允许, 可",
    ("clauses", "should"): "ought to, 应该, 最好, 提倡",
    ("clauses", "must"): "shall, has to, 务必, 须, 必需",
    ("clauses", "must_not"): (
        "may not, cannot, shall not, should not, forbidden, prohibited, never, "
        "not allowed, not permitted, disallowed, do not, 不允许, 不应, 不该, 切勿, 严禁, 不准, 不许, 不可, 不能, 勿"
    ),
    ("clauses", "require"): "requires, need, needs, 需要, 须要",
    ("words", "as"): "is, are, means, contains, includes, =, :, 是, 指, 即, 包括, 包含, 含有",
    ("words", "except"): "except for, but not, other than, excluding, 除, 除外, 不含",
    ("words", "immediately"): "now, at once, 即时实施, 立即实施, 立刻",
    ("words", "if_late"): "late, if overdue, otherwise, 超时, 过期, 逾期则, 逾期未办, 未按时",
    ("words", "then_on"): (
        "after that, afterwards, thereafter, from then on, later, else, otherwise, beyond, more, repeat, "
        "以后, 之后, 后续, 其后, 再犯, 屡犯, 再次, 多次, 更多, 否则, 其余"
    ),
    ("words", "as_rule_end"): "处理, 执行, 办理, 处罚",
    ("words", "expect"): "expected, should, should be, ->, =>, →, ⇒, 期望, 期待, 应该, 应当, 应",
    ("operators", "is"): "equals, equal to, equal, is equal to, 为, 等同于",
    ("operators", "is_not"): "is not equal to, does not equal, isn't, differs from, 不为, 非",
    ("operators", "and"): "&&, 以及, 同时, 并",
    ("operators", "or"): "||, 或是",
    ("operators", "not"): "!, 不",
    ("operators", "more"): (
        "more than, greater than, is greater than, is over, exceeds, above, is above, over, beyond, 大过"
    ),
    ("operators", "less"): "less than, smaller than, is below, below, 小过, 不足, 未满",
    ("operators", "at_most"): "less than or equal to, no more than, at most, up to, =<, 不大于, 至多, 最多",
    ("operators", "not_less"): (
        "greater than or equal to, no less than, at least, reaches, =>, 不小于, 至少, 最少, 达到, 达"
    ),
    ("operators", "contains_any"): (
        "contains any, includes any of, includes any, contains one of, 包含任意, 包含任何, 含有任一, 含任一, 包括任一"
    ),
    ("operators", "contains_all"): "contains all, includes all of, includes all, 包含所有, 含有全部, 包括全部",
    ("operators", "contains"): "includes, include, containing, contain, 含有, 包括, 含, 带有",
    ("operators", "has_any"): "has any, have any of, 有任意, 有任何",
    ("operators", "has_all"): "has all, have all of, 有所有",
    ("operators", "one_of"): "in, is in, is any of, 是其中之一, 在",
    ("operators", "matches"): "matching, match, fits, 符合",
    ("slots", "within_window"): (
        "in the last, in the past, in last, in past, during the last, over the last, "
        "last, past, over, in, 近, 过去, 最近的"
    ),
    ("slots", "over"): "within, in, during, last, 限时, 在, 近",
    ("slots", "within"): "in, before, 在, 期限",
    ("slots", "from"): "since, starting, starting from, as of, beginning, 起自",
    ("slots", "by"): "per, for each, each, 每个, 每名, 每位, 依照",
    ("windows", "day"): "every day, per day, a day, daily, 每天, 每日, 一天",
    ("windows", "week"): "every week, per week, a week, weekly, 每周, 一周",
    ("windows", "month"): "every month, per month, a month, monthly, 每月, 一月",
    ("weekdays", "monday"): "Mon", ("weekdays", "tuesday"): "Tue, Tues", ("weekdays", "wednesday"): "Wed",
    ("weekdays", "thursday"): "Thu, Thur, Thurs", ("weekdays", "friday"): "Fri", ("weekdays", "saturday"): "Sat",
    ("weekdays", "sunday"): "Sun",
}  # fmt: skip
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "首次": "第1次", "初次": "第1次"}
#: Words that may be dropped: 自2026年3月1日起, 当 消息 时.
_SURPLUS = frozenset(("起", "开始", "止", "为止", "时", "的时候", "之时"))
_DASHES = "-~"
_ARTICLE = re.compile(r"(?<!\w)(?:within|over)[ \t]+((?:the|a|an|last|past|previous)[ \t]+)$")
_LENGTH = re.compile(r"[0-9]+(?:\.[0-9]+)?[ \t]*[^\W\d]+")
_PAST = re.compile(r"(?:(?:last|past|previous)[ \t]+)?(?=[0-9])")


@lru_cache(maxsize=1)
def phrases() -> tuple[tuple[str, re.Pattern[str], tuple[Keyword, ...]], ...]:
    """Every phrase, the longest first, with its pattern and what it may stand for."""
    meanings: dict[str, list[Keyword]] = {}
    for (section, id_), phrases in _HABITS.items():
        for phrase in phrases.split(", "):
            meanings.setdefault(phrase, []).append(keyword_table().entry(section, id_))
    for one in keyword_table().words():
        for spelling in one.en:
            if " " in spelling:  # mustnot
                meanings.setdefault(spelling.replace(" ", ""), []).append(one)
    ordered = sorted(meanings, key=lambda one: (-len(one), one))
    return tuple((one, _pattern(one), tuple(meanings[one])) for one in ordered)


def _pattern(phrase: str) -> re.Pattern[str]:
    end = r"(?!\w)" if phrase[-1].isalnum() else ""
    return re.compile(r"[ \t]+".join(map(re.escape, phrase.split())) + end)


def habitual_word(place: Place) -> Finding | None:
    """A word from habit, where the word that is meant could stand."""
    if place.at_end or (place.run.previous is None and not place.first_on_line):
        return None
    start = place.start
    if place.text[start] == "," and "IF_LATE" in place.expected:
        spaces = SPACES.match(place.text, start + 1, place.run.end)
        start = spaces.end() if spaces else start + 1
    for phrase, pattern, meanings in phrases():
        found = pattern.match(place.text, start, place.run.end)
        if found is None or (place.first_on_line and keyword_table().is_word(phrase)):
            continue
        for meant in meanings:
            if meant.section == "declarations" and not place.first_on_line:
                continue
            certain = place.first_on_line and meant.section == "clauses"
            if meant.section in ("declarations", "clauses") and not (certain or place.fits(meant.token, found.end())):
                continue
            if meant.token not in place.expected or (start != place.start and meant.token != "IF_LATE"):
                continue
            chinese = place.chinese if not phrase[0].isalpha() else phrase > HAN
            spellings = meant.zh if chinese or not meant.en else meant.en
            return _instead(place, start, found.end(), spellings[0], meant.token)
    return None


def habitual_ordinal(place: Place) -> Finding | None:
    """`first: warn`."""
    meant = _ORDINALS.get(place.word)
    if meant is None or "ORDINAL" not in place.expected:
        return None
    return _instead(place, place.start, place.stop, meant, "ORDINAL")


def _instead(place: Place, start: int, stop: int, spelling: str, token: str) -> Finding:
    span = place.span(start, stop)
    values = {"found": place.written(start, stop), "suggestion": spelling}
    before, after = place.text[:start][-1:], place.text[stop : stop + 1]
    lead = " " if before.isalnum() and spelling[0].isalnum() else ""
    fix = Fix(span, lead + spelling + ("" if after in ("", ":") or after.isspace() else " "))
    return Finding(
        Diagnostic(messages.UNKNOWN_WORD, span, values, fix), Repair((make_token(token, spelling, start, stop),), stop)
    )


def surplus_word(place: Place) -> Finding | None:
    """自2026年3月1日起: a word without which the line is right."""
    if place.word not in _SURPLUS or place.first_on_line:
        return None
    span = place.span()
    diagnostic = Diagnostic(messages.SURPLUS, span, {"found": span.text}, Fix(span, ""))
    return Finding(diagnostic, Repair((), place.stop))


def surplus_article(place: Place) -> Finding | None:
    """`within the last 10 minutes`: read as far as `the`, which could be a parameter."""
    before = None if place.at_end else _ARTICLE.search(place.text, 0, place.start)
    after = _PAST.match(place.text, place.start, place.run.end) if before is not None else None
    if before is None or after is None:
        return None
    span = place.span(before.start(1), after.end())
    length = _LENGTH.match(place.text, after.end(), place.run.end)
    # With `the` for the length the rest of the line can be read.
    repair = Repair((), length.end()) if length is not None else None
    shown = place.span(before.start(1), before.start(1) + len(span.text.rstrip()))
    return Finding(Diagnostic(messages.SURPLUS, shown, {"found": shown.text}, Fix(span, "")), repair)


def dash_for_to(place: Place) -> Finding | None:
    """`09:00-18:00`, 周一~周五: a dash where `to` is meant."""
    previous = place.run.previous
    if previous is None or "TO" not in place.expected or previous.type not in ("TIME", "WEEKDAY"):
        return None
    word = "至" if place.chinese else "to"
    if not place.at_end and place.text[place.start] in _DASHES:
        start, stop = place.start, place.start + 1
        repair: Repair | None = Repair((make_token("TO", word, start, stop),), stop)
    else:
        before = place.text[: previous.start_pos].rstrip(" \t")
        if not before.endswith("-"):
            return None
        # It was taken for a minus; what was read so far is of no use.
        start, stop, repair = len(before) - 1, len(before), None
    span = place.span(start, stop)
    values = {"found": span.text, "suggestion": word}
    return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, Fix(span, f" {word} ")), repair)
