"""Lists without words."""

from __future__ import annotations

import re

from communityrules.diagnostics.message import Diagnostic
from communityrules.language import messages
from communityrules.language.scan import LINE_MARK
from communityrules.language.token import Token, make_token
from communityrules.language.trouble.place import Finding, Place, Repair

_NOTHING = re.compile(rf"(?:[ \t]*(?:\([ \t]*\)|\[[ \t]*\]|\{{[ \t]*\}}|,))*[ \t]*(?=[\n{LINE_MARK}]|$)")


def empty_list(place: Place) -> Finding | None:
    """`list ads =` with nothing after it, or with parentheses around nothing."""
    previous, values = place.run.previous, place.run.values
    if previous is None or previous.type not in ("EQUAL", "AS") or "FILE" not in place.expected:
        return None
    stop = place.start
    if place.first_on_line:
        if not place.at_end and place.run.opening_at(place.start) is None:
            return None
    else:
        nothing = _NOTHING.match(place.text, place.start, place.run.end)
        if nothing is None:
            return None
        stop = nothing.end()
    name = next((one for one in reversed(values) if isinstance(one, Token) and one.type == "NAME"), None)
    if name is None:
        return None
    # A text stands for those that are missing: the list is there for whoever uses it.
    end = previous.end_pos
    place.scan.values[end] = name
    repair = Repair((make_token("TEXT", name, end, end),), stop)
    return Finding(Diagnostic(messages.EMPTY_LIST, place.span(name.start_pos, name.end_pos), {"name": name}), repair)
