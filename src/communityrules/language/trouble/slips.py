"""Notations of other languages and tables, and small words too many, where the parser cannot go on."""

from __future__ import annotations

import re
from functools import lru_cache

from communityrules.diagnostics.message import Bilingual, Diagnostic, Fix
from communityrules.language import messages
from communityrules.language.expected import in_words
from communityrules.language.keywords import keyword_table
from communityrules.language.scan import LINE_MARK
from communityrules.language.token import make_token
from communityrules.language.trouble.place import HAN, SPACES, WORD, Finding, Place, Repair, Values

#: What people count, after a number that needs no such word.
_COUNTED = frozenset({
    "字", "个字", "条", "个", "人", "名", "项", "次", "分", "元", "级", "characters", "character", "chars", "words",
    "messages", "posts", "times", "members", "people", "points",
})  # fmt: skip
_COMMENT = re.compile(r"//+|--+|/\*+|<!-+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_ZONE = re.compile(r"[A-Za-z][\w+\-]*(?:/[\w+\-]+)*")
_NAME = re.compile(r"[^\W\d]\w*")
_TEXTS = r"(?:\ue000\ue001*)(?:[ \t]*,[ \t]*\ue000\ue001*)+"
_MULTIPLE = {
    "contains": "contains_any", "has": "has_any", "is": "one_of", "is_not": "not_one_of", "equal": "one_of",
    "unequal": "not_one_of",
}  # fmt: skip
_LAST = frozenset(("last", "past", "the", "过去", "近", "前"))
_DASHED = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)+")
_LABELS = frozenset(("type", "kind", "modality", "约束", "类型", "性质", "要求"))
_BEFORE_DATES = frozenset(("on", "at", "day", "date", "time", "日期", "时间", "在", "于", "当天"))
_WORKDAYS = {
    "weekdays": ("Monday", "Friday"), "daily": ("Monday", "Sunday"), "every day": ("Monday", "Sunday"),
    "工作日": ("周一", "周五"), "平日": ("周一", "周五"), "每天": ("周一", "周日"), "每日": ("周一", "周日"),
}  # fmt: skip
_CLOCK = re.compile(
    r"(?P<half>上午|下午|晚上|晚|早上|凌晨|中午)?[ \t]*(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?[ \t]*"
    r"(?:(?P<noon>[ap])\.?m\.?(?!\w)|[点时](?:(?P<part>半)|(?P<rest>[0-9]{1,2})分?)?|(?=\D|$))", re.IGNORECASE,
)  # fmt: skip


def comment_sign(place: Place) -> Finding | None:
    """`// a comment`: comments begin with `#`."""
    found = _COMMENT.match(place.text, place.start, place.run.end) if place.first_on_line and not place.at_end else None
    if found is None:
        return None
    line_end = _line_end(place)
    span = place.span(None, found.end())
    values = {"found": span.text, "suggestion": "#"}
    return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, Fix(span, "#")), Repair((), line_end))


def _line_end(place: Place) -> int:
    end = place.scan.source.text.find("\n", place.start)
    return min(place.run.end, len(place.text) if end < 0 else end)


def counted_thing(place: Place) -> Finding | None:
    """`> 500 characters`, 超过 3 次: a number says it alone."""
    previous = place.run.previous
    if previous is None or previous.type != "NUMBER" or place.word not in _COUNTED or place.first_on_line:
        return None
    return surplus(place, place.start, place.stop)


def surplus(place: Place, start: int, stop: int) -> Finding:
    span = place.span(start, stop)
    spaces = SPACES.match(place.text, stop, place.run.end)
    after = spaces.end() if spaces and place.text[start - 1 : start].isspace() else stop
    removed = place.span(start, after if after < place.run.end and place.text[after] not in "\n\x02" else stop)
    return Finding(Diagnostic(messages.SURPLUS, span, {"found": span.text}, Fix(removed, "")), Repair((), stop))


def clock(place: Place) -> Finding | None:
    """`9am`, 下午6点: a time of day in another notation."""
    if "TIME" not in place.expected or place.at_end:
        return None
    found = _CLOCK.match(place.text, place.start, place.run.end)
    if found is None or (found.group().strip().isdecimal() and "LATER" in place.expected):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or found["rest"] or (30 if found["part"] else 0))
    evening = (found["noon"] or "").lower() == "p" or found["half"] in ("下午", "晚上", "晚")
    if hour == 12 and ((found["noon"] or "").lower() == "a" or found["half"] == "凌晨"):
        hour = 0
    elif evening and hour < 12:
        hour += 12
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    stop = place.start + len(found.group().rstrip())
    span = place.span(None, stop)
    mended = f"{hour:02}:{minute:02}"
    fix = Fix(span, mended + (" " if place.text[stop : stop + 1].isalnum() else ""))
    token = make_token("TIME", mended, place.start, stop)
    return Finding(Diagnostic(messages.BAD_TIME, span, {"found": span.text}, fix), Repair((token,), stop))


def surplus_quotes(place: Place) -> Finding | None:
    """`timezone "Asia/Shanghai"`: quotes around what is no text."""
    if place.at_end or place.text[place.start] != "\ue000" or "TEXT" in place.expected:
        return None
    value = place.scan.values.get(place.start, "")
    for kind, pattern in (("DATE", _DATE), ("ZONE", _ZONE), ("NAME", _NAME)):
        if kind in place.expected and pattern.fullmatch(value) and not _is_keyword(place, value):
            span = place.span()
            values: Values = {"found": place.written(), "expected": in_words(place.expected)}
            token = make_token(kind, value, place.start, place.stop)
            diagnostic = Diagnostic(messages.UNEXPECTED, span, values, Fix(span, value))
            return Finding(diagnostic, Repair((token,), place.stop))
    return None


def _is_keyword(place: Place, value: str) -> bool:
    previous = place.run.previous
    return keyword_table().is_word(value) and (previous is None or previous.type != "LANGUAGE")


def joining_word(place: Place) -> Finding | None:
    """`"spam" or "ad"` in a list, 消息 或 编辑: a comma is meant."""
    if place.word not in _joining() or "COMMA" not in place.expected or place.first_on_line:
        return None
    after = place.run.after("COMMA", place.run.stack())
    token = place.run.token_at(place.stop, after) if after is not None else None
    if after is None or token is None or not place.run.can_take(token.type, after):
        return None
    span = place.span()
    before = place.text[: place.start]
    begin = len(before.rstrip(" \t"))
    values = {"found": span.text, "suggestion": ","}
    space = "" if place.text[place.stop : place.stop + 1].isspace() else " "
    fix = Fix(place.span(begin, place.stop), "," + space)
    repair = Repair((make_token("COMMA", ",", place.start, place.stop),), place.stop)
    return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, fix), repair)


@lru_cache(maxsize=1)
def _joining() -> frozenset[str]:
    table = keyword_table()
    words = [table.entry("operators", one) for one in ("and", "and_key", "or")]
    return frozenset({s for one in words for s in (*one.en, *one.zh)} | {"以及", "及", "跟", "nor"})


def comma_before_joining(place: Place) -> Finding | None:
    """若 广告，或 刷屏: a comma too many before a word that joins conditions."""
    if place.at_end or place.text[place.start] != ",":
        return None
    spaces = SPACES.match(place.text, place.start + 1, place.run.end)
    word = WORD.match(place.text, spaces.end() if spaces else place.start + 1, place.run.end)
    if word is None or word.group() not in _joining():
        return None
    span = place.span(None, place.start + 1)
    values = {"found": span.text}
    fix = Fix(span, "" if place.text[place.start + 1 : place.start + 2].isspace() else " ")
    # What came before the comma has been joined to a whole: there is no going on.
    return Finding(Diagnostic(messages.SURPLUS, span, values, fix))


def several_texts(place: Place) -> Finding | None:
    """`contains "a", "b"`: the operator for one text with several."""
    if place.at_end or place.text[place.start] != ",":
        return None
    line = place.text.rfind(LINE_MARK, 0, place.start) + 1
    for id_, meant in _MULTIPLE.items():
        one = keyword_table().entry("operators", id_)
        spellings = "|".join(map(re.escape, sorted((*one.en, *one.zh), key=len, reverse=True)))
        pattern = re.compile(rf"(?<![\w=<>!])(?:{spellings})[ \t]*(?={_TEXTS})")
        for found in pattern.finditer(place.text, line, place.run.end):
            if found.start() > place.start:
                break
            texts = re.compile(_TEXTS).match(place.text, found.end(), place.run.end)
            if texts is None or not found.end() < place.start < texts.end():
                continue
            word = keyword_table().entry("operators", meant)
            spelling = word.zh[0] if place.chinese else word.en[0]
            mended = f"{spelling} ({place.span(texts.start(), texts.end()).text})"
            span = place.span(found.start(), texts.end())
            values = {"found": place.written(found.start(), found.end()).strip(), "suggestion": f"{spelling} (…)"}
            return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, Fix(span, mended)))
    return None


def window_outside(place: Place) -> Finding | None:
    """`count(message by member) within 1 hour > 3`: the window stands inside the parentheses."""
    previous = place.run.previous
    if previous is None or previous.type != "RPAR" or not place.word or place.first_on_line:
        return None
    table = keyword_table()
    if table.meaning("windows", place.word) is not None:
        stop = place.stop
    else:
        words = {s for one in table.of_token("WITHIN") for s in (*one.en, *one.zh)}
        duration = re.compile(r"\w+[ \t]*[0-9]+[ \t]*\w+").match(place.text, place.start, place.run.end)
        if duration is None or not any(place.word.startswith(one) for one in words):
            return None
        stop = duration.end()
    window = place.span(None, stop).text
    span = place.span(previous.start_pos, stop)
    inside = f"`count(… {window})`", f"`计数(… {window})`"
    values: Values = {
        "found": window,
        "expected": Bilingual(f"inside the parentheses, {inside[0]}", f"写进括号,{inside[1]}"),
    }
    diagnostic = Diagnostic(messages.UNEXPECTED, place.span(None, stop), values, Fix(span, f" {window})"))
    return Finding(diagnostic)


def surplus_then(place: Place) -> Finding | None:
    """`then delete, then warn`: a comma joins actions."""
    previous = place.run.previous
    then = keyword_table().entry("clauses", "then")
    if previous is None or previous.type not in ("COMMA", "IF_LATE") or place.word not in (*then.en, *then.zh):
        return None
    return surplus(place, place.start, place.stop)


def in_for_within(place: Place) -> Finding | None:
    """`require reply in 24 hours`: there `in` begins the clause that says where."""
    previous = place.run.previous
    if previous is None or previous.type != "IN" or place.scan.is_first(previous.start_pos) or place.at_end:
        return None
    if not place.text[place.start].isdigit():
        return None
    word = keyword_table().entry("slots", "within").en[0]
    span = place.span(previous.start_pos, previous.end_pos)
    return Finding(Diagnostic(messages.UNKNOWN_WORD, span, {"found": span.text, "suggestion": word}, Fix(span, word)))


def whole_clause(place: Place) -> Finding | None:
    """即时实施, 自2026年3月1日起实施, `must-not`: a clause in another order, or with a dash."""
    if place.at_end:
        return None
    table = keyword_table()
    previous = place.run.previous
    if place.text[place.start] == "-" and previous is not None and place.scan.is_first(previous.start_pos):
        dashed = _DASHED.match(place.text, previous.start_pos, place.run.end)
        spelling = dashed.group().lower().replace("-", " ") if dashed else ""
        if dashed and table.is_word(spelling):
            span = place.span(previous.start_pos, dashed.end())
            values = {"found": span.text, "suggestion": spelling}
            return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, Fix(span, spelling)))
    if not place.first_on_line:
        return None
    effective = table.entry("clauses", "effective")
    words = "|".join((*effective.zh, "施行", "执行"))
    immediately = "|".join((*table.entry("words", "immediately").zh, "立刻"))
    found = re.compile(rf"(?:{immediately})(?:{words})(?!\w)").match(place.text, place.start, place.run.end)
    if found and "EFFECTIVE" in place.expected:
        spelling = table.entry("words", "immediately").zh[0]
        return _in_other_words(
            place,
            found.end(),
            f"{effective.zh[0]} {spelling}",
            (("EFFECTIVE", effective.zh[0]), ("IMMEDIATELY", spelling)),
        )
    dated = re.compile(rf"[自从]?[ \t]*([0-9]{{4}}[0-9年月日/\- \t]*[0-9日])[ \t]*[起后]?(?:{words})(?!\w)")
    found = dated.match(place.text, place.start, place.run.end)
    if found and "EFFECTIVE" in place.expected:
        mended = f"{effective.zh[0]} 自 {found.group(1).strip()}"
        tokens = (("EFFECTIVE", effective.zh[0]), ("FROM", "自"), ("DATE", found.group(1).strip()))
        return _in_other_words(place, found.end(), mended, tokens)
    dashed = _DASHED.match(place.text, place.start, place.run.end)
    if dashed:
        spelling = dashed.group().lower().replace("-", " ")
        for kind in place.expected:
            if any(spelling in one.en for one in table.of_token(kind)):
                return _in_other_words(place, dashed.end(), spelling, ((kind, spelling),))
    return None


def _in_other_words(place: Place, stop: int, mended: str, tokens: tuple[tuple[str, str], ...]) -> Finding:
    span = place.span(None, stop)
    values = {"found": span.text, "suggestion": mended}
    repair = Repair(tuple(make_token(kind, text, place.start, stop) for kind, text in tokens), stop)
    return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, Fix(span, mended)), repair)


def label_of_modality(place: Place) -> Finding | None:
    """`type: must not`, 约束 禁止: the column of a table as a word before what stands in it."""
    if place.word.lower() not in _LABELS or not place.first_on_line:
        return None
    colon = re.compile(r"[ \t]*:?[ \t]*").match(place.text, place.stop, place.run.end)
    stop = colon.end() if colon else place.stop
    token = place.run.token_at(stop, place.run.stack())
    if token is None or token.type not in ("MAY", "SHOULD", "MUST", "MUST_NOT"):
        return None
    span = place.span()
    diagnostic = Diagnostic(messages.SURPLUS, span, {"found": span.text}, Fix(place.span(None, stop), ""))
    return Finding(diagnostic, Repair((), stop))


def several_days(place: Place) -> Finding | None:
    """`Monday, Tuesday 09:00 to 18:00`: a line for each day, or a stretch of days."""
    previous = place.run.previous
    if previous is None or previous.type != "WEEKDAY" or "TIME" not in place.expected or place.at_end:
        return None
    if place.text[place.start] != "," and place.word not in _joining():
        return None
    told = Bilingual("`to` and another day, or the hours; other days stand on lines of their own",
                     "`至` 和另一天,或时刻;其余的日子各写一行")  # fmt: skip
    span = place.span()
    return Finding(Diagnostic(messages.UNEXPECTED, span, {"found": span.text, "expected": told}))


def should_not(place: Place) -> Finding | None:
    """`should not`, `may not`: there is one word for what is forbidden."""
    previous = place.run.previous
    if previous is None or previous.type not in ("SHOULD", "MAY") or place.word != "not":
        return None
    span = place.span(previous.start_pos, place.stop)
    meant = keyword_table().entry("clauses", "must_not").en[0]
    values = {"found": span.text, "suggestion": meant}
    return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, Fix(span, meant)), Repair((), place.stop))


def row_without_table(place: Place) -> Finding | None:
    """Rows between `|` signs without the line that begins a table."""
    if place.at_end or place.text[place.start] != "|" or not place.first_on_line or "ROW" in place.expected:
        return None
    told = Bilingual("`table NAME on message` on a line before the first row", "在第一行之前另写一行 `表 名称 当 消息`")
    span = place.span()
    return Finding(Diagnostic(messages.UNEXPECTED, span, {"found": span.text, "expected": told}))


def word_before_date(place: Place) -> Finding | None:
    """`on 2026-02-02` in a test, `within the last 1 hour`: a word too many."""
    previous = place.run.previous
    if place.word.lower() in _LAST and previous is not None and previous.type == "WITHIN":
        return surplus(place, place.start, place.stop)
    if place.word not in _BEFORE_DATES or not place.first_on_line or not place.expected & {"TIME", "DATE"}:
        return None
    token = place.run.token_at(place.stop, place.run.stack())
    if token is None or token.type not in ("TIME", "DATE"):
        return None
    return surplus(place, place.start, place.stop)


def several_weekdays(place: Place) -> Finding | None:
    """`weekdays 09:00 to 18:00`."""
    if "WEEKDAY" not in place.expected or not place.word:
        return None
    for phrase, (first, last) in _WORKDAYS.items():
        if place.text.startswith(phrase, place.start) and not place.text[place.start + len(phrase) :][:1].isalnum():
            stop = place.start + len(phrase)
            span = place.span(None, stop)
            word = "至" if first > HAN else "to"
            values = {"found": phrase, "suggestion": f"{first} {word} {last}"}
            tokens = tuple(
                make_token(kind, text, place.start, stop)
                for kind, text in (("WEEKDAY", first), ("TO", word), ("WEEKDAY", last))
            )
            fix = Fix(span, f"{first} {word} {last}")
            return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, fix), Repair(tokens, stop))
    return None
