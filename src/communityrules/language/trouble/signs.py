"""Parentheses and quotes that are missing or too many."""

from __future__ import annotations

import re

from communityrules.diagnostics.message import Bilingual, Diagnostic, Fix
from communityrules.language import messages
from communityrules.language.scan import LINE_MARK
from communityrules.language.token import Token, make_token
from communityrules.language.trouble.place import SPACES, Finding, Place, Repair, Values

_LINE_ENDS = re.compile(rf"[ \t]*(?:[\n{LINE_MARK}]|$)")
#: After these a text takes the whole line.
_WHOLE_LINE = frozenset({"CONTENT", "RULEBOOK", "PURPOSE", "TEXT_EN", "TEXT_ZH", "RULE_ID"})
_SINGLE = re.compile(r"['`]([^'`\n]*)['`]")


def open_parenthesis(place: Place) -> Finding | None:
    opened = [one for one in place.run.values if isinstance(one, Token) and one.type == "LPAR"]
    if not opened or "RPAR" not in place.expected or place.run.previous is None:
        return None
    if not (place.first_on_line or place.run.opening_at(place.start)):
        return None
    found = opened[-1]
    end = place.run.previous.end_pos
    stack = place.run.after("RPAR", place.run.stack())
    tokens = [make_token("RPAR", ")", end, end)]
    while stack is not None and len(tokens) < len(opened):
        stack = place.run.after("RPAR", stack)
        tokens.append(make_token("RPAR", ")", end, end))
    action = Bilingual("Close it with `)`.", "用 `)` 闭合。")
    diagnostic = Diagnostic(
        messages.UNCLOSED_PARENTHESIS, place.span(found.start_pos, found.end_pos), {"found": "(", "action": action},
        Fix(place.span(end, end), ")" * len(opened)),
    )  # fmt: skip
    return Finding(diagnostic, Repair(tuple(tokens), end) if stack is not None else None)


def surplus_parenthesis(place: Place) -> Finding | None:
    if place.at_end or place.text[place.start] != ")":
        return None
    if any(isinstance(one, Token) and one.type == "LPAR" for one in place.run.values):
        return None
    action = Bilingual("Remove it, or open it with `(` before.", "删去它,或在前面写上 `(`。")
    values: Values = {"found": ")", "action": action}
    diagnostic = Diagnostic(messages.UNCLOSED_PARENTHESIS, place.span(), values, Fix(place.span(), ""))
    return Finding(diagnostic, Repair((), place.stop))


def missing_quotes(place: Place) -> Finding | None:
    """`rulebook Customers`: a text without quotes, or in signs that are no quotes."""
    if "TEXT" not in place.expected or place.expected & {"NAME", "RULE_ID"} or place.at_end:
        return None
    single = _SINGLE.match(place.text, place.start, place.run.end)
    if single:
        # As the writer has it: what the parser sees of quotes inside are opaque signs.
        stop, text = single.end(), place.span(None, single.end()).text[1:-1].replace('"', r"\"")
    elif place.text[place.start].isalnum() and (not place.first_on_line or place.run.opening_at(place.start) is None):
        stop, text = _bare_text(place)
    else:
        return None
    place.scan.values[place.start] = text
    span = place.span(None, stop)
    values = {"found": place.written(None, stop), "mended": f'"{text}"'}
    repair = Repair((make_token("TEXT", text, place.start, stop),), stop)
    return Finding(Diagnostic(messages.MISSING_QUOTES, span, values, Fix(span, f'"{text}"')), repair)


def _bare_text(place: Place) -> tuple[int, str]:
    """The words up to what the parser could go on with after a text, on the same line."""
    previous = place.run.previous
    if previous is not None and previous.type in _WHOLE_LINE:
        line = re.compile(rf"[^\n{LINE_MARK}\ue000-\ue003#|《》]*").match(place.text, place.start, place.run.end)
        stop = place.start + len(line.group().rstrip(" \t,")) if line else place.start
        begin = place.text.rfind(LINE_MARK, 0, previous.start_pos) + 1
        if "\n" not in place.text[begin : place.start] and stop > place.start:
            return stop, place.span(None, stop).text.replace('"', "")
    after = place.run.after("TEXT", place.run.stack())
    stop = _stop_of_word(place, place.start)
    while after is not None:
        spaces = SPACES.match(place.text, stop, place.run.end)
        start = spaces.end() if spaces else stop
        if start >= place.run.end or not place.text[start].isalnum():
            break
        following = place.run.token_at(start, after)
        if following is not None and place.run.can_take(following.type, after):
            break
        stop = _stop_of_word(place, start)
    return stop, place.span(None, stop).text


def _stop_of_word(place: Place, start: int) -> int:
    word = re.compile(r"[\w.\-]*\w").match(place.text, start, place.run.end)
    return word.end() if word else start + 1


def surplus_sign(place: Place) -> Finding | None:
    """适用:所有人: a sign without which the line would be right."""
    if place.at_end or place.text[place.start] not in ":,.=(-" or (place.text[place.start] == "(" and place.complete):
        return None
    stop = place.start + 1
    following = place.run.token_at(stop, place.run.stack())
    goes_on = following is not None and place.run.can_take(following.type)
    ends = place.text[place.start] == ":" and _LINE_ENDS.match(place.text, stop, place.run.end)
    if not (goes_on or ends or _bare_text_at(place, stop)):
        return None
    span = place.span(None, stop)
    fix = Fix(span, "" if place.text[stop : stop + 1] in ("", "\n") or place.text[stop].isspace() else " ")
    return Finding(Diagnostic(messages.SURPLUS, span, {"found": span.text}, fix), Repair((), stop))


def _bare_text_at(place: Place, stop: int) -> bool:
    """规则 6：广告: whether a text without quotes stands after the sign, on the same line, where a text could."""
    spaces = SPACES.match(place.text, stop, place.run.end)
    start = spaces.end() if spaces else stop
    return "TEXT" in place.expected and start < place.run.end and place.text[start].isalnum()
