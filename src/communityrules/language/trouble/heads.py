"""Words at the beginning of a line that open something, though not in a spelling of the language.

After an action a name could still be its argument, so that the parser itself takes `rul 6 "Level"` after `delete` for
three of them.
"""

from __future__ import annotations

import re

from communityrules.diagnostics.message import Diagnostic, Fix
from communityrules.language import messages
from communityrules.language.expected import in_words
from communityrules.language.keywords import Keyword, keyword_table
from communityrules.language.run import openings
from communityrules.language.scan import LINE_MARK
from communityrules.language.suggest import nearest
from communityrules.language.token import Token, make_token
from communityrules.language.trouble.glued import glued_phrase
from communityrules.language.trouble.habits import phrases
from communityrules.language.trouble.place import HAN, Finding, Place, Repair, Values
from communityrules.language.trouble.words import glued_keyword, near_keyword

#: 第3条, with its number where that is in digits.
_ARTICLE = re.compile(
    r"第[ \t]*(?:([0-9]+)|[一二三四五六七八九十百零]+)[ \t]*[条款项]|([0-9]+(?:\.[0-9]+)*)(?=[.,)]?[ \t]*\ue000)"
)
_NUMBERED = re.compile(r"([^\W\d]+?)[0-9]+")
_COUNTED_STEPS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "初": 1,
    "首": 1,
    "二": 2,
    "再": 2,
    "三": 3,
}
_STEP = re.compile(
    r"(?:(?:step|level|stage|strike|no\.?|第)[ \t]*)?"
    r"(?:([0-9]+)[ \t]*(?:次|档|步|级|x)?|(first|second|third|fourth|fifth|[初首再二三](?=[次犯])))"
    r"(?:[ \t]*(?:times?|offen[cs]es?|violations?|warnings?|strikes?|违规|违反|次|犯))*[ \t]*(?=:)", re.IGNORECASE,
)  # fmt: skip
#: What says that a step is for all later offences too.
_MORE = re.compile(r"[+~\-及和或起后上]|\b(?:and|or|on|onwards?|later|after|more|plus)\b")
_LABEL = re.compile(r"[^\n:|(\ue000-\ue003]{1,40}?[ \t]*(?=:)")


def misread_head(place: Place) -> Finding | None:
    """What a line opens whose first word the parser would take for the argument of an action before it."""
    if place.run.previous is None or not place.complete or not _stands_out(place):
        return None
    return _habit(place) or article(place) or _glued(place) or _misspelt(place) or _last_step(place)


def _stands_out(place: Place) -> bool:
    """Whether the line is no deeper than that of the item it would belong to, or has a colon after its first words."""
    opened = next(
        (one for one in reversed(place.run.values) if isinstance(one, Token) and one.type in openings()), None
    )
    if opened is None:
        return False
    return _depth(place, place.start) <= _depth(place, opened.start_pos) or _colon(place) is not None


def _depth(place: Place, offset: int) -> int:
    """How far the line of an offset is indented."""
    text = place.scan.source.text
    line = text.rfind("\n", 0, offset) + 1
    return len(text[line:offset]) - len(text[line:offset].lstrip(" \t\u3000"))


def _colon(place: Place) -> int | None:
    """Where the first words of the line end, when a colon follows."""
    label = _LABEL.match(place.text, place.start, place.run.end)
    return label.end() if label else None


def _habit(place: Place) -> Finding | None:
    for phrase, pattern, meanings in phrases():
        found = pattern.match(place.text, place.start, place.run.end)
        for meant in meanings if found else ():
            assert found is not None
            if meant.token not in openings() or not place.fits(meant.token, found.end()):
                continue
            if meant.token == "THEN_ON" and _colon(place) != found.end() and keyword_table().is_word(phrase):
                continue
            chinese = phrase > HAN
            return _instead(place, found.end(), (meant.zh if chinese or not meant.en else meant.en)[0], meant)
    return None


def article(place: Place) -> Finding | None:
    """第六条 "…": the number of a rule without the word before it."""
    found = _ARTICLE.match(place.text, place.start, place.run.end) if place.first_on_line else None
    if found is None or not place.fits("RULE", place.start):
        return None
    span = place.span(None, found.end())
    rule = keyword_table().entry("declarations", "rule")
    word = rule.zh[0] if not found.group(2) or place.scan.is_chinese else rule.en[0]
    values = {"found": span.text, "word": word}
    if number := found.group(1) or found.group(2):
        id_ = make_token("RULE_ID", number, place.start, found.end())
        tokens = (make_token("RULE", word, place.start, place.start), id_)
        return Finding(
            Diagnostic(messages.FORGOTTEN, span, values, Fix(span, f"{word} {id_}")), Repair(tokens, found.end())
        )
    fix = Fix(place.span(place.start, place.start), f"{word} ")
    repair = Repair((make_token("RULE", word, place.start, place.start),), place.start)
    return Finding(Diagnostic(messages.FORGOTTEN, span, values, fix), repair)


def _glued(place: Place) -> Finding | None:
    """规则六 "…": in English a longer word seldom is two."""
    finding = glued_keyword(place) if place.word > HAN or _NUMBERED.fullmatch(place.word) else glued_phrase(place)
    if finding is None or finding.repair is None:
        return None
    token = finding.repair.tokens[0]
    return finding if token.type in openings() and place.fits(token.type, token.end_pos) else None


def _misspelt(place: Place) -> Finding | None:
    found = near_keyword(place)
    if found is not None:
        spelling, keyword, stop = found
    else:
        numbered = _NUMBERED.fullmatch(place.word)
        spellings = dict(place.keywords)
        near = nearest(numbered.group(1), spellings) if numbered else None
        if near is None or numbered is None:
            return None
        spelling, keyword, stop = near, spellings[near], place.start + numbered.end(1)
    # A word may also be one that opens nothing: `rule 3` is an argument too.
    same = (one for other, one in place.keywords if other == spelling and one.token in openings())
    keyword = next(same, keyword)
    if keyword.token not in openings() or not place.fits(keyword.token, stop):
        return None
    return _instead(place, stop, spelling, keyword)


def _last_step(place: Place) -> Finding | None:
    """A word before a colon that is none of those with which a line begins here."""
    stop = _colon(place)
    if stop is None:
        return None
    expected = place.expected & openings()
    span = place.span(None, stop)
    values: Values = {"found": span.text, "expected": in_words(expected)}
    token = "THEN_ON" if "THEN_ON" in expected and place.fits("THEN_ON", stop) else None
    repair = Repair((make_token(token, span.text, place.start, stop),), stop) if token else None
    return Finding(Diagnostic(messages.UNEXPECTED, span, values), repair)


def numbered_step(place: Place) -> Finding | None:
    """`1: warn`, `step 1: warn`, `first offence: warn`: which offence a step is for."""
    if "ORDINAL" not in place.expected or not place.first_on_line or place.at_end:
        return None
    found = _STEP.match(place.text, place.start, place.run.end)
    if found is None:
        return None
    number = int(found.group(1)[:4]) if found.group(1) else _COUNTED_STEPS[found.group(2).lower()]
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    chinese = place.chinese or re.search("[\u2e80-\u9fff]", place.text[place.start : place.start + 40]) is not None
    meant = f"第{number}次" if chinese else f"{number}{ending}"
    span = place.span(None, found.end())
    repair = Repair((make_token("ORDINAL", meant, place.start, found.end()),), found.end())
    values = {"found": span.text.strip(), "suggestion": meant}
    return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, Fix(span, meant)), repair)


def ordinal_and_later(place: Place) -> Finding | None:
    """`3rd and later:`, 第3次及以后: the last step with its number."""
    if place.at_end or place.text[place.start] not in ":+":
        return None
    line = place.text.rfind(LINE_MARK, 0, place.start) + 1
    opened = next((one for one in reversed(place.run.values) if isinstance(one, Token) and one.type == "ORDINAL"), None)
    if opened is None or opened.start_pos != line or ":" in place.text[line : place.start]:
        return None
    colon = place.text.find(":", place.start, place.run.end)
    if colon < 0 or "\n" in place.text[line:colon] or LINE_MARK in place.text[line:colon]:
        return None
    span = place.span(line, colon)
    rest = span.text[len(opened) :]
    if not _MORE.search(rest):
        fix = Fix(place.span(opened.end_pos, colon), "")
        values = {"found": span.text.strip(), "suggestion": place.written(line, opened.end_pos)}
        return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, fix))
    words = keyword_table().entry("words", "then_on")
    spelling = words.zh[0] if span.text > HAN else words.en[0]
    values = {"found": span.text.strip(), "suggestion": spelling}
    return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, Fix(span, spelling)))


def _instead(place: Place, stop: int, spelling: str, keyword: Keyword) -> Finding:
    span = place.span(None, stop)
    values = {"found": span.text, "suggestion": spelling}
    after = place.text[stop : stop + 1]
    fix = Fix(span, spelling + ("" if after in ("", ":") or after.isspace() else " "))
    token = make_token(keyword.token, spelling, place.start, stop)
    return Finding(Diagnostic(messages.UNKNOWN_WORD, span, values, fix), Repair((token,), stop))
